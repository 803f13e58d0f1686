import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import { boot, type Gateway, ofFiles } from "../../helpers/boot.js";
import { insertRecording, quiet, statementsDuring } from "../../helpers/rows.js";
import { troubledBuiltin } from "../../helpers/test-engine.js";
import { ask, mutate, newMeeting, start } from "../ask.js";
import { openBeside } from "../../helpers/beside.js";

const MINUTE = 60_000;
const zeros = { attendances: 0, peakAttendees: 0, recordedMinutes: 0, sessionMinutes: 0, sessionsStarted: 0 };
const query = `query ($period: DateTimeRange) { license { usage(period: $period) {
  attendances peakAttendees recordedMinutes sessionMinutes sessionsStarted } } }`;

interface Period {
  from?: Date | null;
  until?: Date | null;
}

const usage = async (gateway: Gateway, period?: Period | null, key = gateway.key) =>
  (await ask(gateway, query, { period }, { key })).license.usage;

/** Rows as years of use would leave them. */
function rowsOf(gateway: Gateway) {
  const database = () => openBeside(gateway);
  const run = (sql: string, ...values: unknown[]) => {
    const open = database();
    const { changes } = open.prepare(sql).run(...values);
    open.close();
    expect(changes).toBe(1);
  };
  return {
    run,
    /** @returns its id */
    session(meetingId: string, startedAt: Date, endedAt: Date, { peak = 0, status = "ENDED" } = {}): string {
      const id = newId();
      run(
        `INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings, started_at, ended_at, peak_present, engine)
         SELECT ?, license_id, id, ?, 'm', '{}', ?, ?, ?, 'builtin' FROM meetings WHERE id = ?`,
        id,
        status,
        startedAt.getTime(),
        endedAt.getTime(),
        peak,
        meetingId,
      );
      return id;
    },
    attendance(sessionId: string, joinedAt: Date): void {
      run(
        `INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at)
         SELECT ?, license_id, id, 'x', 'x', 'VIEWER', ? FROM sessions WHERE id = ?`,
        newId(),
        joinedAt.getTime(),
        sessionId,
      );
    },
  };
}

const at = (time: string) => new Date(`2024-05-06T${time}Z`);
const period = { from: at("10:00:00"), until: at("12:00:00") };

test("a session that runs counts up to now, one that has ended up to its end, a failed start not at all", async () => {
  const engine = troubledBuiltin();
  const gateway = await boot({ ...quiet, env: { EMPTY_ROOM_MINUTES: "0" }, openEngine: engine.open });
  expect(await usage(gateway, {})).toEqual(zeros);
  const meetingId = await newMeeting(gateway);
  const { joinUrl } = await start(gateway, meetingId);
  await gateway.socket().enter(joinUrl);
  const viewer = gateway.socket();
  await viewer.enter((await mutate(gateway, "joinMeeting", { meetingId, fullName: "Zoe", role: "VIEWER" })).joinUrl);
  await viewer.say({ type: "leave" });
  gateway.clock.forward(10 * MINUTE);
  const soFar = { ...zeros, attendances: 2, peakAttendees: 2, sessionMinutes: 10, sessionsStarted: 1 };
  expect(await usage(gateway, {})).toEqual(soFar);
  // What has not come yet is not used yet.
  const now = gateway.clock.now().getTime();
  expect(await usage(gateway, { until: new Date(now + 99 * MINUTE) })).toEqual(soFar);
  expect(await usage(gateway, { from: new Date(now - 4 * MINUTE) })).toMatchObject({
    sessionMinutes: 4,
    sessionsStarted: 0,
  });
  expect(await usage(gateway, { from: new Date(now + MINUTE) })).toMatchObject({ sessionMinutes: 0 });

  await mutate(gateway, "endMeeting", { meetingId });
  gateway.clock.forward(10 * MINUTE);
  engine.fail("openRoom");
  const failed = await mutate(gateway, "startMeeting", { meetingId, moderatorName: "m" });
  expect(failed.code).toBe("ENGINE_FAILED");
  expect(await usage(gateway, {})).toEqual(soFar);
});

