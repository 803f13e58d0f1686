import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { attendances, queryOf, type Row, until } from "./rows.js";
import { openBeside } from "../helpers/beside.js";

async function running(gateway: Gateway) {
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  return { meetingId, link, sessionId: sessionOf(link) };
}

/** What must hold of every person however they came and went. */
function expectSound({ stays, joinedAt, leftAt, durationSeconds }: Row): void {
  expect(stays[0]?.joinedAt).toBe(joinedAt);
  for (const [at, stay] of stays.entries()) {
    const next = stays[at + 1];
    // Only the last may be open, and none begins before the one before it ended.
    if (next) expect(Date.parse(stay.leftAt ?? "9999")).toBeLessThanOrEqual(Date.parse(next.joinedAt));
  }
  expect(stays.at(-1)?.leftAt ?? null).toBe(leftAt);
  expect(durationSeconds).toBeGreaterThanOrEqual(0);
}

test("leave-2: who comes back in the very instant the hold expires is inside: the same stay or a new one, never none", async () => {
  const hold = 100;
  const gateway = await boot({ timings: { hold } });
  const { meetingId, sessionId } = await running(gateway);
  const links = await Promise.all(
    Array.from({ length: 20 }, (_, index) => joinMeeting(gateway, meetingId, `p${index}`)),
  );
  await Promise.all(
    links.map(async (link, index) => {
      const client = gateway.socket();
      await client.enter(link);
      const back = gateway.socket();
      await back.ready();
      client.cut();
      await sleep(hold - 10 + index);
      expect((await back.enter(link)).type).toBe("entered");
    }),
  );
  const rows = await attendances(gateway, sessionId);
  expect(rows).toHaveLength(20);
  for (const row of rows) {
    expectSound(row);
    expect([row.fullName, row.leftAt]).toEqual([row.fullName, null]);
    expect(row.stays.length).toBeLessThanOrEqual(2);
  }
  // And nobody's old timer puts them out afterwards.
  await sleep(hold * 3);
  for (const row of await attendances(gateway, sessionId))
    expect([row.fullName, row.leftAt]).toEqual([row.fullName, null]);
});

test("enter-3, attendance-2: of ten sockets with one link that enter at once, one stays and nine say 4001", async () => {
  const gateway = await boot({ timings: { hold: 50 } });
  const { link, sessionId } = await running(gateway);
  const clients = Array.from({ length: 10 }, () => gateway.socket());
  await Promise.all(clients.map((client) => client.ready()));
  const entered = await Promise.all(clients.map((client) => client.enter(link)));
  for (const { type, people } of entered) expect([type, people?.length]).toEqual(["entered", 1]);
  await until(() => clients.filter(({ closed }) => closed).length === 9, "nine closed sockets");
  for (const { closed } of clients) if (closed) expect(closed.code).toBe(4001);
  await sleep(150);
  const [row] = await attendances(gateway, sessionId);
  expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
});

test("enter-3: a take-over while the older line breaks keeps the place with the newer one", async () => {
  const gateway = await boot({ timings: { hold: 30 } });
  const { link, sessionId } = await running(gateway);
  let older = gateway.socket();
  await older.enter(link);
  for (let round = 0; round < 10; round += 1) {
    const newer = gateway.socket();
    await newer.ready();
    const entering = newer.enter(link);
    older.cut();
    expect((await entering).type).toBe("entered");
    older = newer;
  }
  await sleep(120);
  expect(older.closed).toBeUndefined();
  const [row] = await attendances(gateway, sessionId);
  expect([row?.leftAt, row?.stays.length]).toEqual([null, 1]);
});

test("end-1, leave-3: people enter, leave and break off while the session ends: nobody is left inside, nothing is after its end", async () => {
  const gateway = await boot({ timings: { hold: 40 } });
  for (let round = 0; round < 4; round += 1) {
    const { meetingId, sessionId } = await running(gateway);
    const links = await Promise.all(
      Array.from({ length: 16 }, (_, index) => joinMeeting(gateway, meetingId, `p${index}`)),
    );
    const clients = links.map(() => gateway.socket());
    await Promise.all(clients.map((client) => client.ready()));
    await Promise.all(clients.slice(0, 12).map((client, index) => client.enter(links[index] ?? "")));
    const ending = gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    for (const client of clients.slice(4, 6)) client.cut();
    await Promise.all([
      ending,
      ...clients.slice(0, 4).map((client) => client.say({ type: "leave" })),
      ...clients.slice(12).map((client, index) => client.enter(links[12 + index] ?? "")),
    ]);
    expect((await ending).status).toBe(200);
    for (const client of clients.slice(6, 12)) expect((await client.closing()).code).toBe(4000);
    for (const client of clients.slice(12)) expect([4000, 4410]).toContain((await client.closing()).code);
    const { body } = await gateway.v1(`list_sessions?meeting_id=${meetingId}`);
    const endedAt = body.data[0].session_end_time;
    for (const row of await attendances(gateway, sessionId)) {
      expectSound(row);
      expect(row.leftAt !== null && row.leftAt <= endedAt).toBe(true);
      const number = Number(row.fullName.slice(1));
      if (number >= 6) expect([row.fullName, row.leftAt]).toEqual([row.fullName, endedAt]);
    }
  }
});

test("leave-1, leave-2: leaving while another process holds the database is stored as soon as it can be, at its own time", async () => {
  const gateway = await boot();
  const { meetingId, link, sessionId } = await running(gateway);
  const watcher = gateway.socket();
  await watcher.enter(await joinMeeting(gateway, meetingId, "watcher"));
  const client = gateway.socket();
  await client.enter(link);
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  const saidAt = Date.now();
  await client.say({ type: "leave" });
  await sleep(400);
  // Not told before it is stored.
  expect(watcher.frames.map(({ type }) => type)).not.toContain("left");
  expect(client.closed).toBeUndefined();
  other.exec("ROLLBACK");
  other.close();
  expect((await client.closing()).code).toBe(1000);
  const row = (await attendances(gateway, sessionId)).find(({ fullName }) => fullName === "mod1");
  expect(Math.abs(Date.parse(row?.leftAt ?? "") - saidAt)).toBeLessThan(300);
});

test("leave-1, enter-2: who hung up while waiting for the database does not enter afterwards", async () => {
  const gateway = await boot();
  const { link, sessionId } = await running(gateway);
  const client = gateway.socket();
  await client.enter(link);
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  await client.say({ type: "leave" });
  const second = gateway.socket();
  await second.say({ type: "enter", link: queryOf(link) });
  await sleep(50);
  second.cut();
  await sleep(50);
  other.exec("ROLLBACK");
  other.close();
  expect((await client.closing()).code).toBe(1000);
  await sleep(100);
  const [row] = await attendances(gateway, sessionId);
  expect([row?.leftAt === null, row?.stays.length]).toEqual([false, 1]);
});
