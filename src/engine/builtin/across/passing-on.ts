import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "ws";
import type { EngineSetting, Home } from "../../engine.js";
import { closeCodes, mayBeTold } from "../seat.js";
import { lineTo } from "./lines.js";

/** So often is asked again where a room is that can't be reached: the server that had it may just be dying. */
const LOOK_AGAIN_MS = 250;
/** A page waits so long for its answer, and then tries again by itself. */
const PATIENCE_MS = 9_000;

/** How a person's line ended, as the room's own server is told: when they were last heard of, in milliseconds before now. */
export const LINE_BROKE = 4900;

/** Codes of the protocol and of ours; what the library makes up itself can't be sent. */
const isSendable = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || code >= 3000;

/** The line ends there for the same reason. */
const closeLike = (socket: WebSocket, code: number, reason: Buffer): void =>
  isSendable(code) ? socket.close(code, reason) : socket.close(closeCodes.restart, "the room's server is gone");

/** A person whose room another server runs: whatever they say goes there, and what is said to them comes from there. */
export class PassedOn {
  constructor(
    readonly socket: WebSocket,
    readonly far: WebSocket,
    /** Called when something was said to them. */
    heard: () => void,
  ) {
    far.on("message", (data: Buffer) => {
      heard();
      if (mayBeTold(socket)) socket.send(data, { binary: false });
    });
    far.on("close", (code, reason) => closeLike(socket, code, reason));
  }

  say(frame: Buffer): void {
    if (this.far.readyState === this.far.OPEN) this.far.send(frame, { binary: false });
  }

  /** Their line is gone. */
  broke(silentMs: number): void {
    this.far.close(LINE_BROKE, String(Math.round(silentMs)));
  }
}

/**
 * Looks for a room until it is here or its server is reached; a server that just died is dead to the others some seconds later.
 * @returns undefined where it was in vain
 */
export async function findRoom(
  setting: EngineSetting,
  sessionId: string,
  { socket, language }: { socket: WebSocket; language: string },
): Promise<"HERE" | WebSocket | undefined> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const home: Home | "HERE" | undefined = await setting.homes.take(sessionId).catch(() => undefined);
    if (home === "HERE") return home;
    const far = home && (await lineTo(home, setting, language).catch(() => undefined));
    if (far && socket.readyState === socket.OPEN) return far;
    far?.close();
    if (socket.readyState !== socket.OPEN || performance.now() > until) return undefined;
    await sleep(LOOK_AGAIN_MS);
  }
}

/** How long a person had not been heard of when their line broke, as the server says to which it led. */
export const silenceOf = (code: number, reason: Buffer): number =>
  code === LINE_BROKE ? Number.parseInt(reason.toString(), 10) || 0 : 0;