test("of sessions over the interval's bounds only the minutes inside count, people and starts by their own instants", async () => {
  const gateway = await boot(quiet);
  const meetingId = await newMeeting(gateway);
  const { session, attendance } = rowsOf(gateway);
  const add = (from: string, to: string, more: object = {}) => session(meetingId, at(from), at(to), more);
  add("09:00:00", "10:00:00", { peak: 50 });
  add("12:00:00", "13:00:00", { peak: 60 });
  add("11:00:00", "11:10:00", { peak: 70, status: "FAILED" });
  expect(await usage(gateway, period)).toEqual(zeros);

  const early = add("09:30:00", "10:30:00", { peak: 5 });
  for (const joined of ["09:40:00", "10:00:00", "10:05:00"]) attendance(early, at(joined));
  expect(await usage(gateway, period)).toEqual({ ...zeros, attendances: 2, peakAttendees: 5, sessionMinutes: 30 });

  const late = add("11:30:00", "13:00:00", { peak: 4 });
  for (const joined of ["11:59:59", "12:00:00"]) attendance(late, at(joined));
  add("10:00:00", "10:00:00");
  add("08:00:00", "14:00:00", { peak: 9 });
  const most = { ...zeros, attendances: 3, peakAttendees: 9, sessionMinutes: 180, sessionsStarted: 2 };
  expect(await usage(gateway, period)).toEqual(most);

  // Two times 20 seconds are 40: added up first, then rounded to the nearest minute.
  add("10:15:00", "10:15:20");
  expect(await usage(gateway, period)).toEqual({ ...most, sessionsStarted: 3 });
  add("10:16:00", "10:16:20");
  expect(await usage(gateway, period)).toEqual({ ...most, sessionMinutes: 181, sessionsStarted: 4 });
});

test("recordings count by when they were received, once they are ready and until they are deleted", async () => {
  const gateway = await boot(quiet);
  const rows = rowsOf(gateway);
  // Long before the interval: a recording may come late.
  const sessionId = rows.session(await newMeeting(gateway), at("01:00:00"), at("02:00:00"));
  const record = (time: string, more: object = {}) =>
    insertRecording(gateway, sessionId, { at: at(time).getTime(), ...more });
  record("09:59:59");
  record("12:00:00");
  record("11:00:00", { status: "PROCESSING" });
  record("11:00:00", { status: "FAILED" });
  expect(await usage(gateway, period)).toEqual(zeros);
  // Each lasts 90 seconds.
  record("10:00:00", { published: false });
  const second = record("11:59:59");
  expect(await usage(gateway, period)).toEqual({ ...zeros, recordedMinutes: 3 });
  rows.run("UPDATE recordings SET deleted_at = 1 WHERE id = ?", second);
  expect(await usage(gateway, period)).toEqual({ ...zeros, recordedMinutes: 2 });
});

test("another license's sessions, people and recordings are nobody else's", async () => {
  const gateway = await boot(quiet);
  const { key } = await gateway.license();
  const rows = rowsOf(gateway);
  const id = rows.session(await newMeeting(gateway, {}, { key }), at("10:00:00"), at("11:00:00"), { peak: 8 });
  rows.attendance(id, at("10:01:00"));
  insertRecording(gateway, id, { at: at("11:00:00").getTime() });
  expect(await usage(gateway, period)).toEqual(zeros);
  expect(await usage(gateway, {})).toEqual(zeros);
  const theirs = { attendances: 1, peakAttendees: 8, recordedMinutes: 2, sessionMinutes: 60, sessionsStarted: 1 };
  expect(await usage(gateway, period, key)).toEqual(theirs);
});

