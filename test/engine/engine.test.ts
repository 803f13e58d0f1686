import { expect, test } from "vitest";
import { EngineRefused } from "../../src/engine/engine.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { testEngine, troubledBuiltin } from "../helpers/test-engine.js";

const used = async (gateway: Gateway) => {
  const { body } = await gateway.graphql("{ license { runningSessions { used } } }");
  return body.data.license.runningSessions.used as number;
};
const end = (gateway: Gateway, id: string) => gateway.v1(`end_meeting?meeting_id=${id}`);

test("sessions-2: a start that the engine fails: 502, EngineError, no session left open, and it can be started again", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first });
  const meetingId = await createMeeting(gateway);
  engine.fail("openRoom");
  const body = { meeting_id: meetingId, moderator_name: "m" };
  expect((await gateway.v1("start_meeting", { method: "POST", body })).status).toBe(502);
  engine.fail("openRoom", new EngineRefused("never"));
  const mutation = `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) { ... on EngineError { code retryable } } }`;
  const { data } = (await gateway.graphql(mutation)).body;
  expect(data.startMeeting).toEqual({ code: "ENGINE_FAILED", retryable: false });
  expect(await used(gateway)).toBe(0);
  engine.mend("openRoom");
  await startMeeting(gateway, meetingId);
  const sessions = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
  expect(sessions.map((row: { status: boolean }) => row.status)).toEqual([false, false, true]);
  expect(await used(gateway)).toBe(1);
});

test("an end that the engine fails: it runs on, people stay, and it can be ended again", async () => {
  const engine = troubledBuiltin();
  const gateway = await boot({ openEngine: engine.open });
  const meetingId = await createMeeting(gateway);
  const client = gateway.socket();
  await client.enter(await startMeeting(gateway, meetingId));
  engine.fail("closeRoom");
  expect((await end(gateway, meetingId)).status).toBe(502);
  expect(client.closed).toBeUndefined();
  await joinMeeting(gateway, meetingId, "late");
  engine.mend("closeRoom");
  expect((await end(gateway, meetingId)).status).toBe(200);
  expect(await used(gateway)).toBe(0);
});

test("a slow engine: a start, an end and a join that cross each other leave nothing half open", async () => {
  const engine = testEngine();
  engine.slow("openRoom", 150);
  engine.slow("closeRoom", 150);
  const gateway = await boot({ ...engine.first });
  const meetingId = await createMeeting(gateway);
  const starting = startMeeting(gateway, meetingId);
  const joining = joinMeeting(gateway, meetingId, "v").catch(() => "refused");
  const ending = end(gateway, meetingId);
  await Promise.allSettled([starting, joining, ending]);
  await end(gateway, meetingId);
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(false);
  expect(await used(gateway)).toBe(0);
});

test("an engine that does not answer makes the server not ready, and says so", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first });
  engine.fail("check");
  const response = await fetch(`${gateway.url}/health/ready`);
  expect([response.status, await response.json()]).toEqual([503, { status: "unavailable", failed: ["engine"] }]);
});

test("sessions a dead process left half opened have failed at the next start, half closed ones have ended", async () => {
  const gateway = await boot();
  const [opening, closing] = [await createMeeting(gateway), await createMeeting(gateway)];
  for (const id of [opening, closing]) await startMeeting(gateway, id);
  await gateway.stop();
  const { default: Sqlite } = await import("better-sqlite3");
  const db = new Sqlite(`${gateway.folder}/vconnct.sqlite`);
  db.prepare("UPDATE sessions SET status = 'STARTING' WHERE meeting_id = ?").run(opening);
  db.prepare("UPDATE sessions SET status = 'ENDING' WHERE meeting_id = ?").run(closing);
  db.close();
  const next = await boot({ folder: gateway.folder });
  const statusOf = async (id: string) => {
    const { body } = await next.v1(`list_sessions?meeting_id=${id}`, { key: gateway.key });
    return [body.data[0].status, body.data[0].session_end_time !== null];
  };
  expect([await statusOf(opening), await statusOf(closing)]).toEqual([
    [false, true],
    [true, true],
  ]);
  expect(await used({ ...next, graphql: (query) => next.graphql(query, {}, { key: gateway.key }) })).toBe(0);
});
