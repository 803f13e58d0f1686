import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import { forgetWhatIsOver } from "../../src/domain/forgetting.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { quiet } from "../helpers/rows.js";
import { testEngine } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

const DAY = 86_400_000;

function beside<T>(gateway: Gateway, run: (database: ReturnType<typeof openBeside>) => T): T {
  const database = openBeside(gateway);
  try {
    return run(database);
  } finally {
    database.close();
  }
}

const count = (gateway: Gateway, rest: string): unknown =>
  beside(gateway, (database) => database.prepare(`SELECT count(*) FROM ${rest}`).pluck().get());

test("what was told of a session goes two days after its end, and not before; who was sent on and never came, after a day", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 3_600_000 } });
  const { services, config } = gateway.opened;
  const [over, open] = [await createMeeting(gateway), await createMeeting(gateway)];
  const links = [await startMeeting(gateway, over), await startMeeting(gateway, open)];
  for (const link of links) await engine.enter(link);
  await fetch(await joinMeeting(gateway, open, "never came"), { method: "POST", redirect: "manual" });
  await gateway.v1(`end_meeting?meeting_id=${over}`);
  const forget = () => forgetWhatIsOver(services, config.retention);
  await forget();
  expect([count(gateway, "sightings"), count(gateway, "on_the_way")]).toEqual([2, 1]);
  gateway.clock.forward(3 * DAY);
  await forget();
  expect([count(gateway, "sightings"), count(gateway, "on_the_way")]).toEqual([1, 0]);
  // It is still heard of the open one, and no more of the other, whose stays are as they were.
  const stays = count(gateway, "stays");
  const person = { id: newId(), name: "late", role: "VIEWER" as const };
  const told = (link: string) => engine.tell().joined({ sessionId: sessionOf(link), person, source: "WEBHOOK" });
  expect(await told(links[0] as string)).toEqual({ refused: "SESSION_OVER" });
  expect(count(gateway, "stays")).toBe(stays);
  expect(await told(links[1] as string)).toMatchObject({ person });
  // However long ago it was told, the session has only just ended.
  await gateway.v1(`end_meeting?meeting_id=${open}`);
  await forget();
  expect(count(gateway, "sightings")).toBe(2);
});

test("an entry that turns out to have been the day before is counted on that day", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 3_600_000 } });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const sessionId = sessionOf(link);
  gateway.clock.forward(DAY);
  const now = gateway.clock.now().getTime();
  const person = { id: newId(), name: "p", role: "VIEWER" as const };
  const joined = (engineUserId: string, at: number) =>
    engine.tell().joined({ sessionId, person, source: "WEBHOOK", engineUserId, at: new Date(at) });
  await joined("w_2", now);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const days = () =>
    beside(gateway, (database) =>
      database.prepare("SELECT day, attendances FROM license_days WHERE attendances > 0 ORDER BY day").raw().all(),
    );
  const today = now - (now % DAY);
  expect(days()).toEqual([[today, 1]]);
  await joined("w_1", now - DAY + 60_000);
  const first = now - DAY + 60_000;
  expect(days()).toEqual([[first - (first % DAY), 1]]);
});

test("what an engine says of people is kept within bounds, however much it says: a name, a line, the times of one who came often", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 3_600_000 } });
  const meetingId = await createMeeting(gateway);
  const sessionId = sessionOf(await startMeeting(gateway, meetingId));
  const name = `long\u0000\n\ud800${"\u{1f600}".repeat(100_000)}`;
  const began = gateway.clock.now().getTime();
  const person = { id: newId(), name, role: "VIEWER" as const };
  await engine.tell().joined({ sessionId, person, source: "WEBHOOK", engineUserId: "w".repeat(100_000) });
  gateway.clock.forward(60_000);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const times = (after: number) => Array.from({ length: 5_000 }, (_, at) => new Date(began + 4 * at + after));
  const often = { personId: newId(), name, role: "VIEWER" as const, joins: times(0), leaves: times(2) };
  expect(await engine.tell().attended({ sessionId, people: [often] })).toBe(true);
  const kept = `long  \ufffd${"\u{1f600}".repeat(248)}`;
  const { body } = await gateway.v1(`list_attendance?session_id=${sessionId}`);
  expect(body.data.map(({ full_name: told }: { full_name: string }) => told)).toEqual([kept, kept]);
  expect(count(gateway, "sightings WHERE length(line) > 255")).toBe(0);
  expect(count(gateway, "stays")).toBeLessThanOrEqual(201);
});

test("whoever comes and goes a thousand times in one session is out then, over whichever lines, and not counted in again", async () => {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { ...quiet.timings, follow: 3_600_000 } });
  const sessionId = sessionOf(await startMeeting(gateway, await createMeeting(gateway)));
  const person = { id: newId(), name: "often", role: "VIEWER" as const };
  const told = { sessionId, source: "WEBHOOK" as const };
  const comes = (engineUserId: string) => engine.tell().joined({ ...told, person, engineUserId });
  const goes = (engineUserId: string) =>
    engine.tell().left({ ...told, personId: person.id, engineUserId, at: gateway.clock.now() });
  const isInside = () => count(gateway, "attendances WHERE left_at IS NULL");
  await comes("w_1");
  const began = gateway.clock.now().getTime();
  gateway.clock.forward(60_000);
  beside(gateway, (database) =>
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 998)
      INSERT INTO sightings SELECT session_id, person_id, 'v', ${began} + 40 * (i / 2) + i % 2, i % 2, source FROM n, (SELECT * FROM sightings) AS one`),
  );
  await comes("w_2");
  expect([count(gateway, "sightings"), isInside()]).toEqual([1_000, 1]);
  gateway.clock.forward(1_000);
  expect(await comes("w_3")).toMatchObject({ person });
  await goes("w_2");
  expect([count(gateway, "sightings"), isInside()]).toEqual([1_001, 0]);
  gateway.clock.forward(1_000);
  for (const line of ["w_4", "w_5"]) {
    await comes(line);
    await goes(line);
  }
  expect([count(gateway, "sightings"), isInside()]).toEqual([1_001, 0]);
});
