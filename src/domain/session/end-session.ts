import { latest, wholeSeconds } from "../../clock.js";
import type { Attendance, EndCause, Queries, Session, Stay } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { demandEngine } from "./engine-call.js";
import { recordEvent } from "../events/events.js";
import { awaitRecordings } from "../recording/awaited.js";
import { Refusal, type RefusalCode, type Refuse } from "../refusal.js";
import type { Services } from "../services.js";
import { readSettings } from "../settings.js";

/** Somebody's leaving. */
interface Leaving {
  stay: Stay;
  at: Date;
  /** How it is known; as the stay's beginning was, when left out. */
  source?: Stay["source"];
}

const leftAt = ({ stay, at }: Leaving): Date => latest(at, stay.joinedAt);

/**
 * Closes stays and with each the attendance; both carry the same instant.
 * @returns for each the attendance, where there was something to close
 */
async function countOut(
  tx: Queries,
  origin: Origin,
  session: Session,
  leavings: readonly Leaving[],
): Promise<(Attendance | undefined)[]> {
  await Promise.all(leavings.map((one) => tx.stays.close(one.stay.id, leftAt(one), one.source ?? one.stay.source)));
  const leave = (one: Leaving) =>
    tx.attendances.leave(one.stay.attendanceId, leftAt(one), wholeSeconds(one.stay.joinedAt, leftAt(one)));
  const left = await Promise.all(leavings.map(leave));
  for (const [index, attendance] of left.entries()) {
    const at = leftAt(leavings[index] as Leaving);
    if (attendance) await recordEvent({ tx, type: "attendance.left", origin, at, session, attendance });
  }
  return left;
}

/** Someone's leaving of a session that goes on. */
interface LeavingOthers extends Leaving {
  session: Session;
  /** Counted after the session was locked in the same transaction, so that nobody comes in before it is noted as empty. */
  others: number;
}

/** When it was the last one, the room has been empty since. */
export async function closeStay(tx: Queries, origin: Origin, leaving: LeavingOthers): Promise<Attendance | undefined> {
  const { session, at, others } = leaving;
  const [attendance] = await countOut(tx, origin, session, [leaving]);
  if (attendance && others === 0) {
    // Not always this one: a broken line is counted out late, at a time that lies before another's leaving.
    const lastLeaving = await tx.attendances.lastLeaving(session.id);
    await tx.sessions.noteEmpty(session.id, lastLeaving ?? attendance.leftAt ?? at);
  }
  return attendance;
}

/** How a session ended. */
export interface SettledEnd {
  origin: Origin;
  session: Session;
  at: Date;
  cause: EndCause;
}

/**
 * The last step of an end: one instant for the session and for everyone who was inside (end-1), never before what it
 * follows.
 */
export async function settleEnd(
  services: Pick<Services, "engines">,
  tx: Queries,
  { origin, session, at, cause }: SettledEnd,
): Promise<Session | undefined> {
  const [ending, stays, left] = await Promise.all([
    tx.sessions.lock(session.id),
    tx.stays.listOpenOfSession(session.id),
    tx.attendances.lastLeaving(session.id),
  ]);
  if (ending?.status !== "ENDING") return undefined;
  const endedAt = latest(at, ending.startedAt, left, ...stays.map(({ joinedAt }) => joinedAt));
  const ended = await tx.sessions.settleEnded(ending, endedAt, cause);
  await countOut(
    tx,
    origin,
    ended,
    stays.map((stay) => ({ stay, at: endedAt })),
  );
  await tx.licenses.releaseRunning(ended.licenseId);
  if (readSettings(ended.settings).record) await tx.recordingRuns.stop(ended.id, { at: endedAt, cause: "ENDED" });
  await awaitRecordings(services, tx, ended, endedAt);
  await recordEvent({ tx, type: "session.ended", origin, at: endedAt, session: ended, facts: { cause } });
  return ended;
}

/** How a start ended that came to nothing. */
export interface FailedStart {
  origin: Origin;
  session: Session;
  at: Date;
  cause: "ENGINE" | "LOST";
}

/** The last step of a start that came to nothing: it is kept as failed, and its place is free again. */
export async function settleFailure(tx: Queries, { origin, session, at, cause }: FailedStart): Promise<void> {
  const endedAt = latest(at, session.startedAt);
  const failed = await tx.sessions.settleFailed(
    session.id,
    cause === "ENGINE" ? "ENGINE_FAILED" : cause,
    endedAt,
    cause,
  );
  if (!failed) return;
  await tx.licenses.releaseRunning(failed.licenseId);
  await recordEvent({ tx, type: "session.failed", origin, at: endedAt, session: failed });
}

/** Which session ends, and why. */
export interface SessionEnding {
  sessionId: string;
  cause: EndCause;
  /** When it is known to have ended; now, when left out. */
  at?: Date | undefined;
  /** Takes the session where it may be ended; a running one, by itself. */
  claim?: (tx: Queries) => Promise<Session | undefined>;
}

/**
 * Ends a running session and sends everyone out: claimed (nobody enters any more), closed at the engine, settled. If
 * the engine fails it runs on, and the call may be repeated.
 * @returns undefined when it was not running, or another call ends it
 * @throws Refusal ENGINE_FAILED; NotStoredYet when everyone is out, and the database could not store it
 */
export async function endSession(
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  origin: Origin,
  { sessionId, cause, at, claim = (tx) => tx.sessions.claimEnd(sessionId) }: SessionEnding,
): Promise<Session | undefined> {
  const { storage, clock, underWay, unsettled } = services;
  const claimed = await storage.transaction(claim);
  if (!claimed) return undefined;
  underWay.add(sessionId);
  try {
    try {
      await demandEngine(refuse, services, async () => services.engineOf(claimed).closeRoom(sessionId, cause));
    } catch (error) {
      // It runs on, whenever that can be stored; why it was not ended is the answer either way.
      await unsettled.settle(sessionId, "RUNS_ON", (tx) => tx.sessions.unclaimEnd(sessionId)).catch(() => {});
      throw error;
    }
    // Everyone is out from here on, whenever that can be stored.
    const now = clock.now();
    const endedAt = at && at < now ? at : now;
    return await unsettled.settle(sessionId, "ENDED", (tx) =>
      settleEnd(services, tx, { origin, session: claimed, at: endedAt, cause }),
    );
  } finally {
    underWay.delete(sessionId);
  }
}

export const endByOperatorRefusals = ["ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
const refuseOperator = Refusal.outOf(endByOperatorRefusals);

/** The operator ends a session; undefined and refused as `endSession` is. */
export const endByOperator = (services: Services, origin: Origin, sessionId: string): Promise<Session | undefined> =>
  endSession(refuseOperator, services, origin, { sessionId, cause: "OPERATOR" });
