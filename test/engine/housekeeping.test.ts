import { expect, test } from "vitest";
import { endEmptyRooms } from "../../src/domain/session/empty-rooms.js";
import { SESSIONS_A_STEP } from "../../src/domain/session/open-sessions.js";
import { closeAbandonedStays, settleStuckSessions, STAYS_A_STEP } from "../../src/domain/session/settle-sessions.js";
import { FORGOTTEN_A_STEP, forgetWhatIsOver } from "../../src/housekeeping.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, letIn, startMeeting } from "../helpers/meetings.js";
import { quiet, watchStatements } from "../helpers/rows.js";
import { openBeside } from "../v1/calls.js";

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
      FROM n, (SELECT * FROM idempotency)`),
  );
  const forget = () => forgetWhatIsOver(gateway.opened.services);
  expect(await mostRows("idempotency", forget)).toBe(FORGOTTEN_A_STEP);
  expect(count(gateway, "idempotency")).toBe(1);
});

test("people of a dead process are counted out in steps, all of them at the moment it was last alive", async () => {
  const gateway = await boot(quiet);
  const { services } = gateway.opened;
  const meetingId = await createMeeting(gateway);
  await letIn(services, await startMeeting(gateway, meetingId));
  beside(gateway, (database) =>
    database.exec(`INSERT INTO instances (id, started_at, seen_at) VALUES ('dead', 1, 4000000000000);
      INSERT INTO attendances (id, license_id, session_id, full_name, full_name_key, role, joined_at)
        ${numbers(2 * STAYS_A_STEP + 5)} SELECT 'a' || i, license_id, session_id, 'x', 'x', 'VIEWER', joined_at FROM n, (SELECT * FROM attendances);
      INSERT INTO stays (id, attendance_id, session_id, joined_at, source, instance_id)
        SELECT 's' || id, id, session_id, joined_at, 'LIVE', 'dead' FROM attendances WHERE id LIKE 'a%'`),
  );
  const steps: number[] = [];
  for await (const out of closeAbandonedStays(services)) steps.push(out.length);
  expect(steps).toEqual([STAYS_A_STEP, STAYS_A_STEP, 5]);
  expect(count(gateway, "attendances WHERE left_at = 4000000000000")).toBe(2 * STAYS_A_STEP + 5);
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
        ${numbers(many)} SELECT printf('ffffffff-%06d', i), license_id, title_key, settings, i, i FROM n, (SELECT * FROM meetings);
      INSERT INTO sessions (id, license_id, meeting_id, status, moderator_name, settings, started_at, engine)
        SELECT 's' || m.id, m.license_id, m.id, 'RUNNING', 'x', '{}', 1, engine FROM meetings m, (SELECT engine FROM sessions)
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
      "(SELECT left_at FROM attendances UNION SELECT left_at FROM stays UNION SELECT ended_at FROM sessions)",
    ),
  ).toBe(1);
});
