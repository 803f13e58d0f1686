import { expect, onTestFinished, test, vi } from "vitest";
import { revokeLicense } from "../../src/domain/license/revoke-license.js";
import { EngineUnavailable } from "../../src/engine/engine.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, type Gateway, type V1Answer } from "../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine, troubledBuiltin } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

const soon = { sweep: 40, stuck: 200 };

/** Another connection that keeps the right to write, so that the server's commits fail. */
function occupy({ folder }: Gateway): () => void {
  const other = openBeside({ folder });
  other.exec("BEGIN IMMEDIATE");
  const free = () => void other.close();
  onTestFinished(free);
  return free;
}

/** What the database says of each session, oldest first. */
function stored({ folder }: Gateway) {
  const db = openBeside({ folder });
  const rows = db.prepare("SELECT status, end_cause AS cause FROM sessions ORDER BY id").all();
  const counts = db.prepare("SELECT sum(running_count) FROM licenses").pluck().get();
  db.close();
  return { rows, running: Number(counts) };
}

/** Rewrites what a process that died in the middle would have left. */
function leaveBehind({ folder }: Gateway, status: "STARTING" | "ENDING", sessionId: string): void {
  const db = openBeside({ folder });
  db.prepare("UPDATE sessions SET status = ? WHERE id = ?").run(status, sessionId);
  db.close();
}

/** In what it says, and at once: the second call must not wait for a database that nobody is at work on. */
async function saidAtOnce(call: Promise<V1Answer>): Promise<[number, string]> {
  const began = performance.now();
  const { status, body } = await call;
  expect(performance.now() - began).toBeLessThan(5_000);
  return [status, body.error_messages?.[0] ?? body.success_message];
}

test("a start whose last commit fails: 503 that says so, no session, and the next start works as soon as the disk does", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep: 40 } });
  const meetingId = await createMeeting(gateway);
  const release = engine.hold("openRoom");
  const body = { meeting_id: meetingId, moderator_name: "m" };
  const start = () => gateway.v1("start_meeting", { method: "POST", body, language: "en" });
  const starting = start();
  await vi.waitUntil(() => engine.calls("openRoom") === 1);
  const free = occupy(gateway);
  release();
  const refused = [503, expect.stringMatching(/^The meeting was not started/)];
  expect(await saidAtOnce(starting)).toEqual(refused);
  expect(engine.calls("closeRoom")).toBe(1);
  expect(stored(gateway)).toEqual({ rows: [{ status: "STARTING", cause: null }], running: 1 });
  expect((await saidAtOnce(start()))[0]).toBe(503);
  free();
  await vi.waitUntil(() => stored(gateway).running === 0, { timeout: 5000 });
  expect(stored(gateway).rows).toEqual([{ status: "FAILED", cause: "LOST" }]);
  await startMeeting(gateway, meetingId);
});

test.each([
  ["the next call stores it, and says what that call always says", 60_000, 200],
  ["it is stored without another call as soon as the disk takes it", 40, 400],
])("an end whose last commit fails says that everyone is out; %s", async (_how, sweep, later) => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep } });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const release = engine.hold("closeRoom");
  const end = () => gateway.v1(`end_meeting?meeting_id=${meetingId}`, { language: "en" });
  const ending = end();
  await vi.waitUntil(() => engine.calls("closeRoom") === 1);
  const free = occupy(gateway);
  release();
  const refused = [503, expect.stringMatching(/^The meeting was ended and everyone was sent out/)];
  expect(await saidAtOnce(ending)).toEqual(refused);
  const endedBy = Date.now();
  expect(await saidAtOnce(end())).toEqual(refused);
  expect((await fetch(link)).status).toBe(410);
  free();
  if (later === 400) await vi.waitUntil(() => stored(gateway).running === 0, { timeout: 5000 });
  expect((await saidAtOnce(end()))[0]).toBe(later);
  expect(stored(gateway)).toEqual({ rows: [{ status: "ENDED", cause: "API" }], running: 0 });
  const { data } = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body;
  expect(Date.parse(data[0].session_end_time)).toBeLessThanOrEqual(endedBy);
});

test("an end that the engine refuses while nothing can be stored: 502, and the session runs on", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep: 40 } });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const release = engine.hold("closeRoom");
  const ending = gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await vi.waitUntil(() => engine.calls("closeRoom") === 1);
  engine.fail("closeRoom");
  const free = occupy(gateway);
  release();
  expect((await ending).status).toBe(502);
  free();
  await vi.waitUntil(() => stored(gateway).rows.some((row) => (row as { status: string }).status === "RUNNING"));
  expect((await fetch(link)).status).toBe(200);
});

test("a session that a call is still working on is left alone, however long the engine takes", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep: 20, stuck: 40 } });
  const meetingId = await createMeeting(gateway);
  engine.slow("openRoom", 300);
  engine.slow("closeRoom", 300);
  await startMeeting(gateway, meetingId);
  expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
  expect(stored(gateway)).toEqual({ rows: [{ status: "ENDED", cause: "API" }], running: 0 });
});

