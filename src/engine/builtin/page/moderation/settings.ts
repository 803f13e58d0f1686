import { signal } from "@preact/signals";
import type { Settings } from "../line/frames.js";
import { line } from "../line/my-line.js";

/** The session's switches, by their names in the graph. */
export const settings = signal<Settings>({});

/** Those that lock something of this page, and can be changed while the session runs. */
export const locks = [
  "lockSettingsDisablePublicChat",
  "lockSettingsDisablePrivateChat",
  "lockSettingsDisableNote",
  "lockSettingsDisableMic",
  "lockSettingsDisableCam",
  "webcamOnlyForModerators",
  "lockSettingsLockedLayout",
] as const;
export type Lock = (typeof locks)[number];

export const lockTexts = {
  lockSettingsDisablePublicChat: "page.lock.publicChat",
  lockSettingsDisablePrivateChat: "page.lock.privateChat",
  lockSettingsDisableNote: "page.lock.notes",
  lockSettingsDisableMic: "page.lock.mic",
  lockSettingsDisableCam: "page.lock.cam",
  webcamOnlyForModerators: "page.lock.webcams",
  lockSettingsLockedLayout: "page.lock.layout",
} as const satisfies Record<Lock, string>;

export const isOn = (lock: Lock): boolean => settings.value[lock] === true;

/** Shown once the server has told everyone. */
export const setLock = (lock: Lock, on: boolean) => line.say({ type: "settings", settings: { [lock]: on } });
