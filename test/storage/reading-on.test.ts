import { setTimeout as sleep } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { expect, test, vi } from "vitest";
import { EventFeed } from "../../src/domain/events/event-feed.js";
import { EVENTS_A_STEP } from "../../src/storage/queries/events.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { openBeside } from "../helpers/beside.js";
import { isOnPostgres } from "../helpers/databases.js";
import { quiet, statementsDuring } from "../helpers/rows.js";

const MANY = 50_000;

/** Events of this kind, in one statement. */
function insertEvents(gateway: Gateway, licenseId: string, type: string, count: number): void {
  const db = openBeside(gateway);
  db.prepare(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO events (id, license_id, type, session_id, occurred_at, door, facts)
    SELECT ? || '-' || i || '-' || (SELECT count(*) FROM events), ?, ?, 's', 1, 'SYSTEM', '{}' FROM n`).run(
    count,
    type,
    licenseId,
    type,
  );
  db.close();
}

const quietLog = { warn() {} };

const eventOf = (licenseId: string, event: { id: string; type: string; meetingId?: string }) => ({
  ...event,
  licenseId: licenseId as LicenseId,
  occurredAt: new Date(1),
  door: "SYSTEM" as const,
  facts: {},
});

/** Turns of the event loop that everybody else had meanwhile. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

async function furnished() {
  const gateway = await boot(quiet);
  const { id } = await gateway.license();
  const { storage } = gateway.opened.services;
  const following = { reach: { licenseId: id as LicenseId, meetingId: null }, meetingId: null };
  return { gateway, id, storage, following, feed: new EventFeed(storage, quietLog) };
}

test("reading on from far back looks at a bounded number of rows a step, and lets others have their turn between", async () => {
  const { gateway, id, following, feed } = await furnished();
  insertEvents(gateway, id, "attendance.left", MANY);
  insertEvents(gateway, id, "session.started", 1);
  const follower = feed.follow({ ...following, types: ["session.started"], after: 0 });
  let turns = 0;
  const statements = await statementsDuring(async () => {
    turns = await turnsDuring(async () => expect((await follower.next()).value?.type).toBe("session.started"));
  });
  await follower.return?.();
  const steps = Math.ceil((MANY + 1) / EVENTS_A_STEP);
  const looks = statements.filter((text) => /count\(\*\)/.test(text));
  expect(looks.length).toBeGreaterThanOrEqual(steps);
  expect(looks.length).toBeLessThanOrEqual(steps + 2);
  expect(turns).toBeGreaterThanOrEqual(steps - 1);
  if (isOnPostgres) return;

  // Both statements of a step walk along an index of the license, inside the step's bounds.
  const db = new Sqlite(`${gateway.folder}/vconnct.sqlite`, { readonly: true });
  const planOf = (text: string) =>
    db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`)
      .all(...Array<number>((text.match(/\?/g) ?? []).length).fill(1))
      .map(({ detail }) => detail)
      .join("\n");
  const plans = [...new Set(statements.filter((text) => text.includes(`"events"`)))].map(planOf);
  db.close();
  expect(plans).toHaveLength(2);
  for (const plan of plans) {
    expect(plan).toMatch(/events_license \(license_id=\? AND (rowid|seq)>\?/);
    expect(plan).not.toMatch(/SCAN events|TEMP B-TREE/);
  }
});

test("a follower that finds something in every step lets others have their turn, too", async () => {
  const { gateway, id, following, feed } = await furnished();
  insertEvents(gateway, id, "session.started", 2_000);
  const follower = feed.follow({ ...following, types: ["session.started"], after: 0 });
  const turns = await turnsDuring(async () => {
    for (let at = 0; at < 2_000; at += 1) await follower.next();
  });
  expect(turns).toBeGreaterThanOrEqual(2_000 / 50 - 1);
  await follower.return?.();
});

test("what another process writes by the thousand is looked through in bounded steps, and found", async () => {
  const { gateway, id, following, storage, feed } = await furnished();
  const follower = feed.follow({ ...following, types: ["session.started"], after: await feed.now() });
  const looked = vi.spyOn(storage.read.events, "latestSeq");
  const next = follower.next();
  // The first look only notes where the present is.
  await vi.waitUntil(() => looked.mock.settledResults.some(({ type }) => type === "fulfilled"), { timeout: 5_000 });
  insertEvents(gateway, id, "attendance.left", 2_500);
  insertEvents(gateway, id, "session.started", 1);
  const statements = await statementsDuring(() => next);
  expect((await next).value?.type).toBe("session.started");
  const marks = statements.filter((text) => /limit cast/.test(text) && !/facts/.test(text));
  expect(marks.length).toBeGreaterThanOrEqual(3);
  expect((await storage.read.events.marksAfter(0, 10)).length).toBe(10);
  await follower.return?.();
});

