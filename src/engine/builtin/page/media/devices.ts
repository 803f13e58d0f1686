// The device's own microphone, camera and screen: asked for, and what may come of it.

import { signal } from "@preact/signals";
import type { Slot } from "../../media/permits.js";
import { remembered } from "../parts/remembered.js";

/** Why nothing comes of it: not allowed, not there, in use elsewhere, not from this address, or nobody knows. */
export type Problem = "denied" | "none" | "busy" | "insecure" | "failed";

export class DeviceError extends Error {
  constructor(readonly problem: Problem) {
    super(problem);
  }
}

const problems: Record<string, Problem> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

export const deviceKinds = { mic: "audioinput", cam: "videoinput" } as const;
export type Device = keyof typeof deviceKinds;

const remembrances = { mic: remembered(() => localStorage, "mic"), cam: remembered(() => localStorage, "cam") };

/** The ids of those that were chosen on this device; empty where the browser shall choose. */
export const chosen = signal<Readonly<Record<Device, string>>>({
  mic: remembrances.mic.get() ?? "",
  cam: remembrances.cam.get() ?? "",
});

export function choose(device: Device, id: string): void {
  chosen.value = { ...chosen.value, [device]: id };
  if (id) remembrances[device].set(id);
  else remembrances[device].clear();
}

/** What there is; without names until one of the kind was allowed. */
export const devices = signal<readonly MediaDeviceInfo[]>([]);

export const devicesOf = (device: Device): readonly MediaDeviceInfo[] =>
  devices.value.filter(({ kind, deviceId }) => kind === deviceKinds[device] && deviceId !== "");

// Only pages from a safe address have them.
const mediaDevices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;

export async function listDevices(): Promise<void> {
  devices.value = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
}

mediaDevices?.addEventListener("devicechange", () => void listDevices());

export const canShareScreen = mediaDevices !== undefined && "getDisplayMedia" in mediaDevices;

/** The one that was chosen may be unplugged: then another. */
const constraintsOf = {
  mic: (id: string): MediaStreamConstraints => ({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...(id && { deviceId: id }) },
  }),
  cam: (id: string): MediaStreamConstraints => ({
    video: {
      width: { ideal: 640 },
      height: { ideal: 360 },
      frameRate: { ideal: 24 },
      ...(id ? { deviceId: id } : { facingMode: "user" }),
    },
  }),
};

function streamOf(slot: Slot, there: MediaDevices): Promise<MediaStream> {
  if (slot === "screen") return there.getDisplayMedia({ video: { frameRate: 15 }, audio: false });
  return there.getUserMedia(constraintsOf[slot](chosen.value[slot]));
}

/** @throws DeviceError */
export async function open(slot: Slot): Promise<MediaStreamTrack> {
  if (!mediaDevices) throw new DeviceError("insecure");
  try {
    const stream = await streamOf(slot, mediaDevices);
    void listDevices();
    const [track] = stream.getTracks();
    if (!track) throw new DeviceError("none");
    if (slot === "screen") track.contentHint = "detail";
    return track;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new DeviceError(problems[name] ?? "failed");
  }
}
