import DataLoader from "dataloader";
import type { LicenseId, Meeting, Queries, Recording, Session, Stay } from "../storage/index.js";

/** Made anew for each request: what it has loaded is good for one moment and one license. */
export interface Loaders {
  openSession: DataLoader<string, Session | undefined>;
  meeting: DataLoader<string, Meeting | undefined>;
  session: DataLoader<string, Session | undefined>;
  recordings: DataLoader<string, Recording[]>;
  stays: DataLoader<string, Stay[]>;
}

function one<Row>(load: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, Row | undefined>(async (ids) => {
    const found = new Map((await load(ids)).map((row) => [keyOf(row), row]));
    return ids.map((id) => found.get(id));
  });
}

function many<Row>(load: (ids: readonly string[]) => Promise<Row[]>, keyOf: (row: Row) => string) {
  return new DataLoader<string, Row[]>(async (ids) => {
    const found = new Map<string, Row[]>(ids.map((id) => [id, []]));
    for (const row of await load(ids)) found.get(keyOf(row))?.push(row);
    return ids.map((id) => found.get(id) ?? []);
  });
}

export const makeLoaders = (read: Queries, licenseId: LicenseId): Loaders => ({
  openSession: one(
    (ids) => read.sessions.findOpenOfMeetings(licenseId, ids),
    (session) => session.meetingId,
  ),
  meeting: one(
    (ids) => read.meetings.findMany(licenseId, ids),
    (meeting) => meeting.id,
  ),
  session: one(
    (ids) => read.sessions.findMany(licenseId, ids),
    (session) => session.id,
  ),
  recordings: many(
    (ids) => read.recordings.listOfSessions(licenseId, ids),
    (recording) => recording.sessionId,
  ),
  stays: many(
    (ids) => read.stays.listOfAttendances(ids),
    (stay) => stay.attendanceId,
  ),
});