test("no interval is the current calendar month in UTC; a bound left out is none; one that ends before it begins is empty", async () => {
  const gateway = await boot({ ...quiet, env: { EMPTY_ROOM_MINUTES: "0" } });
  const meetingId = await newMeeting(gateway);
  // The middle of the next month, so that its first days are over.
  const today = gateway.clock.now();
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth() + 1];
  gateway.clock.forward(Date.UTC(year, month, 15) - today.getTime());
  const first = Date.UTC(year, month);
  const { session } = rowsOf(gateway);
  const add = (from: number, minutes: number) =>
    session(meetingId, new Date(from), new Date(from + minutes * MINUTE), { peak: 1 });
  add(first - 100 * MINUTE, 20);
  add(first - 5 * MINUTE, 15);
  add(first, 7);
  const thisMonth = { ...zeros, peakAttendees: 1, sessionMinutes: 17, sessionsStarted: 1 };
  expect(await usage(gateway)).toEqual(thisMonth);
  expect(await usage(gateway, null)).toEqual(thisMonth);
  // The next month's first instant is no part of it; what ends later than now has not run yet.
  add(Date.UTC(year, month + 1), 30);
  expect(await usage(gateway)).toEqual(thisMonth);

  const bound = new Date(first);
  expect(await usage(gateway, { until: bound })).toMatchObject({ sessionMinutes: 25, sessionsStarted: 2 });
  expect(await usage(gateway, { from: bound })).toMatchObject({ sessionMinutes: 17, sessionsStarted: 2 });
  expect(await usage(gateway, { from: null, until: null })).toMatchObject({ sessionMinutes: 42, sessionsStarted: 4 });
  const over = new Date(first + 5 * MINUTE);
  const under = new Date(first + 2 * MINUTE);
  expect(await usage(gateway, { from: over, until: under })).toEqual(zeros);
  expect(await usage(gateway, { from: over, until: over })).toEqual(zeros);
});

ofFiles("one statement, which finds its rows by indexes; an empty interval needs none", async () => {
  const gateway = await boot(quiet);
  // From then on the caller is known.
  await ask(gateway, "{ license { name } }");
  const without = await statementsDuring(() => ask(gateway, "{ license { name } }"));
  const withUsage = await statementsDuring(() => usage(gateway, period));
  const source = withUsage.find((text) => !without.includes(text)) ?? "";
  expect(withUsage).toHaveLength(without.length + 1);
  expect(await statementsDuring(() => usage(gateway, { from: period.until, until: period.from }))).toEqual(without);

  const database = openBeside(gateway);
  const parameters = Array.from({ length: source.split("?").length - 1 }, () => 1);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${source}`).all(...parameters) as { detail: string }[];
  database.close();
  const steps = plan.map(({ detail }) => detail).filter((detail) => /^(SEARCH|SCAN)/.test(detail));
  expect([...new Set(steps)].toSorted()).toEqual([
    // What each part of the period comes to: a handful of rows.
    "SCAN parts",
    expect.stringContaining(
      "SEARCH attendances USING COVERING INDEX attendances_session_joined (session_id=? AND joined",
    ),
    "SEARCH license_days USING INDEX sqlite_autoindex_license_days_1 (license_id=? AND day<?)",
    expect.stringContaining("SEARCH recordings USING INDEX recordings_live_created (license_id=? AND created_at>"),
    "SEARCH sessions USING INDEX sessions_license_ended (license_id=? AND <expr>=?)",
    "SEARCH sessions USING INDEX sessions_license_started (license_id=? AND started_at>? AND started_at<?)",
    "SEARCH sessions USING INDEX sessions_long (license_id=? AND ended_at>?)",
  ]);
});

test("the totals cost more points than an object does", async () => {
  const gateway = await boot(quiet);
  const costOf = async (selection: string) => {
    const totals = `{ license { ${selection} } rateLimit { cost } }`;
    // Its text is read, and paid, before.
    await ask(gateway, totals);
    return (await ask(gateway, totals)).rateLimit.cost;
  };
  expect(await costOf("usage { attendances }")).toBe((await costOf("name")) + 200);
  expect(await costOf("usage { attendances } other: usage(period: {}) { peakAttendees }")).toBe(20 + 402);
});
