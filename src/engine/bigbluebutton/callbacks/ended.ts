import { setTimeout as sleep } from "node:timers/promises";
import type { Source } from "../../engine.js";
import type { Hear, Hearing } from "./hearing.js";

/** A server may tell of an end while it still ends the room. */
const LOOK_AGAIN_MS = 5_000;

/**
 * The session has ended, if the server says so when it is asked: what is told to an address that was handed out is only
 * a hint.
 * @returns whether the room is gone
 * @throws EngineUnavailable
 */
export async function confirmEnd(hearing: Hearing, sessionId: string, source: Source, at?: Date): Promise<boolean> {
  if ((await hearing.look([sessionId])).length > 0) return false;
  await hearing.reports.ended({ sessionId, source, ...(at && { at }) });
  return true;
}

async function follow(hearing: Hearing, sessionId: string): Promise<void> {
  if (await confirmEnd(hearing, sessionId, "WEBHOOK")) return;
  await sleep(LOOK_AGAIN_MS, undefined, { ref: false });
  await confirmEnd(hearing, sessionId, "WEBHOOK");
}

/** `ended/<session>`: told once, unsigned, when a room ends. Where asking fails, the next look finds it out. */
export const ended: Hear = async (_callback, hearing, sessionId) => {
  follow(hearing, sessionId).catch((err: unknown) =>
    hearing.log.warn({ err, sessionId }, "whether a session has ended could not be asked yet"),
  );
  return { status: 200 };
};
