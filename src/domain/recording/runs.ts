import { latest } from "../../clock.js";
import type {
  RecordingNow,
  RecordingRefusal,
  RecordingRunNow,
  RecordingStart,
  RecordingStop,
} from "../../engine/engine.js";
import { newId } from "../../ids.js";
import type { Queries, RecordingRun } from "../../storage/index.js";
import { isVisible } from "../checks.js";
import { isModeratorInside } from "../session/moderator.js";
import { personOf } from "../session/room.js";
import type { Services } from "../services.js";
import { readSettings } from "../settings.js";

/** Of one session, as they are shown; of more the last ones. */
export const MOST_RUNS = 20;

/** Who records, where this run goes on. */
export async function recordingNow(queries: Queries, run: RecordingRun): Promise<RecordingNow | undefined> {
  if (run.stoppedAt) return undefined;
  const attendance = await queries.attendances.find(run.attendanceId);
  return attendance && { id: run.id, by: personOf(attendance), since: run.startedAt };
}

/** The session, locked, where this person may say when it is recorded; who is asked by the server, always. */
async function allowed(
  tx: Queries,
  engine: string,
  { sessionId, by, isAsked }: { sessionId: string; by: string; isAsked: boolean },
) {
  const session = await tx.sessions.lock(sessionId);
  if (session?.engine !== engine || session.status !== "RUNNING") return "NOT_MODERATOR";
  const { record, allowStartStopRecording } = readSettings(session.settings);
  if (!record) return "RECORD_OFF";
  if (!(await isModeratorInside(tx, sessionId, by))) return "NOT_MODERATOR";
  if (!isAsked && !allowStartStopRecording) return "RECORD_FIXED";
  return session;
}

/** A moderator's page begins to record. The run before it, where one goes on, stops in the same transaction: there is one at a time. */
export function startRun(
  { storage, clock }: Services,
  engine: string,
  { sessionId, by, isAutomatic }: RecordingStart,
): Promise<RecordingNow | RecordingRefusal> {
  return storage.transaction(async (tx) => {
    const session = await allowed(tx, engine, { sessionId, by, isAsked: isAutomatic });
    if (typeof session === "string") return session;
    const before = await tx.recordingRuns.latest(sessionId);
    const startedAt = latest(clock.now(), session.startedAt, before?.startedAt ?? null);
    await tx.recordingRuns.stop(sessionId, { at: startedAt, cause: "TAKEN_OVER", by });
    const { licenseId } = session;
    const run = { id: newId(), licenseId, sessionId, attendanceId: by, isAutomatic, startedAt };
    await tx.recordingRuns.insert(run);
    const attendance = await tx.attendances.find(by);
    return attendance ? { id: run.id, by: personOf(attendance), since: startedAt } : "NOT_MODERATOR";
  });
}

/** By a moderator inside, or by the server where nobody says so. */
export function stopRun(
  { storage, clock }: Services,
  engine: string,
  { sessionId, by, cause }: RecordingStop,
): Promise<RecordingRefusal | undefined> {
  return storage.transaction(async (tx) => {
    if (by !== undefined) {
      const session = await allowed(tx, engine, { sessionId, by, isAsked: false });
      if (typeof session === "string") return session;
    }
    const run = await tx.recordingRuns.latest(sessionId);
    if (run) await tx.recordingRuns.stop(sessionId, { at: latest(clock.now(), run.startedAt), cause, by });
    return undefined;
  });
}

export async function findRun(
  { storage: { read } }: Services,
  engine: string,
  id: string,
): Promise<RecordingRunNow | undefined> {
  const run = await read.recordingRuns.find(id);
  const session = run && (await read.sessions.findAnyones(run.sessionId));
  if (!run || session?.engine !== engine) return undefined;
  const { sessionId, licenseId, attendanceId: personId, startedAt, stoppedAt } = run;
  const person = await read.attendances.find(personId);
  const isModerator = person?.role === "MODERATOR" && person.removedAt === null;
  return { sessionId, licenseId, personId, startedAt, stoppedAt, isModerator };
}

/** undefined where it is not known, or another engine's. */
export async function sessionNow({ storage: { read } }: Services, engine: string, sessionId: string) {
  const session = await read.sessions.findAnyones(sessionId);
  if (session?.engine !== engine) return undefined;
  const { title, endedAt } = session;
  return { title: title !== null && isVisible(title) ? title : null, endedAt };
}