test("a commit makes followers of the licenses it changed look, and nobody else", async () => {
  const { gateway, following, feed } = await furnished();
  const follower = feed.follow({ ...following, types: ["meeting.created"], after: await feed.now() });
  const next = follower.next();
  const aboutEvents = (texts: string[]) => texts.filter((text) => /^select.*"events"/.test(text));
  const { storage, clock } = gateway.opened.services;
  await sleep(20);
  const others = await statementsDuring(async () => {
    await gateway.v1("list_meetings");
    await storage.transaction((tx) => tx.instances.insert("beat", clock.now()));
    await storage.transaction(
      async (tx) =>
        void (await tx.licenses.update((await tx.licenses.list())[0]?.id as LicenseId, { name: "n" }, clock.now())),
    );
    await sleep(20);
  });
  expect(aboutEvents(others)).toEqual([]);
  const own = await statementsDuring(async () => {
    await storage.transaction((tx) => tx.licenses.update(following.reach.licenseId, { name: "n" }, clock.now()));
    await sleep(20);
  });
  expect(aboutEvents(own).length).toBeGreaterThan(0);
  await follower.return?.();
  await next;
});

test("an event goes out to some of those who follow it in each turn of the event loop, and to all of them in the end", async () => {
  const { id, following, storage, feed } = await furnished();
  let turn = 0;
  let ticking = setImmediate(function tick() {
    turn += 1;
    ticking = setImmediate(tick);
  });
  const came: number[] = [];
  const after = await feed.now();
  const followers = Array.from({ length: 250 }, () => feed.follow({ ...following, types: ["license.updated"], after }));
  const taking = followers.map(async (follower) => {
    for await (const _ of follower) came.push(turn);
  });
  const update = () =>
    storage.transaction(async (tx) => {
      await tx.licenses.update(id as LicenseId, { name: "n" }, new Date());
      await tx.events.append(eventOf(id, { id: `e${came.length}`, type: "license.updated" }));
    });
  for (const count of [250, 500]) {
    await update();
    await vi.waitUntil(() => came.length >= count, { timeout: 10_000 });
  }
  clearImmediate(ticking);
  expect(came).toHaveLength(500);
  for (const each of new Set(came)) expect(came.filter((one) => one === each).length).toBeLessThanOrEqual(100);
  for (const follower of followers) await follower.return?.();
  await Promise.all(taking);
});

/** Numbers that look like chance, and are the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

test.each([1, 2, 3, 4])(
  "whoever takes what happens fast, slowly or from far back gets all of it once, in order (chance %i)",
  async (seed) => {
    const { id, following, storage, feed } = await furnished();
    const roll = dice(seed);
    const meetings = ["m1", "m2"];
    const written: { id: string; meetingId: string; type: string }[] = [];
    const write = (count: number) =>
      storage.transaction(async (tx) => {
        for (let at = 0; at < count; at += 1) {
          const type = ["session.started", "session.ended", "meeting.created"][roll(3)] ?? "";
          const event = { id: `e${written.length}`, meetingId: meetings[roll(2)] ?? "", type };
          written.push(event);
          await tx.events.append(eventOf(id, event));
        }
      });
    await write(60);
    const followers: { from: number; meetingId: string | null; got: string[] }[] = [];
    const takers: Promise<void>[] = [];
    const over = { is: false };
    const join = (after: number, from: number) => {
      const meetingId = [null, ...meetings][roll(3)] ?? null;
      const follower = feed.follow({ ...following, meetingId, types: ["session.started"], after });
      const got: string[] = [];
      const lazy = roll(3);
      followers.push({ from, meetingId, got });
      takers.push(
        (async () => {
          for await (const event of follower) {
            got.push(event.id);
            if (lazy === 2 && !over.is) await sleep(roll(8));
            if (lazy === 1 && !over.is) await new Promise(setImmediate);
          }
        })(),
      );
      return follower;
    };
    const running = [join(0, 0), join(await feed.now(), written.length)];
    for (let round = 0; round < 60; round += 1) {
      await write(1 + roll(roll(5) === 0 ? 80 : 4));
      if (roll(4) === 0) running.push(join(await feed.now(), written.length));
      if (roll(6) === 0) running.push(join(0, 0));
      if (roll(3) === 0) await sleep(roll(4));
    }
    over.is = true;
    const wanted = ({ from, meetingId }: (typeof followers)[number]) =>
      written
        .slice(from)
        .filter((event) => event.type === "session.started" && [null, event.meetingId].includes(meetingId))
        .map((event) => event.id);
    await vi.waitUntil(() => followers.every((one) => one.got.length >= wanted(one).length), { timeout: 10_000 });
    await sleep(20);
    for (const one of followers) expect(one.got).toEqual(wanted(one));
    for (const follower of running) await follower.return?.();
    await Promise.all(takers);
    expect(feed.followed).toBe(0);
  },
);
