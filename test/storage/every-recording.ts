import type { LicenseId, Queries } from "../../src/storage/index.js";

interface Row {
  id: string;
  licenseId: LicenseId;
  sessionId: string;
  attendanceId: string;
  startedAt: Date;
}

/** A call of each query about who recorded, and when; `everyQuery` is the list of all. */
export function everyRun({ recordingRuns }: Queries, row: Row) {
  const { id, licenseId, sessionId, attendanceId, startedAt: at } = row;
  const reach = { licenseId, meetingId: null };
  return {
    insert: () => recordingRuns.insert({ ...row, isAutomatic: false }),
    find: () => recordingRuns.find(id),
    latest: () => recordingRuns.latest(sessionId),
    listOfSessions: () => recordingRuns.listOfSessions(reach, [sessionId]),
    stop: () => recordingRuns.stop(sessionId, { at, cause: "STOPPED", by: attendanceId }),
  };
}

/** Likewise of those by which engines are asked for what was recorded. */
export function everyAwaited({ awaitedRecordings }: Queries, sessionId: string) {
  const at = new Date("2026-01-02T03:04:05.678Z");
  const due = { sessionId, dueAt: at, until: at, endedAt: at };
  return {
    expect: () => awaitedRecordings.expect({ sessionId, engine: "e", dueAt: at, until: at }),
    listDue: () => awaitedRecordings.listDue("e", at, 3),
    postpone: () => awaitedRecordings.postpone(due, new Date(0)),
    giveUp: () => awaitedRecordings.giveUp(due),
  };
}