test.each([
  ["is out of order", (engine: ReturnType<typeof troubledBuiltin>) => engine.fail("closeRoom")],
  ["never answers", (engine: ReturnType<typeof troubledBuiltin>) => void engine.hold("closeRoom")],
])("a server starts although the engine %s; what was left half closed waits for the engine", async (_how, trouble) => {
  const before = await boot();
  const links = [];
  for (let times = 0; times < 2; times += 1) links.push(await startMeeting(before, await createMeeting(before)));
  await before.stop();
  leaveBehind(before, "STARTING", sessionOf(links[0] ?? ""));
  leaveBehind(before, "ENDING", sessionOf(links[1] ?? ""));

  const engine = troubledBuiltin();
  trouble(engine);
  const { folder } = before;
  const gateway = await boot({ folder, openEngine: engine.open, timings: { ...soon, engineWait: 200 } });
  expect(stored(gateway)).toEqual({
    rows: [
      { status: "FAILED", cause: "LOST" },
      { status: "ENDING", cause: null },
    ],
    running: 1,
  });
  engine.mend("closeRoom");
  engine.hold("closeRoom")();
  await vi.waitUntil(() => stored(gateway).running === 0, { timeout: 5000 });
  expect(stored(gateway).rows[1]).toEqual({ status: "ENDED", cause: "LOST" });
});

test("end-2: a room that the engine can't close keeps no other empty one open", async () => {
  let broken = "";
  const engine = troubledBuiltin();
  const gateway = await boot({
    env: { EMPTY_ROOM_MINUTES: "1" },
    timings: soon,
    openEngine(setting) {
      const opened = engine.open(setting);
      const closeRoom: typeof opened.engine.closeRoom = async (id, cause) => {
        if (id === broken) throw new EngineUnavailable("out of order");
        await opened.engine.closeRoom(id, cause);
      };
      return { ...opened, engine: { ...opened.engine, closeRoom } };
    },
  });
  broken = sessionOf(await startMeeting(gateway, await createMeeting(gateway)));
  await startMeeting(gateway, await createMeeting(gateway));
  gateway.clock.forward(61_000);
  await vi.waitUntil(() => stored(gateway).running === 1, { timeout: 5000 });
  const [first, second] = stored(gateway).rows;
  expect(second).toEqual({ status: "ENDED", cause: "EMPTY" });
  expect(first).toMatchObject({ cause: null });
});

test("revoking a license ends every session that the engine closes, and tells of the others", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first });
  const { id, key } = await gateway.license();
  for (let times = 0; times < 3; times += 1) {
    await startMeeting(gateway, await createMeeting(gateway, {}, { key }), {}, { key });
  }
  const { services } = gateway.opened;
  const revoke = () => revokeLicense(services, { door: "CLI" }, id as LicenseId, { endSessions: true });
  engine.fail("closeRoom");
  expect(await revoke()).toMatchObject({
    ended: 0,
    failures: Array.from({ length: 3 }, () => ({ code: "ENGINE_FAILED" })),
  });
  expect(engine.calls("closeRoom")).toBe(3);
  engine.mend("closeRoom");
  expect(await revoke()).toMatchObject({ ended: 3, failures: [] });
});

test("end-2: a session that another process ended is closed in a later round, when the engine could not at first", async () => {
  const engine = troubledBuiltin();
  const gateway = await boot({ openEngine: engine.open, env: { EMPTY_ROOM_MINUTES: "1" }, timings: soon });
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const inside = gateway.socket();
  await inside.enter(link);
  engine.fail("closeRoom");
  const db = openBeside(gateway);
  const end = "UPDATE sessions SET status = 'ENDED', ended_at = ?, end_cause = 'OPERATOR' WHERE id = ?";
  db.prepare(end).run(Date.now(), sessionOf(link));
  db.close();
  await vi.waitUntil(() => engine.calls("closeRoom") > 1, { timeout: 5000 });
  expect(inside.closed).toBeUndefined();

  // Meanwhile the rest of the house is kept: an engine that never answers holds up nothing else either.
  const release = engine.hold("closeRoom");
  const empty = sessionOf(await startMeeting(gateway, await createMeeting(gateway)));
  gateway.clock.forward(61_000);
  const statusOf = async (id: string) => (await gateway.opened.services.storage.read.sessions.findAnyones(id))?.status;
  await vi.waitUntil(async () => (await statusOf(empty)) === "ENDING", { timeout: 5000 });
  engine.mend("closeRoom");
  release();
  expect((await inside.closing()).code).toBe(4000);
});

test("/health/ready does not wait for ever for an engine that does not answer", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep: 20, engineCheck: 50 } });
  const release = engine.hold("check");
  await vi.waitUntil(async () => (await fetch(`${gateway.url}/health/ready`)).status === 503);
  release();
  await expect.poll(async () => (await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
});
