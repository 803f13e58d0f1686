import { expect, test, vi } from "vitest";
import { timings } from "../../src/timings.js";
import { boot, type BootOptions, type V1Answer } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";

/** A meeting whose start the engine keeps waiting. */
async function startHeld(options: BootOptions = {}) {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, ...options });
  const meetingId = await createMeeting(gateway, { title: "Algebra" });
  const release = engine.hold("openRoom");
  const start = (body: object = {}) =>
    gateway.v1("start_meeting", { method: "POST", body: { meeting_id: meetingId, moderator_name: "m", ...body } });
  const first = start();
  await vi.waitUntil(() => engine.calls("openRoom") === 1);
  const sessions = async () => (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
  const used = async () =>
    (await gateway.graphql("{ license { runningSessions { used } } }")).body.data.license.runningSessions.used;
  return { engine, gateway, meetingId, release, start, first, sessions, used };
}

const sessionIn = ({ body }: V1Answer): string => sessionOf(body.data.url);

/** Long enough for a call to be in the server; were it answered by then, it did not wait. */
async function stillWaits(call: Promise<unknown>): Promise<boolean> {
  const later = new Promise((resolve) => setTimeout(resolve, 150, "waits"));
  return (await Promise.race([call.then(() => "answered"), later])) === "waits";
}

test("start-5: a start or a join that meets a session just being started waits, and leads into that session", async () => {
  const { gateway, meetingId, release, start, first, engine } = await startHeld();
  const second = start();
  const joining = joinMeeting(gateway, meetingId, "viewer");
  expect([await stillWaits(second), await stillWaits(joining)]).toEqual([true, true]);
  release();
  const sessionId = sessionIn(await first);
  expect([sessionIn(await second), sessionOf(await joining)]).toEqual([sessionId, sessionId]);
  expect(engine.calls("openRoom")).toBe(1);
});

test("start-5: a start that waited and contradicts what came of it is refused with 400", async () => {
  const { release, start, first } = await startHeld();
  const other = start({ title: "Geometry" });
  expect(await stillWaits(other)).toBe(true);
  release();
  expect([(await first).status, (await other).status]).toEqual([200, 400]);
});

test("start-5, sessions-2: while it is being started a session is shown as running, and can't be deleted", async () => {
  const { gateway, meetingId, release, first, sessions } = await startHeld();
  expect(await sessions()).toMatchObject([{ status: true, session_end_time: null }]);
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
  const deleted = await gateway.v1(`delete_scheduled_meeting?meeting_id=${meetingId}`, { method: "DELETE" });
  expect(deleted.status).toBe(400);
  release();
  await first;
});

test("start-5, sessions-2: the engine fails a slow start: who waited gets 502 too, and nothing is left open", async () => {
  const { engine, release, start, first, sessions, used } = await startHeld();
  const second = start();
  expect(await stillWaits(second)).toBe(true);
  engine.fail("openRoom");
  release();
  expect([(await first).status, (await second).status]).toEqual([502, 502]);
  expect([await sessions(), await used()]).toEqual([[expect.objectContaining({ status: false })], 0]);
  engine.mend("openRoom");
  expect((await start()).status).toBe(200);
});

test("start-5: an engine that never answers is waited for 15 s, by whoever calls; then 502, and it can be tried again", async () => {
  expect(timings.engineWait).toBe(15_000);
  const { gateway, meetingId, engine, release, start, first, sessions, used } = await startHeld({
    timings: { engineWait: 500 },
  });
  const body = {
    query: `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) {
    ... on EngineError { code retryable } } }`,
  };
  const second = gateway.graphql(body.query);
  expect((await first).status).toBe(502);
  expect((await second).body.data.startMeeting).toEqual({ code: "ENGINE_FAILED", retryable: true });
  expect([(await sessions()).map((row: { status: boolean }) => row.status), await used()]).toEqual([[false], 0]);
  // Should the room have opened after all, or open only now, nobody may stay in it.
  await vi.waitUntil(() => engine.calls("closeRoom") === 1);
  release();
  await vi.waitUntil(() => engine.calls("closeRoom") === 2);
  expect(engine.rooms.size).toBe(0);
  expect((await start()).status).toBe(200);
});

test("end-1: an engine that never answers an end: 502, the meeting runs on, and can be ended again", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { engineWait: 300 } });
  const meetingId = await createMeeting(gateway);
  const start = { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" } };
  const sessionId = sessionIn(await gateway.v1("start_meeting", start));
  const release = engine.hold("closeRoom");
  const end = () => gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const [first, second] = [end(), end()];
  expect([(await first).status, (await second).status]).toEqual([502, 502]);
  expect(sessionIn(await gateway.v1("start_meeting", start))).toBe(sessionId);
  release();
  expect((await end()).status).toBe(200);
});

test("start-5: a start that meets an ending and then another's start waits no longer for both than for one", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { engineWait: 2_000 } });
  const meetingId = await createMeeting(gateway);
  const start = () =>
    gateway.v1("start_meeting", { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" } });
  await start();
  const release = engine.hold("closeRoom");
  const ending = gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await vi.waitUntil(() => engine.calls("closeRoom") === 1);
  engine.hold("openRoom");
  const asked = Date.now();
  const starting = [start(), start()];
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  release();
  expect((await ending).status).toBe(200);
  expect((await Promise.all(starting)).map(({ status }) => status)).toEqual([502, 502]);
  expect(Date.now() - asked).toBeLessThan(3_000);
});
