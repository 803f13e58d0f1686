import { expect, test } from "vitest";
import { endEmptyRooms } from "../../src/domain/session/empty-rooms.js";
import { SESSIONS_A_STEP } from "../../src/domain/session/open-sessions.js";
import { closeAbandonedStays, settleStuckSessions, STAYS_A_STEP } from "../../src/domain/session/settle-sessions.js";
import { FORGOTTEN_A_STEP, forgetWhatIsOver } from "../../src/domain/forgetting.js";
import { boot, type Gateway, ofFiles } from "../helpers/boot.js";
import { createMeeting, joinMeeting, letIn, sessionOf, startMeeting } from "../helpers/meetings.js";
import { quiet, watchStatements } from "../helpers/rows.js";
import { insertRecording, runningMeeting } from "../v1/calls.js";
import { openBeside } from "../helpers/beside.js";

/** Most rows that one statement gives, or changes and tells of, during `work`. */
async function mostRows(about: string, work: () => Promise<unknown>): Promise<number> {
  let most = 0;
  const stop = watchStatements((text, rows) => {
    if (text.includes(about)) most = Math.max(most, rows);
  });
  await work().finally(stop);
  return most;
}

function beside<T>(gateway: Gateway, run: (database: ReturnType<typeof openBeside>) => T): T {
  const database = openBeside(gateway);
  try {
    return run(database);
  } finally {
    database.close();
  }
}

const count = (gateway: Gateway, rest: string): unknown =>
  beside(gateway, (database) => database.prepare(`SELECT count(*) FROM ${rest}`).pluck().get());

