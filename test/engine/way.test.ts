import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { attendances } from "../room/rows.js";

/** A running session at an engine elsewhere with a place for so many, and a link for each of more than that. */
async function crowdedDoor(maxAttendance: number, people: number) {
  const engine = testEngine();
  const gateway = await boot(engine.first);
  const { key } = await gateway.license({ maxAttendance });
  const meetingId = await createMeeting(gateway, {}, { key });
  const moderator = await startMeeting(gateway, meetingId, {}, { key });
  const links: string[] = [];
  for (let at = 0; at < people; at += 1) links.push(await joinMeeting(gateway, meetingId, `p${at}`, {}, { key }));
  const click = async (link: string) => (await fetch(link, { method: "POST", redirect: "manual" })).status;
  const look = async (link: string) => (await fetch(link)).status;
  return {
    engine,
    gateway,
    key,
    moderator,
    links,
    click,
    look,
    rows: () => attendances(gateway, sessionOf(moderator), key),
  };
}

const often = (statuses: number[], status: number) => statuses.filter((each) => each === status).length;

test("limit-1: fifty who click at once are no more than the room takes, though the engine has told of nobody yet", async () => {
  const { links, click, look, rows, gateway } = await crowdedDoor(20, 50);
  const statuses = await Promise.all(links.map(click));
  expect([often(statuses, 303), often(statuses, 409)]).toEqual([20, 30]);
  const refused = links[statuses.indexOf(409)] as string;
  const sent = links[statuses.indexOf(303)] as string;
  // Who is on the way takes one place, however often they click; a look takes none.
  expect([await click(sent), await click(sent), await look(sent)]).toEqual([303, 303, 200]);
  expect([await click(refused), await look(refused)]).toEqual([409, 409]);
  expect(await rows()).toEqual([]);
  // They never arrived.
  gateway.clock.forward(89_000);
  expect(await click(refused)).toBe(409);
  gateway.clock.forward(2_000);
  expect([await look(refused), await click(refused)]).toEqual([200, 303]);
});

test("limit-3: who is inside takes no place on the way, also of those who click again; a place is free when they left", async () => {
  const { engine, links, click, moderator, rows } = await crowdedDoor(2, 3);
  const [first, second, third] = links as [string, string, string];
  expect([await engine.enter(moderator), await engine.enter(first)]).toEqual([200, 200]);
  expect([await click(first), await click(moderator), await click(second)]).toEqual([303, 303, 409]);
  await engine.leave(first);
  expect([await click(second), await click(first), await click(third)]).toEqual([303, 409, 409]);
  expect((await rows()).map(({ fullName, leftAt }) => [fullName, leftAt === null])).toEqual([
    ["mod1", true],
    ["p0", false],
  ]);
});

test("enter-1: a look of a link into a room elsewhere writes nothing, and a click writes once", async () => {
  const { gateway, links, look, click } = await crowdedDoor(5, 1);
  const { storage } = gateway.opened.services;
  const commits: unknown[] = [];
  storage.onCommit((changed) => commits.push(changed));
  expect(await look(links[0] as string)).toBe(200);
  expect(commits).toHaveLength(0);
  expect(await click(links[0] as string)).toBe(303);
  expect(commits).toHaveLength(1);
});
