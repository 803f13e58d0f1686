import { expect, test } from "vitest";
import { followRooms } from "../../src/domain/following/rooms.js";
import { boot, type Gateway } from "../helpers/boot.js";

import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { quiet } from "../helpers/rows.js";
import { testEngine } from "../helpers/test-engine.js";
import { attendances, until } from "../room/rows.js";
import { openBeside } from "../helpers/beside.js";

/** A server that looks when the test says so. */
const still = { timings: { ...quiet.timings, follow: 3_600_000 } };

/** Two engines elsewhere of which the first runs everything, and a session with a viewer's link. */
async function followed() {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, ...still });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  return { engine, gateway, meetingId, link, sessionId: sessionOf(link), look: looker(gateway) };
}

/** One look, `after` so many milliseconds; done when all that follows from it is. */
function looker(gateway: Gateway) {
  const round = followRooms(gateway.opened.services);
  return async (after = 15_000) => {
    gateway.clock.forward(after);
    await round();
  };
}

function beside(gateway: Gateway, run: (database: ReturnType<typeof openBeside>) => unknown): void {
  const database = openBeside(gateway);
  run(database);
  database.close();
}

const session = ({ opened }: Gateway, id: string) => opened.services.storage.read.sessions.findAnyones(id);
const usedOf = async (gateway: Gateway) =>
  (await gateway.graphql("{ license { runningSessions { used } } }")).body.data.license.runningSessions.used;

test("who came and went is found by looking, where nothing is told: the first entry, and when they were last seen", async () => {
  const { engine, gateway, link, sessionId, look } = await followed();
  engine.nature.tells = false;
  await engine.enter(link);
  await look();
  const [found] = await attendances(gateway, sessionId);
  expect(found).toMatchObject({ fullName: "mod1", leftAt: null, stays: [{ source: "POLL", leftAt: null }] });
  await look();
  await look();
  const seen = gateway.clock.now().getTime();
  await engine.leave(link);
  for (let looks = 0; looks < 3; looks += 1) await look();
  expect((await attendances(gateway, sessionId))[0]?.leftAt).toBeNull();
  for (let looks = 0; looks < 2; looks += 1) await look();
  const [gone] = await attendances(gateway, sessionId);
  expect(gone?.joinedAt).toBe(found?.joinedAt);
  expect(Math.abs(Date.parse(gone?.leftAt ?? "") - seen)).toBeLessThan(1_000);
  expect(gone?.stays).toHaveLength(1);
});

test("what was told is not told again by looking: one stay, also of somebody whom the engine still names after they left", async () => {
  const { engine, gateway, link, sessionId, look } = await followed();
  await engine.enter(link);
  await look();
  const named = engine.rooms.get(sessionId)?.inside;
  const [id, there] = [...(named ?? [])][0] ?? [];
  await engine.leave(link, gateway.clock.now());
  if (id && there) named?.set(id, there);
  for (let looks = 0; looks < 4; looks += 1) await look();
  expect((await attendances(gateway, sessionId)).map(({ leftAt, stays }) => [leftAt !== null, stays.length])).toEqual([
    [true, 1],
  ]);
  // Longer than any engine is slow: they are there again.
  for (let looks = 0; looks < 2; looks += 1) await look();
  expect((await attendances(gateway, sessionId)).map(({ leftAt, stays }) => [leftAt, stays.length])).toEqual([
    [null, 2],
  ]);
});

test("an engine that keeps no ids: people are told apart by their names, each with the link they came by", async () => {
  const { engine, gateway, meetingId, link, sessionId, look } = await followed();
  Object.assign(engine.nature, { tells: false, knowsIds: false });
  const twins = [await joinMeeting(gateway, meetingId, "Twin"), await joinMeeting(gateway, meetingId, "Twin")];
  for (const each of [link, ...twins]) await engine.enter(each);
  for (let looks = 0; looks < 3; looks += 1) await look();
  const rows = await attendances(gateway, sessionId);
  expect(rows.map(({ fullName, stays }) => [fullName, stays.length])).toEqual([
    ["mod1", 1],
    ["Twin", 1],
    ["Twin", 1],
  ]);
  const ids = (await gateway.opened.services.storage.read.attendances.listInside(sessionId)).map(({ id }) => id);
  const ofLinks = [link, ...twins].map((each) => new URL(each).searchParams.get("personID"));
  expect(ids.toSorted()).toEqual(ofLinks.toSorted());
  await engine.leave(twins[0] as string);
  for (let looks = 0; looks < 6; looks += 1) await look();
  expect((await attendances(gateway, sessionId)).filter(({ leftAt }) => leftAt === null)).toHaveLength(2);
});

