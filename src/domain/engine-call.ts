import { setTimeout as sleep } from "node:timers/promises";
import { EngineRefused } from "../engine/engine.js";
import type { Reach, Session } from "../storage/index.js";
import { Refusal } from "./refusal.js";
import type { Services } from "./services.js";

/**
 * Calls the engine and gives up after `engineWaitMs`.
 * @throws Refusal ENGINE_FAILED
 */
export async function callEngine<T>({ engineWaitMs, log }: Services, call: () => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const tooLong = sleep(engineWaitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the engine did not answer within ${engineWaitMs} ms`);
  });
  try {
    return await Promise.race([call(), tooLong]);
  } catch (error) {
    log.warn({ err: error }, "the conference engine failed");
    throw new Refusal("ENGINE_FAILED", { retryable: !(error instanceof EngineRefused) });
  } finally {
    timer.abort();
    tooLong.catch(() => {});
  }
}

const POLL_MS = 20;

/**
 * The meeting's open session once no other call is just opening or closing it; undefined when none is open. Asks the
 * database, because the other call may be another process'.
 * @throws Refusal ENGINE_FAILED when that takes longer than `engineWaitMs` (start-5)
 */
export async function settledSession(
  { storage, engineWaitMs }: Services,
  reach: Reach,
  meetingId: string,
): Promise<Session | undefined> {
  const until = Date.now() + engineWaitMs;
  for (;;) {
    const session = await storage.read.sessions.findOpen(reach, meetingId);
    if (session?.status !== "STARTING" && session?.status !== "ENDING") return session;
    if (Date.now() >= until) throw new Refusal("ENGINE_FAILED", { retryable: true });
    await sleep(POLL_MS);
  }
}
