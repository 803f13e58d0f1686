import { setTimeout as sleep } from "node:timers/promises";
import type { Reach, Session } from "../../storage/index.js";
import type { Refuse } from "../refusal.js";
import type { Services } from "../services.js";
import { deadlineOf } from "./engine-call.js";

const POLL_MS = 20;

/**
 * The meeting's open session once no other call is just opening or closing it; undefined when none is open. Asks the
 * database, because the other call may be another process'.
 * @throws Refusal ENGINE_FAILED when that is not so by `until` (start-5); NotStoredYet
 */
export async function settledSession(
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  reach: Reach,
  meetingId: string,
  until = deadlineOf(services),
): Promise<Session | undefined> {
  const { storage, clock, unsettled } = services;
  for (;;) {
    const session = await storage.read.sessions.findOpen(reach, meetingId);
    // No call is at work on this one: only the database is waited for, and whether it takes it is known at once.
    if (session && unsettled.has(session.id)) {
      await unsettled.retry(session.id);
      continue;
    }
    if (session?.status !== "STARTING" && session?.status !== "ENDING") return session;
    if (clock.monotonic() >= until) throw refuse("ENGINE_FAILED", { retryable: true });
    await sleep(POLL_MS);
  }
}
