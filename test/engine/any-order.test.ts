import * as fc from "fast-check";
import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import type { Reports } from "../../src/engine/engine.js";
import type { Stay } from "../../src/storage/index.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { quiet } from "../helpers/rows.js";
import { testEngine } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

/** Ticks of a second, of which the session has so many. */
const LAST = 60;
const TICK_MS = 1_000;

/** What really happened: of each person the windows they had open, some beyond the session's end. */
interface Window {
  person: 0 | 1;
  from: number;
  until: number;
}

type News = "JOINED" | "LEFT" | "POLLED";
interface Told {
  news: News;
  line: number;
  at: number;
}

const windows = fc.array(
  fc
    .record({
      person: fc.constantFrom(0 as const, 1 as const),
      from: fc.nat(LAST - 1),
      length: fc.integer({ min: 1, max: 40 }),
    })
    .map(({ person, from, length }): Window => ({ person, from, until: from + length })),
  { minLength: 1, maxLength: 6 },
);

/** Everything that is told of these windows, each at least once, in any order; and a look now and then while they are open. */
const tellings = windows.chain((real) => {
  const all = real.flatMap(({ from, until }, line): Told[] => [
    { news: "JOINED", line, at: from },
    { news: "LEFT", line, at: until },
    { news: "POLLED", line, at: Math.floor((from + until) / 2) },
  ]);
  const again = fc.subarray(all);
  return fc.record({
    real: fc.constant(real),
    order: again.chain((twice) => fc.shuffledSubarray([...all, ...twice], { minLength: all.length + twice.length })),
    endsAfter: fc.nat(2 * all.length),
    isSummedUp: fc.boolean(),
  });
});

/** The times at which somebody was inside, found by looking at each tick; in no way that the program goes. */
function modelOf(real: readonly Window[], person: number, end: number): [from: number, until: number][] {
  const isInside = (tick: number) =>
    tick < end && real.some((each) => each.person === person && each.from <= tick && tick < each.until);
  const spans: [number, number][] = [];
  for (let tick = 0; tick <= end; tick += 1) {
    if (isInside(tick) && !isInside(tick - 1)) spans.push([tick, end]);
    const last = spans.at(-1);
    if (last && isInside(tick - 1) && !isInside(tick)) last[1] = tick;
  }
  return spans;
}

interface Rows {
  attendances: { id: string; joined_at: number; left_at: number | null; seconds: number }[];
  stays: {
    attendance_id: string;
    joined_at: number;
    left_at: number | null;
    source: Stay["source"];
    superseded_at: number | null;
  }[];
}

/** A session of a server that nothing else happens on. */
async function world() {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 3_600_000 } });
  const database = openBeside(gateway);
  const rows = (sessionId: string): Rows => ({
    attendances: database
      .prepare("SELECT * FROM attendances WHERE session_id = ?")
      .all(sessionId) as Rows["attendances"],
    stays: database
      .prepare("SELECT * FROM stays WHERE session_id = ? ORDER BY joined_at")
      .all(sessionId) as Rows["stays"],
  });
  return { gateway, tell: engine.tell(), rows, close: () => database.close() };
}

async function newSession(gateway: Gateway) {
  const meetingId = await createMeeting(gateway);
  const sessionId = sessionOf(await startMeeting(gateway, meetingId));
  const session = await gateway.opened.services.storage.read.sessions.findAnyones(sessionId);
  gateway.clock.forward((LAST + 60) * TICK_MS);
  return { sessionId, start: session?.startedAt.getTime() ?? 0 };
}

