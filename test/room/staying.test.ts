import { expect, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { attendances, until } from "./rows.js";

async function twoInside(gateway: Gateway, body: object = {}) {
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId, body);
  const viewerLink = await joinMeeting(gateway, meetingId, "viewer");
  const moderator = gateway.socket();
  await moderator.enter(link);
  const viewer = gateway.socket();
  await viewer.enter(viewerLink);
  return { meetingId, link, viewerLink, moderator, viewer, sessionId: sessionOf(link) };
}

const gone = (gateway: Gateway, sessionId: string) =>
  until(async () =>
    (await attendances(gateway, sessionId)).find(({ fullName, leftAt }) => fullName === "viewer" && leftAt),
  );

test("room-1: who comes and goes is told to everyone else", async () => {
  const gateway = await boot();
  const { moderator, viewer } = await twoInside(gateway);
  expect((await moderator.frame("joined")).person).toMatchObject({ name: "viewer", role: "viewer" });
  await viewer.say({ type: "leave" });
  expect((await moderator.frame("left")).person).toMatchObject({ name: "viewer", role: "viewer" });
  expect(viewer.frames.map(({ type }) => type)).not.toContain("joined");
});

test("leave-1, attendance-1: leaving frees the place at once; coming back adds a stay and no row", async () => {
  const gateway = await boot();
  const { viewer, viewerLink, sessionId } = await twoInside(gateway);
  const [, before] = await attendances(gateway, sessionId);
  await viewer.say({ type: "leave" });
  const left = await gone(gateway, sessionId);
  expect((await viewer.closing()).code).toBe(1000);
  expect(left.stays).toEqual([{ joinedAt: before?.joinedAt, leftAt: left.leftAt, source: "LIVE" }]);
  await gateway.socket().enter(viewerLink);
  const rows = await attendances(gateway, sessionId);
  expect(rows).toHaveLength(2);
  expect([rows[1]?.joinedAt, rows[1]?.leftAt, rows[1]?.stays.length]).toEqual([before?.joinedAt, null, 2]);
});

test("leave-2: a broken line holds the place; back in time the same stay goes on, and nobody is told", async () => {
  const gateway = await boot({ timings: { hold: 5_000 } });
  const { viewer, viewerLink, sessionId, moderator } = await twoInside(gateway);
  viewer.cut();
  await viewer.closing();
  const back = await gateway.socket().enter(viewerLink);
  expect(back.people).toHaveLength(2);
  const [, row] = await attendances(gateway, sessionId);
  expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
  expect(moderator.frames.map(({ type }) => type)).toEqual(["entered", "joined"]);
});

test("leave-2: not back in time, the person left when the line broke", async () => {
  const gateway = await boot({ timings: { hold: 700 } });
  const { viewer, sessionId, moderator } = await twoInside(gateway);
  const cutAt = Date.now();
  viewer.cut();
  await moderator.frame("left");
  const { leftAt } = await gone(gateway, sessionId);
  expect(Date.parse(leftAt ?? "") - cutAt).toBeLessThan(600);
});

test("leave-2: who misses two pings left at the last sign of life", async () => {
  const gateway = await boot({ timings: { ping: 150, hold: 100 } });
  const { viewer, sessionId } = await twoInside(gateway);
  // The library answers pings by itself; a paused socket answers nothing.
  viewer.socket.pause();
  const { leftAt, joinedAt } = await gone(gateway, sessionId);
  expect(Date.parse(leftAt ?? "")).toBeGreaterThanOrEqual(Date.parse(joinedAt));
  viewer.socket.resume();
});

test("enter-3, attendance-2: a newer socket of the same link takes over; the older closes with 4001", async () => {
  const gateway = await boot();
  const { viewer, viewerLink, sessionId, moderator } = await twoInside(gateway);
  const newer = gateway.socket();
  expect((await newer.enter(viewerLink)).people).toHaveLength(2);
  expect((await viewer.closing()).code).toBe(4001);
  const [, row] = await attendances(gateway, sessionId);
  expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
  expect(moderator.frames.map(({ type }) => type)).toEqual(["entered", "joined"]);
  expect(newer.closed).toBeUndefined();
});

test("leave-3: a moderator inside ends it for everyone; a viewer can't, whatever the frame says", async () => {
  const gateway = await boot();
  const { meetingId, moderator, viewer } = await twoInside(gateway);
  await viewer.say({ type: "end", role: "moderator", person: { role: "moderator" } });
  expect((await viewer.frame("refused")).code).toBe("NOT_ENDED");
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
  await moderator.say({ type: "end" });
  for (const client of [moderator, viewer]) {
    await client.frame("ended");
    expect((await client.closing()).code).toBe(4000);
  }
  await until(async () => !(await gateway.v1("list_meetings")).body.data[0].is_running);
  expect((await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data[0].session_end_time).not.toBeNull();
});

test("end-2: a room empty for EMPTY_ROOM_MINUTES since its start or the last leaving ends; with people inside it doesn't", async () => {
  const gateway = await boot({ env: { EMPTY_ROOM_MINUTES: "1.5" }, timings: { sweep: 50 } });
  const { viewer, moderator, meetingId } = await twoInside(gateway);
  const never = await createMeeting(gateway);
  await startMeeting(gateway, never);
  const isRunning = async () => {
    const { data } = (await gateway.v1("list_meetings")).body;
    return Object.fromEntries(
      data.map((row: { meeting_id: string; is_running: boolean }) => [row.meeting_id, row.is_running]),
    );
  };
  gateway.clock.forward(80_000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await isRunning()).toEqual({ [meetingId]: true, [never]: true });
  gateway.clock.forward(20_000);
  await until(async () => !(await isRunning())[never]);
  expect((await isRunning())[meetingId]).toBe(true);
  for (const client of [viewer, moderator]) {
    await client.say({ type: "leave" });
    await client.closing();
  }
  gateway.clock.forward(100_000);
  await until(async () => !(await isRunning())[meetingId]);
});

test("end-2: with 0 an empty room runs on", async () => {
  const gateway = await boot({ env: { EMPTY_ROOM_MINUTES: "0" }, timings: { sweep: 20 } });
  await startMeeting(gateway, await createMeeting(gateway));
  gateway.clock.forward(1_000 * 60 * 60 * 24 * 30);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
});

test("drain-1: a restart cuts lines with 1012 and keeps places; who is back goes on, the others left when it stopped", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "http://meet.example" } });
  const { moderator, viewer, link, sessionId } = await twoInside(gateway);
  const stopping = Date.now();
  await gateway.stop();
  for (const client of [moderator, viewer]) expect((await client.closing()).code).toBe(1012);
  const stopped = Date.now();

  const next = await boot({
    folder: gateway.folder,
    env: { PUBLIC_URL: "http://meet.example" },
    timings: { recover: 2_500 },
  });
  const back = next.socket();
  expect((await back.enter(link)).people).toHaveLength(2);
  expect((await back.frame("left")).person.name).toBe("viewer");
  const [first, second] = await attendances(next, sessionId, gateway.key);
  expect([first?.leftAt, first?.stays.length]).toEqual([null, 1]);
  expect(second?.stays.map(({ source }) => source)).toEqual(["RECOVERED"]);
  expect(Date.parse(second?.leftAt ?? "")).toBeGreaterThanOrEqual(stopping);
  expect(Date.parse(second?.leftAt ?? "")).toBeLessThanOrEqual(stopped);
});
