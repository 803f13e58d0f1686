import type { DueSession, Queries, Recording, Session } from "../../storage/index.js";
import type { Services } from "../services.js";
import { readSettings } from "../settings.js";

/** A recording is produced within minutes, or at night when the servers are idle; after a week none is waited for. */
const AWAITED_MS = 7 * 24 * 60 * 60 * 1000;
const SOONEST_MS = 60 * 1000;
const LATEST_MS = 6 * 60 * 60 * 1000;
/** An engine that does not answer is asked again after this, or earlier where it would be anyway. */
const FAILED_MS = 5 * 60 * 1000;
/** What an engine told by itself of an older session is tried for so long. */
const TOLD_MS = 24 * 60 * 60 * 1000;

const after = (instant: Date, ms: number): Date => new Date(instant.getTime() + ms);

/** The longer it takes, the longer it will take: half of what has gone by since the end. */
const intervalAt = ({ endedAt }: Pick<Session, "endedAt">, now: Date): number =>
  Math.min(LATEST_MS, Math.max(SOONEST_MS, (now.getTime() - (endedAt ?? now).getTime()) / 2));

/** From now on its engine is asked for what was recorded of a session that ended just now. */
export async function awaitRecordings(
  { engines }: Pick<Services, "engines">,
  tx: Queries,
  { id, engine, settings }: Session,
  endedAt: Date,
): Promise<void> {
  if (!readSettings(settings).record || !engines.get(engine)?.recordings) return;
  const [dueAt, until] = [after(endedAt, SOONEST_MS), after(endedAt, AWAITED_MS)];
  await tx.awaitedRecordings.expect({ sessionId: id, engine, dueAt, until });
}

/** Asked for at once: something is new, so its engine said. */
export const lookNow = (tx: Queries, { id, engine }: Session, now: Date): Promise<void> =>
  tx.awaitedRecordings.expect({ sessionId: id, engine, dueAt: now, until: after(now, TOLD_MS) });

/**
 * The engine did what it was told; whether it has stayed so is looked at soon: two calls at once may have reached it in
 * another order than they were stored in.
 */
export async function lookAgain(tx: Queries, { sessionId }: Recording, now: Date): Promise<Session | undefined> {
  const session = await tx.sessions.findAnyones(sessionId);
  if (!session) return undefined;
  const dueAt = after(now, SOONEST_MS);
  await tx.awaitedRecordings.expect({ sessionId, engine: session.engine, dueAt, until: after(now, TOLD_MS) });
  return session;
}

/** Looked at: when next, if ever. */
export async function looked(tx: Queries, due: DueSession, now: Date): Promise<void> {
  const next = after(now, intervalAt(due, now));
  if (next > due.until) await tx.awaitedRecordings.giveUp(due);
  else await tx.awaitedRecordings.postpone(due, next);
}

/** The engine failed: nothing is known, and it is asked again. */
export async function lookFailed(tx: Queries, due: DueSession, now: Date): Promise<void> {
  if (now > due.until) await tx.awaitedRecordings.giveUp(due);
  else await tx.awaitedRecordings.postpone(due, after(now, Math.min(FAILED_MS, intervalAt(due, now))));
}