/** What holds at every moment, whatever was told so far. */
function demandWhole({ attendances, stays }: Rows): void {
  for (const row of attendances) {
    const counting = stays.filter((stay) => stay.attendance_id === row.id && stay.superseded_at === null);
    const open = counting.filter(({ left_at }) => left_at === null);
    expect(open.length).toBe(row.left_at === null ? 1 : 0);
    const seconds = counting.reduce((sum, stay) => sum + ((stay.left_at ?? stay.joined_at) - stay.joined_at) / 1000, 0);
    expect(row.seconds).toBe(seconds);
    expect(row.left_at).toBe(counting.at(-1)?.left_at);
    for (const [at, stay] of counting.entries()) {
      const next = counting[at + 1];
      if (next) expect(stay.left_at).toBeLessThan(next.joined_at);
    }
  }
  expect(stays.filter((stay) => stay.superseded_at !== null && stay.left_at === null)).toEqual([]);
}

function teller(tell: Reports, sessionId: string, people: readonly string[], start: number, real: readonly Window[]) {
  const time = (tick: number) => new Date(start + tick * TICK_MS);
  return async ({ news, line, at }: Told): Promise<void> => {
    const personId = people[real[line]?.person ?? 0] ?? "";
    const person = { id: personId, name: "p", role: "VIEWER" as const };
    const known = { sessionId, source: "WEBHOOK" as const, engineUserId: `w_${line}` };
    if (news === "JOINED") await tell.joined({ ...known, person, at: time(at) });
    else if (news === "LEFT") await tell.left({ ...known, personId, at: time(at) });
    else if (at < LAST) await tell.joined({ sessionId, person, source: "POLL", at: time(at) });
  };
}

test("whatever order webhooks, looks and sums come in, twice and late: one row a person with the first entry, and the stays that really were", async () => {
  const { gateway, tell, rows, close } = await world();
  await fc.assert(
    fc.asyncProperty(tellings, async ({ real, order, endsAfter, isSummedUp }) => {
      const { sessionId, start } = await newSession(gateway);
      const people = [newId(), newId()];
      const say = teller(tell, sessionId, people, start, real);
      const end = () => tell.ended({ sessionId, source: "WEBHOOK", at: new Date(start + LAST * TICK_MS) });
      for (const [at, told] of order.entries()) {
        if (at === endsAfter) await end();
        await say(told);
        demandWhole(rows(sessionId));
      }
      await end();
      const ended = await gateway.opened.services.storage.read.sessions.findAnyones(sessionId);
      const last = ((ended?.endedAt?.getTime() ?? 0) - start) / TICK_MS;
      // It is not before a leaving that was told before it.
      const leavings = order.slice(0, endsAfter).flatMap(({ news, at }) => (news === "LEFT" ? [at] : []));
      expect([LAST, ...leavings.filter((at) => at > LAST)]).toContain(last);
      if (isSummedUp) {
        const attended = people.map((personId, person) => ({
          personId,
          name: "p",
          role: "VIEWER" as const,
          joins: real.filter((each) => each.person === person).map(({ from }) => new Date(start + from * TICK_MS)),
          leaves: real.filter((each) => each.person === person).map(({ until }) => new Date(start + until * TICK_MS)),
        }));
        for (let times = 0; times < 2; times += 1) {
          expect(await tell.attended({ sessionId, people: attended })).toBe(true);
        }
        for (const told of order.slice(0, 2)) await say(told);
      }
      const after = rows(sessionId);
      demandWhole(after);
      for (const [person, id] of people.entries()) {
        const expected = modelOf(real, person, last).map(([from, until]) => [
          start + from * TICK_MS,
          start + until * TICK_MS,
        ]);
        const counting = after.stays.filter((stay) => stay.attendance_id === id && stay.superseded_at === null);
        expect(counting.map((stay) => [stay.joined_at, stay.left_at])).toEqual(expected);
        if (isSummedUp) expect(counting.every(({ source }) => source === "ANALYTICS")).toBe(true);
        const row = after.attendances.filter((each) => each.id === id);
        expect(row.map((each) => each.joined_at)).toEqual(expected.slice(0, 1).map(([from]) => from));
      }
    }),
    { numRuns: 40 },
  );
  close();
});
