import { expect, test } from "vitest";
import { frameTable } from "../../src/engine/builtin/frame-table.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";

/** A moderator and two viewers, inside. */
async function room(gateway: Gateway) {
  const meetingId = await createMeeting(gateway);
  const moderator = gateway.socket();
  const { person } = await moderator.enter(await startMeeting(gateway, meetingId));
  const [john, jane] = [gateway.socket(), gateway.socket()];
  const first = await john.enter(await joinMeeting(gateway, meetingId, "John"));
  const second = await jane.enter(await joinMeeting(gateway, meetingId, "Jane"));
  const ids: { moderator: string; john: string; jane: string } = {
    moderator: person.id,
    john: first.person.id,
    jane: second.person.id,
  };
  return { meetingId, moderator, john, jane, ids };
}

test("hands go up in order, for those who come later too; who leaves lowers theirs, and a moderator lowers all", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john, jane, ids } = await room(gateway);
  await jane.say({ type: "hand", up: true });
  expect(await moderator.frame("hand")).toEqual({ type: "hand", person: ids.jane, up: true });
  await john.say({ type: "hand", up: true });
  await moderator.say({ type: "hand", up: true });
  await jane.until(({ person, up }) => up && person === ids.moderator);
  const late = gateway.socket();
  expect((await late.enter(await joinMeeting(gateway, meetingId, "Late"))).hands).toEqual([
    ids.jane,
    ids.john,
    ids.moderator,
  ]);
  await john.say({ type: "leave" });
  await late.frame("left");
  await jane.say({ type: "lower-all" });
  expect(await jane.frame("refused")).toMatchObject({ code: "NOT_MODERATOR", re: "lower-all" });
  const later = gateway.socket();
  expect((await later.enter(await joinMeeting(gateway, meetingId, "Later"))).hands).toEqual([ids.jane, ids.moderator]);
  await moderator.say({ type: "lower-all" });
  expect(await jane.frame("hands")).toEqual({ type: "hands", hands: [] });
});

test("reactions are of a fixed list and reach everybody; what is too much of one person is not told", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids } = await room(gateway);
  await john.say({ type: "react", what: "crown" });
  expect(await john.frame("refused")).toMatchObject({ code: "INVALID", field: "what", re: "react" });
  for (let nth = 0; nth < 11; nth++) await john.say({ type: "react", what: "clap", ref: `no ${nth}` });
  expect(await john.until(({ code }) => code === "TOO_FAST")).toMatchObject({ re: "react", ref: "no 10" });
  const clap = { type: "reaction", person: ids.john, what: "clap" };
  await jane.say({ type: "react", what: "heart" });
  await moderator.until(({ what }) => what === "heart");
  expect(moderator.frames.filter(({ what }) => what === "clap")).toEqual(Array.from({ length: 10 }, () => clap));
  gateway.clock.forward(10_001);
  await john.say({ type: "react", what: "laugh" });
  await jane.until(({ what }) => what === "laugh");
});

test("what is no frame of the table is ignored, whatever every object has by that name, and nothing breaks", async () => {
  const gateway = await boot();
  const { moderator, john } = await room(gateway);
  for (const type of ["constructor", "__proto__", "toString", "", "enter", "signal"]) await john.say({ type });
  for (const [type, { schema }] of Object.entries(frameTable)) {
    if (Object.keys(schema).length === 0) continue;
    const odd = [undefined, null, {}, [], "\ud800", JSON.parse('{"__proto__":{"up":true}}')];
    for (const value of odd) {
      await john.say({ type, ...Object.fromEntries(Object.keys(schema).map((name) => [name, value])) });
    }
  }
  await john.say(`{"type":"hand","up":${"[".repeat(5_000)}${"]".repeat(5_000)}}`);
  await john.say({ type: "react", what: "celebrate" });
  await moderator.until(({ what }) => what === "celebrate");
  const codes = new Set(john.frames.flatMap(({ type, code }) => (type === "refused" ? [code] : [])));
  expect([...codes].toSorted()).toEqual(["INVALID", "NOT_MODERATOR"]);
  expect(moderator.frames.map(({ type }) => type)).toEqual(["entered", "joined", "joined", "reaction"]);
});