/** So many rows like the one there is; what `values` has is SQL, in which `i` is their number. */
const numbers = (most: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`;

test("calls that are over are forgotten in steps, and those that are not stay", async () => {
  const gateway = await boot(quiet);
  await createMeeting(gateway, {}, { headers: { "idempotency-key": "kept" } });
  beside(gateway, (database) =>
    database.exec(`INSERT INTO idempotency (license_id, key, operation, input_hash, created_at, expires_at)
      ${numbers(2 * FORGOTTEN_A_STEP + 1)} SELECT license_id, 'k' || i, operation, input_hash, 1, 1 + i
      FROM n, (SELECT * FROM idempotency) AS one`),
  );
  const forget = () => forgetWhatIsOver(gateway.opened.services, gateway.opened.config.retention);
  expect(await mostRows("idempotency", forget)).toBe(FORGOTTEN_A_STEP);
  expect(count(gateway, "idempotency")).toBe(1);
});

// It was last seen in a time to come, which the clock of PostgreSQL takes for alive.
ofFiles("people of a dead process are counted out in steps, all of them at the moment it was last alive", async () => {
  const gateway = await boot(quiet);
  const { services } = gateway.opened;
  const meetingId = await createMeeting(gateway);
  await letIn(services, await startMeeting(gateway, meetingId));
  beside(gateway, (database) =>
    database.exec(`INSERT INTO instances (id, started_at, seen_at) VALUES ('dead', 1, 4000000000000);
      INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at)
        ${numbers(2 * STAYS_A_STEP + 5)} SELECT 'a' || i, license_id, session_id, 'x', 'x', 'VIEWER', joined_at FROM n, (SELECT * FROM attendances) AS one;
      INSERT INTO stays (id, attendance_id, session_id, joined_at, source, instance_id)
        SELECT 's' || id, id, session_id, joined_at, 'LIVE', 'dead' FROM attendances WHERE id LIKE 'a%'`),
  );
  const steps: number[] = [];
  for await (const out of closeAbandonedStays(services)) steps.push(out.length);
  expect(steps).toEqual([STAYS_A_STEP, STAYS_A_STEP, 5]);
  const left = beside(gateway, (database) => database.prepare("SELECT left_at FROM attendances").pluck().all());
  expect(left.filter((at) => at === 4_000_000_000_000)).toHaveLength(2 * STAYS_A_STEP + 5);
  expect(count(gateway, "events WHERE type = 'attendance.left'")).toBe(2 * STAYS_A_STEP + 5);
  // Whom this process sees stays inside.
  expect(count(gateway, "stays WHERE left_at IS NULL")).toBe(1);
});

test("thousands of open sessions are looked at in steps; one that hangs and one that is empty are found in the last", async () => {
  const gateway = await boot(quiet);
  const { services } = gateway.opened;
  await startMeeting(gateway, await createMeeting(gateway));
  const many = 2 * SESSIONS_A_STEP;
  beside(gateway, (database) =>
    database.exec(`INSERT INTO meetings (id, license_id, title_key, settings, created_at, updated_at)
        ${numbers(many)} SELECT printf('ffffffff-%06d', i), license_id, title_key, settings, i, i FROM n, (SELECT * FROM meetings) AS one;
      INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings, started_at, engine)
        SELECT 's' || m.id, m.license_id, m.id, 'RUNNING', 'x', '{}', 1, engine FROM meetings m, (SELECT engine FROM sessions) AS one
        WHERE m.id LIKE 'ffffffff-%';
      UPDATE licenses SET running_count = running_count + ${many} WHERE id IN (SELECT license_id FROM meetings);
      UPDATE sessions SET status = 'STARTING' WHERE id = (SELECT max(id) FROM sessions);
      UPDATE sessions SET empty_since = 1 WHERE id = (SELECT max(id) FROM sessions WHERE status = 'RUNNING')`),
  );
  const look = async () => {
    await endEmptyRooms(services, 1)();
    await settleStuckSessions(services, () => true);
  };
  expect(await mostRows("sessions", look)).toBe(SESSIONS_A_STEP);
  expect(count(gateway, "sessions WHERE status = 'FAILED'")).toBe(1);
  expect(count(gateway, "sessions WHERE end_cause = 'EMPTY'")).toBe(1);
  expect(count(gateway, "sessions WHERE ended_at IS NULL")).toBe(many - 1);
});

test("a session ends for all who are inside at one instant, with few statements for each", async () => {
  const gateway = await boot(quiet);
  const { services } = gateway.opened;
  const meetingId = await createMeeting(gateway);
  const links = [await startMeeting(gateway, meetingId)];
  for (let at = 0; at < 20; at += 1) links.push(await joinMeeting(gateway, meetingId, `p${at}`));
  for (const link of links) await letIn(services, link);
  let statements = 0;
  const stop = watchStatements(() => (statements += 1));
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  stop();
  expect(statements).toBeLessThan(4 * links.length);
  expect(
    count(
      gateway,
      "(SELECT left_at FROM attendances UNION SELECT left_at FROM stays UNION SELECT ended_at FROM sessions) AS ends",
    ),
  ).toBe(1);
});

const DAY = 86_400_000;

test("events of too long ago are forgotten in steps, all but the last; as `after` they are then unknown", async () => {
  const gateway = await boot(quiet);
  const { services } = gateway.opened;
  const old = services.clock.now().getTime() - 91 * DAY;
  const many = 2 * FORGOTTEN_A_STEP + 3;
  beside(gateway, (database) =>
    database.exec(`DELETE FROM events;
      INSERT INTO events (id, license_id, type, occurred_at, door, facts) ${numbers(many)}
      SELECT printf('ffffffff-0000-7000-8000-%012d', i), (SELECT max(id) FROM licenses), 'session.started',
        CASE WHEN i <= ${many - 2} THEN ${old} ELSE ${old + 2 * DAY} END, 'SYSTEM', '{}' FROM n`),
  );
  const versions = () => beside(gateway, (database) => database.prepare("SELECT id, version FROM licenses").all());
  const before = versions();
  expect(await mostRows("events", () => forgetWhatIsOver(services, gateway.opened.config.retention))).toBe(
    FORGOTTEN_A_STEP,
  );
  expect(count(gateway, "events")).toBe(2);
  expect(versions()).toEqual(before);
  gateway.clock.forward(100 * DAY);
  await forgetWhatIsOver(services, gateway.opened.config.retention);
  expect(count(gateway, "events")).toBe(1);
  await forgetWhatIsOver(services, { events: 0, recordings: 0, sessions: 0 });
  expect(count(gateway, "events")).toBe(1);
});

test("sessions go as long after their end as is configured, with all below them, and partners' lists are read anew", async () => {
  const gateway = await boot({ ...quiet, env: { RETENTION_SESSIONS_DAYS: "100" } });
  const { services, config } = gateway.opened;
  const { meetingId, sessionId: gone, join } = await runningMeeting(gateway);
  await letIn(services, await join("John Doe"));
  beside(gateway, (database) =>
    database.exec(`INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at, left_at)
        ${numbers(FORGOTTEN_A_STEP)} SELECT 'a' || i, license_id, session_id, 'x', 'x', 'VIEWER', joined_at, joined_at
        FROM n, (SELECT * FROM attendances) AS one;
      INSERT INTO stays (id, attendance_id, session_id, joined_at, left_at, source)
        SELECT 's' || id, id, session_id, joined_at, joined_at, 'LIVE' FROM attendances WHERE id LIKE 'a%'`),
  );
  insertRecording(gateway, gone, { created_at: 1, updated_at: 1 });
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  gateway.clock.forward(10 * DAY);
  const held = sessionOf(await startMeeting(gateway, meetingId));
  insertRecording(gateway, held, { updated_at: gateway.clock.now().getTime() + 85 * DAY });
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  gateway.clock.forward(85 * DAY);
  const kept = sessionOf(await startMeeting(gateway, meetingId));
  const path = `list_sessions?meeting_id=${meetingId}`;
  const sessions = async () => (await gateway.v1(path)).body.data.map((row: { session_id: string }) => row.session_id);
  expect(await sessions()).toEqual([gone, held, kept]);

  await forgetWhatIsOver(services, config.retention);
  expect(await sessions()).toEqual([gone, held, kept]);
  gateway.clock.forward(16 * DAY);
  await forgetWhatIsOver(services, { ...config.retention, sessions: 0 });
  expect(await sessions()).toEqual([gone, held, kept]);
  expect(await mostRows("delete", () => forgetWhatIsOver(services, config.retention))).toBe(FORGOTTEN_A_STEP);
  // What was recorded changed ten days ago: its session waits for that.
  expect(await sessions()).toEqual([held, kept]);
  expect(count(gateway, "attendances")).toBe(0);
  expect(count(gateway, "stays")).toBe(0);
  expect(count(gateway, "recordings")).toBe(1);
  const { body } = await gateway.graphql(
    '{ sessions { totalCount } license { usage(period: { from: "2000-01-01T00:00:00Z" }) { sessionsStarted } } }',
  );
  expect(body.data.sessions.totalCount).toBe(2);
  expect(body.data.license.usage.sessionsStarted).toBe(3);
  expect(beside(gateway, (database) => database.pragma("foreign_key_check"))).toEqual([]);
});

test("a process that is long gone is forgotten, unless somebody is still to be counted out of it", async () => {
  const gateway = await boot(quiet);
  const { services, config } = gateway.opened;
  await letIn(services, await startMeeting(gateway, await createMeeting(gateway)));
  beside(gateway, (database) =>
    database.exec(`INSERT INTO instances (id, started_at, seen_at) VALUES ('gone', 1, 1), ('needed', 1, 1);
      UPDATE stays SET instance_id = 'needed'`),
  );
  gateway.clock.forward(60 * DAY);
  await forgetWhatIsOver(services, config.retention);
  expect(count(gateway, "instances WHERE id = 'gone'")).toBe(0);
  expect(count(gateway, "instances")).toBe(2);
});

test("a deleted meeting goes in steps thirty days later, unless a session of it may still be shown", async () => {
  const gateway = await boot({ ...quiet, env: { RETENTION_SESSIONS_DAYS: "100" } });
  const { services, config } = gateway.opened;
  const [gone, kept, live] = [await createMeeting(gateway), await createMeeting(gateway), await createMeeting(gateway)];
  const sessionId = sessionOf(await startMeeting(gateway, kept));
  await gateway.v1(`end_meeting?meeting_id=${kept}`);
  for (const id of [gone, kept]) await gateway.v1(`delete_scheduled_meeting?meeting_id=${id}`, { method: "DELETE" });
  // A whole step of those that are still needed stands before the others.
  beside(gateway, (database) =>
    database.exec(`INSERT INTO meetings (id, license_id, title_key, settings, created_at, updated_at, deleted_at)
        ${numbers(3 * FORGOTTEN_A_STEP)} SELECT printf('ffffffff-0000-7000-8000-%012d', i), license_id, title_key, settings, 1, 1, i
        FROM n, (SELECT * FROM meetings WHERE id = '${kept}') AS one;
      INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings, started_at, ended_at, engine)
        SELECT m.id, m.license_id, m.id, 'ENDED', 'x', '{}', one.ended_at, one.ended_at, one.engine
        FROM meetings m, (SELECT * FROM sessions WHERE id = '${sessionId}') AS one WHERE m.id LIKE 'ffffffff%' AND m.id <= 'ffffffff-0000-7000-8000-000000000${FORGOTTEN_A_STEP}'`),
  );
  const forget = () => forgetWhatIsOver(services, config.retention);
  gateway.clock.forward(29 * DAY);
  expect(await mostRows("meetings", forget)).toBe(FORGOTTEN_A_STEP);
  expect(count(gateway, "meetings WHERE id LIKE 'ffffffff%'")).toBe(FORGOTTEN_A_STEP);
  expect(count(gateway, "meetings")).toBe(FORGOTTEN_A_STEP + 3);
  gateway.clock.forward(2 * DAY);
  await forget();
  expect(count(gateway, `meetings WHERE id IN ('${kept}', '${live}')`)).toBe(2);
  expect(count(gateway, `meetings WHERE id = '${gone}'`)).toBe(0);
  const { status } = await gateway.v1(`list_attendance?session_id=${sessionId}`);
  expect(status).toBe(200);
  // With its sessions it goes, too.
  gateway.clock.forward(100 * DAY);
  await forget();
  expect(count(gateway, "meetings")).toBe(1);
  const { body } = await gateway.v1("list_meetings");
  expect(body.data).toHaveLength(1);
});
