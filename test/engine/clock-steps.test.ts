import { describe, expect, test, vi } from "vitest";
import { ask, mutate, newMeeting, newToken, outcome, start } from "../graphql/ask.js";
import { boot, type Gateway, temporaryFolder } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECRET_KEY = "0123456789abcdef0123456789abcdef";

const v1Data = async (gateway: Gateway, path: string, key = gateway.key) => (await gateway.v1(path, { key })).body.data;
const isRunning = async (gateway: Gateway): Promise<boolean> => (await v1Data(gateway, "list_meetings"))[0].is_running;

/** Some rounds of housekeeping have looked at what there is. */
async function rounds({ opened }: Gateway, count = 3): Promise<void> {
  const { storage } = opened.services;
  const looked = vi.spyOn(storage.read.sessions, "listOpenAfter");
  // Each looks twice.
  await vi.waitUntil(() => looked.mock.calls.length >= 2 * count, { interval: 10 });
  looked.mockRestore();
}

describe("the clock is put an hour back while a session runs", () => {
  test("ends follow starts, leavings follow joinings, changes follow creations, and no list turns around, also after a restart", async () => {
    const folder = temporaryFolder();
    const gateway = await boot({ folder, env: { SECRET_KEY } });
    const first = await createMeeting(gateway, { title: "first" });
    const link = await startMeeting(gateway, first);
    const viewer = await joinMeeting(gateway, first, "viewer");
    const [moderator, guest] = [gateway.socket(), gateway.socket()];
    await moderator.enter(link);
    gateway.clock.forward(30_000);
    gateway.clock.put(-HOUR);
    await guest.enter(viewer);
    const second = await createMeeting(gateway, { title: "second" });
    gateway.clock.forward(60_000);
    await moderator.say({ type: "leave" });
    await guest.frame("left");
    await gateway.v1(`end_meeting?meeting_id=${first}`);
    await mutate(gateway, "updateMeeting", { meetingId: first, title: "changed" });
    await startMeeting(gateway, first);

    const meetings = await v1Data(gateway, "list_meetings");
    expect(meetings.map((row: Record<string, unknown>) => row["meeting_id"])).toEqual([first, second]);
    const fields = "startedAt endedAt attendances { nodes { joinedAt leftAt durationSeconds } }";
    const query = `{ meeting(id: "${first}") { createdAt updatedAt
      sessions(orderBy: { field: STARTED_AT, direction: ASC }) { nodes { ${fields} } } } }`;
    const { meeting } = await ask(gateway, query);
    expect(Date.parse(meeting.updatedAt)).toBeGreaterThanOrEqual(Date.parse(meeting.createdAt));
    const [over, running] = meeting.sessions.nodes;
    expect(running.endedAt).toBeNull();
    expect(Date.parse(over.endedAt)).toBeGreaterThanOrEqual(Date.parse(over.startedAt) + 88_000);
    expect(Date.parse(running.startedAt)).toBeGreaterThanOrEqual(Date.parse(over.endedAt));
    for (const { joinedAt, leftAt, durationSeconds } of over.attendances.nodes) {
      expect(Date.parse(leftAt)).toBeGreaterThanOrEqual(Date.parse(joinedAt));
      // An hour is not seen to have gone; a hundredth while the clock catches up is.
      expect(durationSeconds).toBeGreaterThanOrEqual(59);
      expect(durationSeconds).toBeLessThanOrEqual(97);
    }
    await gateway.stop();

    const again = await boot({ folder, env: { SECRET_KEY } });
    const third = await createMeeting(again, { title: "third" }, { key: gateway.key });
    const after = await v1Data(again, "list_meetings", gateway.key);
    expect(after.map((row: Record<string, unknown>) => row["meeting_id"])).toEqual([first, second, third]);
  });
});

test("a day back after wrong passwords: the wait is the one that was earned", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { moderatorPassword: "right" });
  const attempt = (moderatorPassword: string) =>
    mutate(gateway, "startMeeting", { meetingId, moderatorName: "m", moderatorPassword });
  for (let times = 0; times < 10; times += 1) await attempt("wrong");
  gateway.clock.put(-DAY);
  const refused = await attempt("right");
  expect([refused.__typename, refused.retryAfterSeconds]).toEqual(["TooManyAttemptsError", 1]);
  gateway.clock.forward(1_000);
  expect((await attempt("right")).__typename).toBe("StartMeetingSuccess");
});