test("end-2: a room that is gone ends its session, at the time it was first missed; everyone is out and the place is free", async () => {
  const { engine, gateway, link, sessionId, look } = await followed();
  await engine.enter(link);
  await look();
  engine.rooms.delete(sessionId);
  await look();
  const missed = gateway.clock.now().getTime();
  expect((await session(gateway, sessionId))?.status).toBe("RUNNING");
  // Too soon after the first to be another look.
  await look(5_000);
  expect((await session(gateway, sessionId))?.status).toBe("RUNNING");
  await look(6_000);
  await until(async () => (await session(gateway, sessionId))?.status === "ENDED");
  const ended = await session(gateway, sessionId);
  expect(ended?.endCause).toBe("ENGINE");
  expect(Math.abs((ended?.endedAt?.getTime() ?? 0) - missed)).toBeLessThan(1_000);
  const [row] = await attendances(gateway, sessionId);
  expect(row?.leftAt).toBe(ended?.endedAt?.toISOString());
  expect(await usedOf(gateway)).toBe(0);
});

test("a room that is missed once, or a look that fails, changes nothing", async () => {
  const { engine, gateway, sessionId, look } = await followed();
  const room = engine.rooms.get(sessionId);
  for (const lose of [true, false, true]) {
    if (lose) engine.rooms.delete(sessionId);
    else if (room) engine.rooms.set(sessionId, room);
    await look();
  }
  engine.fail("look");
  for (let looks = 0; looks < 3; looks += 1) await look();
  expect((await session(gateway, sessionId))?.status).toBe("RUNNING");
  engine.mend("look");
  await look();
  await until(async () => (await session(gateway, sessionId))?.status === "ENDED");
});

test("after a restart: rooms that went meanwhile end their sessions within a minute, rooms left of ended ones are closed", async () => {
  const { engine, gateway, link, sessionId, meetingId } = await followed();
  await engine.enter(link);
  const other = await createMeeting(gateway);
  const left = sessionOf(await startMeeting(gateway, other));
  const room = engine.rooms.get(left);
  await gateway.v1(`end_meeting?meeting_id=${other}`);
  await gateway.stop();
  engine.rooms.delete(sessionId);
  // It was ended here, and yet it is there: the engine lost what it was told.
  if (room) engine.rooms.set(left, room);
  const next = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 50 }, folder: gateway.folder });
  await until(() => !engine.rooms.has(left), "the room of an ended session to be closed");
  await until(async () => {
    next.clock.forward(2_000);
    return (await session(next, sessionId))?.status === "ENDED";
  });
  const again = await next.v1("start_meeting", {
    method: "POST",
    key: gateway.key,
    body: { meeting_id: meetingId, moderator_name: "m" },
  });
  expect(again.status).toBe(200);
});

test("a start that failed here and came about there later leaves no room behind", async () => {
  const { engine, gateway, look } = await followed();
  engine.fail("openRoom");
  const meetingId = await createMeeting(gateway);
  expect(
    (await gateway.v1("start_meeting", { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" } }))
      .status,
  ).toBe(502);
  const [row] = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
  const spec = [...engine.rooms.values()][0]?.spec;
  if (spec) engine.rooms.set(row.session_id, { spec: { ...spec, sessionId: row.session_id }, inside: new Map() });
  await look();
  expect([engine.rooms.has(row.session_id), engine.rooms.size]).toEqual([false, 1]);
});

test("an engine that hangs keeps no other waiting, and is not asked twice at once", async () => {
  const [hanging, other] = [testEngine(), testEngine()];
  // Its page is the other one's.
  const second: typeof other.open = (setting) => ({ engine: other.open(setting).engine });
  const gateway = await boot({ engines: { ...hanging.first.engines, other: second }, defaultEngine: "test", ...still });
  const { services } = gateway.opened;
  const links = [];
  for (const engine of ["test", "other"]) {
    const { key, id } = await gateway.license();
    beside(gateway, (database) => database.prepare("UPDATE licenses SET engine = ? WHERE id = ?").run(engine, id));
    links.push(await startMeeting(gateway, await createMeeting(gateway, {}, { key }), {}, { key }));
  }
  const lost = sessionOf(links[1] as string);
  other.rooms.delete(lost);
  const release = hanging.hold("look");
  const round = followRooms(services);
  const rounds: Promise<void>[] = [];
  for (let count = 1; count <= 2; count += 1) {
    rounds.push(round());
    await until(() => other.calls("look") === count, "a look");
    gateway.clock.forward(15_000);
  }
  await until(async () => (await session(gateway, lost))?.status === "ENDED");
  expect(hanging.calls("look")).toBe(1);
  release();
  await Promise.all(rounds);
});
