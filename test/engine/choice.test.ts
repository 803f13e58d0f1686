import { expect, test, vi } from "vitest";
import { boot, type BootOptions, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

/** What the operator will do once licenses may name an engine. */
function giveEngine({ folder }: Gateway, licenseId: string, engine: string): void {
  const db = openBeside({ folder });
  db.prepare("UPDATE licenses SET engine = ? WHERE id = ?").run(engine, licenseId);
  db.close();
}

const engineNameOf = async ({ opened }: Gateway, link: string) =>
  (await opened.services.storage.read.sessions.findAnyones(sessionOf(link)))?.engine;

test("a license's engine runs its sessions, beside the default one; each session stays with its own", async () => {
  const engine = testEngine();
  const gateway = await boot({ engines: engine.first.engines });
  const { id, key } = await gateway.license();
  const [plain, own] = [await createMeeting(gateway), await createMeeting(gateway, {}, { key })];
  const before = await startMeeting(gateway, own, {}, { key });
  giveEngine(gateway, id, "test");
  const links = [await startMeeting(gateway, plain), await joinMeeting(gateway, own, "v", {}, { key })];
  await gateway.v1(`end_meeting?meeting_id=${own}`, { key });
  const after = await startMeeting(gateway, own, {}, { key });
  const names = await Promise.all([before, ...links, after].map((link) => engineNameOf(gateway, link)));
  expect(names).toEqual(["builtin", "builtin", "builtin", "test"]);
  expect(engine.calls("openRoom")).toBe(1);
});

test("a license that names an engine which is not here: 502, it says that trying again won't help, and nothing is left", async () => {
  const gateway = await boot();
  const { id, key } = await gateway.license();
  giveEngine(gateway, id, "gone");
  const meetingId = await createMeeting(gateway, {}, { key });
  const body = { meeting_id: meetingId, moderator_name: "m" };
  expect((await gateway.v1("start_meeting", { method: "POST", body, key })).status).toBe(502);
  const mutation = `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) { ... on EngineError { code retryable } } }`;
  const { data } = (await gateway.graphql(mutation, {}, { key })).body;
  expect(data.startMeeting).toEqual({ code: "ENGINE_FAILED", retryable: false });
  const list = await gateway.v1(`list_sessions?meeting_id=${meetingId}`, { key });
  expect(list.body.data).toEqual([]);
  const used = await gateway.graphql("{ license { runningSessions { used } } }", {}, { key });
  expect(used.body.data.license.runningSessions.used).toBe(0);
});

/** Sessions of an engine that the next process does not have. */
async function leftAlone(statuses: string[], options: BootOptions = {}) {
  const engine = testEngine();
  const before = await boot(engine.first);
  const sessions = [];
  for (const status of statuses) {
    const meetingId = await createMeeting(before);
    const link = await startMeeting(before, meetingId);
    sessions.push({ meetingId, link, status });
  }
  await before.stop();
  const db = openBeside(before);
  for (const { link, status } of sessions) {
    db.prepare("UPDATE sessions SET status = ? WHERE id = ?").run(status, sessionOf(link));
  }
  db.close();
  const warnings: [object, string][] = [];
  const log = { warn: (facts: object, message: string) => void warnings.push([facts, message]), error: () => {} };
  const { folder, key } = before;
  const env = { PORT: new URL(before.url).port, EMPTY_ROOM_MINUTES: "0.0001" };
  const timings = { sweep: 20, stuck: 40, recover: 20 };
  const gateway = await boot({ folder, env, timings, log, ...options });
  return { gateway, sessions, warnings, key, engine };
}

test("a running session whose engine is gone: link, join, start and end are refused in words, and health is well", async () => {
  const { gateway, sessions, warnings, key } = await leftAlone(["RUNNING"]);
  const { meetingId, link } = sessions[0] ?? { meetingId: "", link: "" };
  const page = await fetch(link, { headers: { "accept-language": "en" } });
  expect([page.status, await page.text()]).toEqual([502, expect.stringContaining("The room can&#39;t be reached")]);
  const start = { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" }, key };
  const join = { method: "POST", body: { meeting_id: meetingId, fullname: "v", role: "viewer" }, key };
  const answers = [
    await gateway.v1("start_meeting", start),
    await gateway.v1("join_meeting", join),
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`, { key }),
  ];
  expect(answers.map(({ status, body }) => [status, body.status_code])).toEqual([
    [502, 502],
    [502, 502],
    [502, 502],
  ]);
  expect((await gateway.v1("list_meetings", { key })).body.data[0].is_running).toBe(true);
  expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
  expect((await gateway.socket().enter(link)).code).toBe("SESSION_OVER");
  const said = warnings.find(([, message]) => message.includes("not part of this server"));
  expect(said?.[0]).toEqual({ sessionId: sessionOf(link), engine: "test" });
});

test("what was half open at an engine that is gone has failed; half closed, it waits for the engine, without a word a second", async () => {
  const { gateway, sessions, warnings, engine, key } = await leftAlone(["STARTING", "ENDING"]);
  const statuses = async (of: Gateway) =>
    Promise.all(
      sessions.map(
        async ({ link }) => (await of.opened.services.storage.read.sessions.findAnyones(sessionOf(link)))?.status,
      ),
    );
  expect(await statuses(gateway)).toEqual(["FAILED", "ENDING"]);
  const before = warnings.length;
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(warnings.slice(before)).toEqual([]);
  await gateway.stop();
  const back = await boot({ ...engine.first, folder: gateway.folder });
  expect(await statuses(back)).toEqual(["FAILED", "ENDED"]);
  expect((await back.v1(`end_meeting?meeting_id=${sessions[1]?.meetingId}`, { key })).status).toBe(400);
});

test("end-2: an empty room is ended where this process sees into it; another engine ends its own, and says so", async () => {
  const engine = testEngine();
  const options = { env: { EMPTY_ROOM_MINUTES: "1" }, timings: { sweep: 20 } };
  const gateway = await boot({ ...engine.first, ...options });
  const meetingId = await createMeeting(gateway);
  const sessionId = sessionOf(await startMeeting(gateway, meetingId));
  const { id, key } = await gateway.license();
  giveEngine(gateway, id, "builtin");
  const own = await createMeeting(gateway, {}, { key });
  await startMeeting(gateway, own, {}, { key });
  gateway.clock.forward(61_000);
  const isRunning = async (of?: string) =>
    (await gateway.v1("list_meetings", of === undefined ? {} : { key: of })).body.data[0].is_running;
  await vi.waitUntil(async () => !(await isRunning(key)), { timeout: 5_000 });
  expect(await isRunning()).toBe(true);
  expect(await engine.tell().ended({ sessionId, source: "WEBHOOK" })).toBe(true);
  expect(await isRunning()).toBe(false);
  const ended = await gateway.opened.services.storage.read.sessions.findAnyones(sessionId);
  expect(ended?.endCause).toBe("ENGINE");
});

test("every engine is asked for its health, and one that no session needs makes no server unready", async () => {
  const engine = testEngine();
  engine.fail("check");
  const gateway = await boot({ engines: engine.first.engines });
  const ready = async () => (await fetch(`${gateway.url}/health/ready`)).json();
  const engines = [{ name: "test", answers: false, isDraining: false }];
  await vi.waitUntil(async () => JSON.stringify(await ready()).includes("false,"));
  expect(await ready()).toEqual({ status: "ok", failed: [], engines });
});