describe("the clock is put two hours forward", () => {
  test("for a moment, or for longer: no fresh session ends as empty, and later it ends when it is due", async () => {
    const gateway = await boot({ timings: { sweep: 10, heartbeat: 10 } });
    await startMeeting(gateway, await createMeeting(gateway));
    await rounds(gateway);
    gateway.clock.put(2 * HOUR);
    await rounds(gateway);
    gateway.clock.put(-2 * HOUR);
    await rounds(gateway);
    expect(await isRunning(gateway)).toBe(true);
    gateway.clock.put(2 * HOUR);
    // Long enough to be believed.
    gateway.clock.forward(61_000);
    await rounds(gateway);
    gateway.clock.forward(57 * 60_000);
    await rounds(gateway);
    expect(await isRunning(gateway)).toBe(true);
    gateway.clock.forward(2 * 60_000);
    await vi.waitUntil(async () => !(await isRunning(gateway)));
  });

  test("what just opens is not taken for lost, and no call waits longer or shorter", async () => {
    const engine = testEngine();
    const gateway = await boot({ openEngine: engine.open, timings: { sweep: 10, stuck: 20_000, engineWait: 400 } });
    const meetingId = await createMeeting(gateway);
    const call = { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" } };
    const release = engine.hold("openRoom");
    const starting = gateway.v1("start_meeting", call);
    await vi.waitUntil(() => engine.calls("openRoom") === 1);
    const other = gateway.v1("start_meeting", call);
    gateway.clock.put(2 * HOUR);
    await rounds(gateway);
    release();
    expect([(await starting).status, (await other).status]).toEqual([200, 200]);
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);

    const again = engine.hold("openRoom");
    const late = gateway.v1("start_meeting", call);
    await vi.waitUntil(() => engine.calls("openRoom") === 2);
    gateway.clock.put(-DAY);
    expect((await late).status).toBe(502);
    again();
  });

  test("what a dead process left half open is given its time all the same", async () => {
    const gateway = await boot({ timings: { sweep: 10, stuck: 20_000 } });
    await startMeeting(gateway, await createMeeting(gateway));
    const db = openBeside(gateway);
    db.exec("UPDATE sessions SET status = 'STARTING'");
    const status = db.prepare("SELECT status FROM sessions").pluck();
    await rounds(gateway);
    gateway.clock.put(2 * HOUR);
    await rounds(gateway);
    expect(status.get()).toBe("STARTING");
    gateway.clock.forward(20_000);
    await vi.waitUntil(() => status.get() === "FAILED");
    db.close();
  });

  test("a license and a token are over as long as the clock says so; what is sent again is still known", async () => {
    const gateway = await boot();
    const { key } = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + HOUR) });
    const { call } = await newToken(gateway, ["MEETINGS_READ"], { expiresInSeconds: 3600 });
    const input = { title: "once", idempotencyKey: "k" };
    const made = await newMeeting(gateway, input);
    const answers = async () => {
      const [license, token] = await Promise.all([
        gateway.v1("list_meetings", { key }),
        outcome(gateway, "{ meetings { totalCount } }", {}, call),
      ]);
      return [license.status, token.status, token.codes[0], await newMeeting(gateway, input)];
    };
    gateway.clock.put(26 * HOUR);
    expect(await answers()).toEqual([401, 401, "TOKEN_EXPIRED", made]);
    gateway.clock.put(-26 * HOUR);
    expect(await answers()).toEqual([200, 200, undefined, made]);
  });

  test("the minute of v1's calls and of a link's entries is a minute, too", async () => {
    const gateway = await boot({ env: { CALLS_PER_MINUTE: "10" } });
    const call = () => gateway.v1("list_general_meeting_setting");
    for (let times = 0; times < 10; times += 1) await call();
    for (const ms of [2 * HOUR, -DAY]) {
      gateway.clock.put(ms);
      const { status, headers } = await call();
      const seconds = Number(headers.get("retry-after"));
      expect([status, seconds > 50, seconds <= 60]).toEqual([429, true, true]);
    }
    gateway.clock.forward(60_000);
    expect((await call()).status).toBe(200);
  });

  test("the budget's minute lasts a minute, whichever way the clock is put", async () => {
    const gateway = await boot({ env: { POINTS_PER_MINUTE: "200" } });
    const spend = () => outcome(gateway, "{ rateLimit { remaining } }");
    expect((await spend()).data.rateLimit.remaining).toBe(200 - 21 - 8);
    for (const ms of [2 * HOUR, -DAY]) {
      gateway.clock.put(ms);
      const { data, headers } = await spend();
      expect(data.rateLimit.remaining).toBeLessThan(200 - 21 - 8);
      const seconds = Number(headers.get("ratelimit-reset"));
      expect([seconds > 50, seconds <= 60]).toEqual([true, true]);
    }
    gateway.clock.forward(60_000);
    expect((await spend()).data.rateLimit.remaining).toBe(200 - 21);
  });
});

test("someone inside who comes back after the clock was put goes on with the same stay, and another's list is in order", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const { joinUrl, sessionId } = await start(gateway, meetingId);
  await gateway.socket().enter(joinUrl);
  gateway.clock.put(-HOUR);
  await gateway.socket().enter(joinUrl);
  await gateway.socket().enter(await joinMeeting(gateway, meetingId, "later"));
  const query = `{ node(id: "${sessionId}") { ... on Session { attendances(orderBy: { field: JOINED_AT, direction: ASC }) {
    nodes { fullName stays { totalCount } } } } } }`;
  const { nodes } = (await ask(gateway, query)).node.attendances;
  expect(
    nodes.map(({ fullName, stays }: { fullName: string; stays: { totalCount: number } }) => [
      fullName,
      stays.totalCount,
    ]),
  ).toEqual([
    ["Mod", 1],
    ["later", 1],
  ]);
});
