import { expect, test } from "vitest";
import { endEmptyRooms } from "../../src/domain/session/empty-rooms.js";
import { boot, type Gateway, type RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, letIn, letOut, sessionOf, startMeeting } from "../helpers/meetings.js";
import { troubledBuiltin } from "../helpers/test-engine.js";
import { attendances, queryOf } from "./rows.js";

const crowd = (gateway: Gateway, meetingId: string, name: string, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => joinMeeting(gateway, meetingId, `${name}${index}`)));

/** Who is inside, as somebody who followed every frame believes. */
function believed(client: RoomClient): string[] {
  const inside = new Map<string, string>();
  for (const { type, people, person } of client.frames) {
    if (type === "entered") for (const { id, name } of people) inside.set(id, name);
    if (type === "joined") inside.set(person.id, person.name);
    if (type === "left") inside.delete(person.id);
  }
  return [...inside.values()].toSorted();
}

test("room-1: of those who leave in the instant someone enters, none stays in that one's list", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await startMeeting(gateway, meetingId));
  const leaving = await Promise.all(
    (await crowd(gateway, meetingId, "old", 20)).map(async (link) => {
      const client = gateway.socket();
      await client.enter(link);
      return client;
    }),
  );
  const coming = (await crowd(gateway, meetingId, "new", 20)).map((link) => ({ link, client: gateway.socket() }));
  await Promise.all(coming.map(({ client }) => client.ready()));
  // Turn about, so that in the server entries stand before leavings and after them.
  await Promise.all(
    coming.map(async ({ link, client }, index) => {
      await Promise.all([client.enter(link), leaving[index]?.say({ type: "leave" }) ?? Promise.resolve()]);
    }),
  );
  await Promise.all(leaving.map((client) => client.closing()));
  const truth = ["mod1", ...coming.map((_, index) => `new${index}`)].toSorted();
  for (const client of [watcher, ...coming.map((one) => one.client)]) {
    await expect.poll(() => believed(client), { timeout: 3_000 }).toEqual(truth);
  }
});

test("room-1, enter-3: who leaves on one socket and enters on another in the same instant is in everybody's list", async () => {
  const gateway = await boot({ env: { TRUST_PROXY: "on" } });
  const meetingId = await createMeeting(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await startMeeting(gateway, meetingId));
  const links = await crowd(gateway, meetingId, "p", 20);
  const pairs = links.map((link) => ({ link, old: gateway.socket(), fresh: gateway.socket() }));
  await Promise.all(pairs.map(({ link, old }) => old.enter(link)));
  await Promise.all(pairs.map(({ fresh }) => fresh.ready()));
  await Promise.all(
    pairs.map(async ({ link, old, fresh }, index) => {
      const entering = index % 2 === 0 ? fresh.enter(link) : undefined;
      await old.say({ type: "leave" });
      await (entering ?? fresh.enter(link));
    }),
  );
  const codes = await Promise.all(pairs.map(async ({ old }) => (await old.closing()).code));
  expect(codes.filter((code) => code !== 1000 && code !== 4001)).toEqual([]);
  const truth = ["mod1", ...pairs.map((_, index) => `p${index}`)].toSorted();
  for (const client of [watcher, ...pairs.map(({ fresh }) => fresh)]) {
    await expect.poll(() => believed(client), { timeout: 3_000 }).toEqual(truth);
    expect(client.closed).toBeUndefined();
  }
});

test("leave-3: from the moment an end has begun nobody enters, although the room is not closed yet", async () => {
  const engine = troubledBuiltin();
  const gateway = await boot({ openEngine: engine.open });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const release = engine.hold("closeRoom");
  const ending = gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  await expect.poll(() => engine.calls("closeRoom")).toBe(1);
  const client = gateway.socket();
  expect((await client.enter(link)).code).toBe("SESSION_OVER");
  expect((await client.closing()).code).toBe(4410);
  expect((await fetch(link)).status).toBe(410);
  release();
  expect((await ending).status).toBe(200);
  expect(await attendances(gateway, sessionOf(link))).toEqual([]);
});

