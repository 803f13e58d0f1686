import { expect, test } from "vitest";
import { frameTable } from "../../src/engine/builtin/frame-table.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { three } from "./three.js";

/** What a program could say with each right that is not its own, about a person who is really there. */
const wishes = (person: string): Record<string, object[]> => ({
  "turn-off": [{ what: "mic" }, { what: "cam", person }],
  record: [{ on: true }, { on: false }],
  "lower-all": [{}],
  remove: [{ person }],
  "set-role": [
    { person, role: "moderator" },
    { person, role: "viewer" },
  ],
  settings: [{ settings: { lockSettingsDisableNote: true } }, { settings: { record: true } }],
});
const rights = Object.entries(frameTable).flatMap(([type, rule]) => (rule.rights === "MODERATOR" ? [type] : []));

test("each frame of moderators is refused to a viewer, whoever it is about, and nobody hears of it", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids } = await three(gateway);
  expect(Object.keys(wishes("")).toSorted()).toEqual(rights.toSorted());
  await john.say({ type: "hand", up: true });
  for (const client of [moderator, jane]) await client.frame("hand");
  const before = [moderator, jane].map(({ frames }) => frames.length);
  for (const about of Object.values(ids)) {
    for (const [type, all] of Object.entries(wishes(about))) {
      for (const wish of all) {
        const known = john.frames.length;
        await john.say({ type, role: "moderator", from: ids.moderator, ...wish });
        await john.until((frame) => john.frames.indexOf(frame) >= known && frame.code === "NOT_MODERATOR");
      }
    }
  }
  await john.say({ type: "end" });
  await john.until(({ code }) => code === "NOT_ENDED");
  expect([moderator, jane].map(({ frames }) => frames.length)).toEqual(before);
});

test("a moderator of one room moves nothing in another, by any person's id", async () => {
  const gateway = await boot();
  const here = await three(gateway);
  const there = await three(gateway);
  const abroad = [
    { type: "remove", person: there.ids.john },
    { type: "set-role", person: there.ids.john, role: "moderator" },
    { type: "turn-off", what: "mic", person: there.ids.john },
    { type: "chat", body: "from elsewhere", to: there.ids.john },
  ];
  for (const wish of abroad) {
    await here.moderator.say(wish);
    await here.moderator.until(({ code, re }) => code === "NOT_HERE" && re === wish.type);
  }
  // A second entrance on the same line is none.
  await here.jane.say({ type: "enter", link: there.links.moderator.split("?")[1] });
  await here.jane.say({ type: "hand", up: true });
  await here.moderator.frame("hand");
  const heard = [there.moderator, there.john, there.jane].flatMap(({ frames }) => frames.map(({ type }) => type));
  expect(new Set(heard)).toEqual(new Set(["entered", "joined"]));
});

test("of who waits in line nothing is heard but that they leave it", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxAttendance: 2 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  const [inside, late] = [
    await joinMeeting(gateway, meetingId, "Inside", {}, { key }),
    await joinMeeting(gateway, meetingId, "Late", {}, { key }),
  ];
  const [moderator, viewer, waiter] = [gateway.socket(), gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  const { person } = await viewer.enter(inside);
  await waiter.say({ type: "enter", link: late.split("?")[1], wait: true });
  await waiter.frame("waiting");
  const before = [moderator, viewer].map(({ frames }) => frames.length);
  for (const type of Object.keys(frameTable)) {
    if (type === "leave") continue;
    await waiter.say({
      type,
      body: "x",
      up: true,
      what: "clap",
      person: person.id,
      mic: true,
      cam: true,
      screen: true,
    });
  }
  await viewer.say({ type: "hand", up: true });
  for (const client of [moderator, viewer]) await client.frame("hand");
  expect([moderator, viewer].map(({ frames }) => frames.length)).toEqual(before.map((count) => count + 1));
  expect(waiter.frames.map(({ type }) => type)).toEqual(["waiting"]);
});
