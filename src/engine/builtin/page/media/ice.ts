// The servers by which browsers reach each other, as this person may use them for a while.

import { signal } from "@preact/signals";
import type { FrameOf } from "../line/frames.js";
import { line } from "../line/my-line.js";

/** undefined until they are told: connections wait for them. */
export const iceServers = signal<RTCIceServer[] | undefined>(undefined);

let timer = 0;

export const askForIce = (): void => {
  clearTimeout(timer);
  line.say({ type: "ice" });
};

export function hearIce({ servers, seconds }: FrameOf<"ice">): void {
  iceServers.value = servers;
  clearTimeout(timer);
  timer = setTimeout(askForIce, (seconds * 1000) / 2);
}
