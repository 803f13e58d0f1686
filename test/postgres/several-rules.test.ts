import { expect, test } from "vitest";
import type { Gateway, V1Answer } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { askPostgres } from "../helpers/postgres.js";
import { bootSeveral, type SeveralOptions } from "./several.js";

/** Two servers that know of each other. */
async function both(options: SeveralOptions = {}) {
  const { url, gateways } = await bootSeveral(2, { timings: { heartbeat: 100, sweep: 100 }, ...options });
  const counts = () => gateways.map(({ opened }) => opened.services.neighbours.count);
  await expect.poll(counts, { interval: 20 }).toEqual([2, 2]);
  const [one, other] = gateways as [Gateway, Gateway];
  /** So many calls, to one and the other in turn, all at once. */
  const atOnce = <T>(count: number, call: (gateway: Gateway, nth: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, nth) => call(nth % 2 ? other : one, nth)));
  return { url, one, other, atOnce };
}

/** How often each status came. */
function statuses(answers: readonly V1Answer[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
}

const start = (meetingId: string, body: object = {}) => ({
  method: "POST",
  body: { meeting_id: meetingId, moderator_name: "mod", ...body },
});

test("a meeting that is started at two servers at once has one session, and everyone a link into it", async () => {
  const { url, one, atOnce } = await both();
  const meetingId = await createMeeting(one);
  const links = await atOnce(8, (gateway) => startMeeting(gateway, meetingId));
  expect(new Set(links.map(sessionOf)).size).toBe(1);
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM sessions")).toEqual([{ n: 1 }]);
});

test("of ends at once at two servers one ends it, and the others are told that it does not run", async () => {
  const { url, one, atOnce } = await both();
  const meetingId = await createMeeting(one);
  await startMeeting(one, meetingId);
  const answers = await atOnce(6, (gateway) => gateway.v1(`end_meeting?meeting_id=${meetingId}`));
  expect(statuses(answers)[200]).toBe(1);
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM events WHERE type = 'session.ended'")).toEqual([
    { n: 1 },
  ]);
});

test("a license's limits hold over two servers: meetings, sessions that run, places in a room", async () => {
  const { one, other, atOnce } = await both();
  const { key } = await one.license({ maxMeetings: 3, maxRunning: 2, maxAttendance: 2 });
  const made = await atOnce(8, (gateway) => createMeeting(gateway, {}, { key }).catch(() => undefined));
  const meetings = made.filter((id) => id !== undefined);
  expect(meetings).toHaveLength(3);
  const started = await Promise.all(
    meetings.map((id, nth) => (nth % 2 ? other : one).v1("start_meeting/", { key, ...start(id) })),
  );
  expect(statuses(started)[200]).toBe(2);
  const running = meetings.find((_, nth) => started[nth]?.status === 200) ?? "";
  const links = await Promise.all(["a", "b", "c", "d"].map((name) => joinMeeting(one, running, name, {}, { key })));
  const entered = await Promise.all(links.map((link, nth) => (nth % 2 ? other : one).socket().enter(link)));
  expect(entered.filter(({ type }) => type === "entered")).toHaveLength(2);
});

test("of many who write what is one license's at two servers without a pause none is sent away", async () => {
  const { url, one, other } = await both();
  const line = async (_: unknown, nth: number) => {
    for (let made = 0; made < 20; made += 1) await createMeeting(nth % 2 ? other : one);
  };
  await Promise.all(Array.from({ length: 32 }, line));
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM meetings")).toEqual([{ n: 640 }]);
});

test("a call sent again to the other server, and at the same time, is done once", async () => {
  const { url, atOnce } = await both();
  const headers = { "idempotency-key": "again" };
  const ids = await atOnce(6, (gateway) => createMeeting(gateway, { title: "once" }, { headers }));
  expect(new Set(ids).size).toBe(1);
  expect(await askPostgres(url, "SELECT count(*)::integer AS n FROM meetings")).toEqual([{ n: 1 }]);
});

test("calls a minute and wrong passwords are counted over both servers", async () => {
  // Whoever is not heard of for three beats counts no more: a busy machine must not make it so.
  const timings = { heartbeat: 1_000, sweep: 1_000 };
  const { one, other, atOnce } = await both({ env: { CALLS_PER_MINUTE: "40" }, timings });
  const meetingId = await createMeeting(one, { moderator_password: "right" });
  const guess = (gateway: Gateway, nth: number) =>
    gateway.v1("start_meeting/", start(meetingId, { moderator_password: `wrong ${nth}` }));
  const guesses = await atOnce(24, guess);
  const tried = guesses.filter(({ text }) => !/\d/.test(JSON.parse(text).error_messages[0]));
  expect(tried).toHaveLength(10);
  const { key } = await one.license();
  expect(statuses(await atOnce(60, (gateway) => gateway.v1("list_meetings", { key })))).toEqual({ 200: 40, 429: 20 });
  expect((await other.v1("list_meetings")).headers.get("ratelimit-limit")).toBe("20");
});

test("a session that was left half ended by a server is settled once, by whichever looks", async () => {
  const { url, one, other } = await both({ timings: { heartbeat: 100, sweep: 50, stuck: 300 } });
  const meetingId = await createMeeting(one);
  await startMeeting(other, meetingId);
  await askPostgres(url, "UPDATE sessions SET status = 'ENDING'");
  const settled =
    "SELECT status, end_cause, (SELECT count(*)::integer FROM events WHERE type = 'session.ended') AS ends FROM sessions";
  await expect.poll(() => askPostgres(url, settled)).toEqual([{ status: "ENDED", end_cause: "LOST", ends: 1 }]);
});