test("limit-3: of many whose entrances are stored in one commit no more than the maximum get in", async () => {
  const gateway = await boot();
  const { services } = gateway.opened;
  const { key } = await gateway.license({ maxAttendance: 3 });
  const meetingId = await createMeeting(gateway, {}, { key });
  await startMeeting(gateway, meetingId, {}, { key });
  const links: string[] = [];
  for (let index = 0; index < 12; index += 1) {
    links.push(await joinMeeting(gateway, meetingId, `p${index}`, {}, { key }));
  }
  const { storage } = services;
  // On PostgreSQL what each reads before is answered in any order.
  const written: number[] = [];
  const outcomes = await Promise.allSettled(
    links.map((link, index) => {
      const transaction: typeof storage.transaction = (work) => {
        written.push(index);
        return storage.transaction(work);
      };
      return letIn({ ...services, storage: { ...storage, transaction } }, link);
    }),
  );
  expect(written).toHaveLength(links.length);
  const inside = outcomes.flatMap(({ status }, index) => (status === "fulfilled" ? [index] : []));
  expect(inside).toEqual(written.slice(0, 3).toSorted((a, b) => a - b));
  const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  expect(refused).toEqual(
    Array.from({ length: 9 }, () => expect.objectContaining({ code: "ATTENDANCE_LIMIT_REACHED" })),
  );
  const attended = await attendances(gateway, sessionOf(links[0] ?? ""), key);
  expect(attended.map(({ fullName }) => fullName).toSorted()).toEqual(inside.map((index) => `p${index}`).toSorted());
});

test("end-2: someone who enters as their empty room is being ended is not thrown out of it", async () => {
  const gateway = await boot({ env: { EMPTY_ROOM_MINUTES: "1" }, timings: { sweep: 600_000 } });
  const { services } = gateway.opened;
  const link = await startMeeting(gateway, await createMeeting(gateway));
  gateway.clock.forward(61_000);
  // Both have looked at an empty room; the one who enters is written first.
  const entering = letIn(services, link);
  const { storage } = services;
  const afterwards: typeof storage.transaction = (work) => entering.then(() => storage.transaction(work));
  await endEmptyRooms({ ...services, storage: { ...storage, transaction: afterwards } }, 1)();
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
  // And once it is empty for long enough again, it ends.
  await letOut(services, await entering, gateway.clock.now());
  gateway.clock.forward(61_000);
  await endEmptyRooms(services, 1)();
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(false);
});

test("end-2: the room is empty since the last leaving, whichever leaving was written last", async () => {
  const gateway = await boot({ env: { EMPTY_ROOM_MINUTES: "1" }, timings: { sweep: 600_000 } });
  const { services } = gateway.opened;
  const meetingId = await createMeeting(gateway);
  const first = await letIn(services, await startMeeting(gateway, meetingId));
  const second = await letIn(services, await joinMeeting(gateway, meetingId, "viewer"));
  const brokeAt = gateway.clock.now();
  gateway.clock.forward(50_000);
  await letOut(services, second, gateway.clock.now());
  // The first one's line had broken long before that; only now is it known that nobody comes back.
  await letOut(services, first, brokeAt);
  gateway.clock.forward(30_000);
  await endEmptyRooms(services, 1)();
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
  gateway.clock.forward(31_000);
  await endEmptyRooms(services, 1)();
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(false);
});

test("enter-2: after a frame that is not the protocol nothing more is heard: nobody enters, nobody's place is taken", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const inside = gateway.socket();
  await inside.enter(link);
  const client = gateway.socket();
  await client.ready();
  client.socket.send("hello");
  client.socket.send(JSON.stringify({ type: "enter", link: queryOf(link) }));
  expect((await client.closing()).code).toBe(4400);
  expect(client.frames.map(({ type }) => type)).toEqual(["refused"]);
  await inside.say({ type: "leave" });
  expect((await inside.closing()).code).toBe(1000);
});

test("leave-1: a leave said before the entrance is answered counts as soon as it is", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const client = gateway.socket();
  await client.ready();
  client.socket.send(JSON.stringify({ type: "enter", link: queryOf(link) }));
  client.socket.send(JSON.stringify({ type: "leave" }));
  expect((await client.closing()).code).toBe(1000);
  const [row] = await attendances(gateway, sessionOf(link));
  expect(row?.leftAt).not.toBeNull();
});

test("enter-2: a first frame of any size over 8 KiB is not the protocol", async () => {
  const gateway = await boot();
  for (const size of [8_193, 70_000, 200_000]) {
    const client = gateway.socket();
    await client.say(JSON.stringify({ type: "enter", link: "x".repeat(size) }).slice(0, size));
    expect([size, (await client.closing()).code]).toEqual([size, 4400]);
  }
});
