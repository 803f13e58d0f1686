import type { LicenseId, Queries, Reach } from "#gateway/storage/index.js";

export interface Statement {
  name: string;
  run(q: Queries): Promise<unknown>;
}

const statement = (name: string, run: Statement["run"]): Statement => ({ name, run });

const limit = 21;
const newest = { direction: "DESC", limit } as const;
const last = { direction: "DESC", limit, fromEnd: true } as const;
const at = (year: number, month = 0, day = 1, hour = 0) => new Date(Date.UTC(year, month, day, hour));
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** As they were seeded. @param kind 1 for meetings, 2 for sessions, 3 for people */
export const idOf = (kind: 1 | 2 | 3, number: number, license: 0 | 1): string =>
  `01900000-${hex(kind, 4)}-7${hex(license, 3)}-8000-${hex(number, 12)}`;

const ids = (kind: 1 | 2 | 3, count: number, license: 0 | 1) =>
  Array.from({ length: count }, (_, number) => idOf(kind, license ? number : number * 3, license));

/** Ids of a license, and how far its key and a token of one of its meetings see. */
function rowsOf(license: 0 | 1) {
  const licenseId = `growth-${license}` as LicenseId;
  const [meetings, sessions, people] = [ids(1, 5, license), ids(2, 5, license), ids(3, 5, license)];
  const one: Reach = { licenseId, meetingId: meetings[1] as string };
  return { licenseId, meetings, sessions, people, one, reach: { licenseId, meetingId: null } };
}

type Rows = ReturnType<typeof rowsOf>;

const ofMeetings = ({ reach, one, meetings }: Rows): Statement[] => [
  ...(["CREATED_AT", "UPDATED_AT", "TITLE"] as const).flatMap((field) => [
    statement(`meetings by ${field}`, (q) => q.meetings.list(reach, { ...newest, field })),
    statement(`meetings by ${field}, the last`, (q) => q.meetings.list(reach, { ...last, field })),
  ]),
  statement("meetings by ids", (q) => q.meetings.findMany(reach, meetings)),
  statement("meetings running", (q) =>
    q.meetings.list(reach, { ...newest, field: "CREATED_AT", filter: { isRunning: true } }),
  ),
  statement("meetings whose title contains, few", (q) =>
    q.meetings.list(reach, { ...newest, field: "CREATED_AT", filter: { titleKeyContains: "zebra" } }),
  ),
  statement("meetings with settings enabled, few", (q) =>
    q.meetings.list(reach, {
      ...newest,
      field: "CREATED_AT",
      filter: { settingsEnabled: ["lock_settings_disable_mic", "lock_settings_disable_cam"] },
    }),
  ),
  statement("meetings of a token of one", (q) => q.meetings.list(one, { ...newest, field: "CREATED_AT" })),
  statement("count of meetings", (q) => q.meetings.count(reach)),
  statement("count of meetings running", (q) => q.meetings.count(reach, { isRunning: true })),
  statement("count of meetings not running", (q) => q.meetings.count(reach, { isRunning: false })),
];

const ofSessions = ({ reach, one, meetings, sessions }: Rows): Statement[] => [
  statement("open sessions of meetings", (q) => q.sessions.findOpenOfMeetings(reach, meetings)),
  ...(["STARTED_AT", "ENDED_AT"] as const).flatMap((field) => [
    statement(`sessions by ${field}`, (q) => q.sessions.list(reach, { ...newest, field })),
    statement(`sessions by ${field}, the last`, (q) => q.sessions.list(reach, { ...last, field })),
    statement(`sessions of 5 meetings by ${field}`, (q) =>
      q.sessions.listOfMeetings(reach, meetings, { ...newest, field }),
    ),
    statement(`sessions of a meeting by ${field}`, (q) =>
      q.sessions.listOfMeetings(reach, meetings.slice(0, 1), { ...newest, field }),
    ),
    statement(`sessions of a token of one by ${field}`, (q) => q.sessions.list(one, { ...newest, field })),
    statement(`sessions FAILED by ${field}`, (q) =>
      q.sessions.list(reach, { ...newest, field, filter: { status: ["FAILED"] } }),
    ),
    statement(`sessions RUNNING by ${field}`, (q) =>
      q.sessions.list(reach, { ...newest, field, filter: { status: ["RUNNING"] } }),
    ),
  ]),
  statement("sessions by ids", (q) => q.sessions.findMany(reach, sessions)),
  statement("count of sessions", (q) => q.sessions.count(reach)),
  statement("count of sessions since a day", (q) =>
    q.sessions.count(reach, { startedAt: { from: at(2024, 5, 6, 7) } }),
  ),
  statement("count of sessions FAILED", (q) => q.sessions.count(reach, { status: ["FAILED"] })),
  statement("count of sessions ENDED", (q) => q.sessions.count(reach, { status: ["ENDED"] })),
  statement("counts of sessions of 5 meetings", (q) => q.sessions.countOfMeetings(reach, meetings)),
];

const ofPeople = ({ reach, sessions, people, meetings }: Rows): Statement[] => [
  statement("attendances of 5 sessions", (q) =>
    q.attendances.listOfSessions(reach, sessions, { ...newest, field: "JOINED_AT" }),
  ),
  statement("attendances of a session by name", (q) =>
    q.attendances.listOfSessions(reach, sessions.slice(0, 1), { ...newest, field: "FULL_NAME" }),
  ),
  statement("counts of attendances of 5 sessions", (q) => q.attendances.countOfSessions(reach, sessions)),
  statement("attendances by ids", (q) => q.attendances.findMany(reach, people)),
  statement("stays of 5 attendances", (q) =>
    q.stays.listOfAttendances(reach, people, { ...newest, field: "JOINED_AT" }),
  ),
  statement("open stays of others", (q) => q.stays.listOpenOfLost("me", 0, 500)),
  statement("recordings of sessions", (q) => q.recordings.listOfSessions(reach, sessions)),
  statement("recordings", (q) => q.recordings.list(reach, { ...newest, field: "CREATED_AT" })),
  statement("recordings of a meeting", (q) =>
    q.recordings.list(reach, { ...newest, field: "CREATED_AT", filter: { meetingId: meetings[0] as string } }),
  ),
  statement("count of recordings", (q) => q.recordings.count(reach)),
];

const ofLicense = ({ licenseId, one, reach }: Rows): Statement[] => [
  statement("usage for ever", (q) => q.usage.total(licenseId, { from: at(1970), until: at(2090) }, at(2026, 6))),
  statement("usage of a month", (q) =>
    q.usage.total(licenseId, { from: at(2024, 5), until: at(2024, 6) }, at(2026, 6)),
  ),
  statement("usage of some hours", (q) =>
    q.usage.total(licenseId, { from: at(2024, 5, 6, 7), until: at(2024, 5, 6, 19) }, at(2026, 6)),
  ),
  statement("events after, a step", (q) =>
    q.events.stepAfter(reach, { after: 0, types: ["session.ended"], meetingId: null, limit }),
  ),
  statement("events after, of one meeting", (q) =>
    q.events.stepAfter(one, { after: 0, types: ["session.ended"], meetingId: null, limit }),
  ),
  statement("marks of events", (q) => q.events.marksAfter(0, 500)),
];

/** What the gateway asks of its storage, of the license that grows (0) or of the small one beside it (1). */
export function statementsOf(license: 0 | 1): Statement[] {
  const rows = rowsOf(license);
  return [ofMeetings, ofSessions, ofPeople, ofLicense].flatMap((statements) => statements(rows));
}
