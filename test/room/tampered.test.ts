import { expect, test } from "vitest";
import { frameTable } from "../../src/engine/builtin/frame-table.js";
import { boot, type RoomClient } from "../helpers/boot.js";
import { joinMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { three, turningName } from "./three.js";

/** What this one was told from the frame on of which it is so. */
const since = ({ frames }: RoomClient, isIt: (frame: RoomClient["frames"][number]) => boolean) =>
  frames.slice(frames.findIndex(isIt) + 1);

test("a lock that comes amid what a viewer writes cuts it at one place: before it all is there, behind it nothing", async () => {
  const gateway = await boot();
  const { moderator, john } = await three(gateway);
  const notes = await new NotesClient(john).open();
  const reader = await new NotesClient(moderator).open();
  const answers = [];
  for (let nth = 0; nth < 16; nth += 1) {
    answers.push(notes.write(`${nth} `));
    if (nth === 8) await moderator.say({ type: "settings", settings: { lockSettingsDisableNote: true } });
    if (nth % 4 === 0) await Promise.race(answers);
  }
  const said = (await Promise.all(answers)).map(({ type, code }) => code ?? type);
  await moderator.frame("settings");
  expect((await notes.write("late")).code).toBe("LOCKED");
  const taken = said.filter((each) => each === "notes-taken").length;
  expect(said).toEqual([...Array(taken).fill("notes-taken"), ...Array(said.length - taken).fill("LOCKED")]);
  await reader.reads(Array.from({ length: taken }, (_, nth) => `${nth} `).join(""));
});

test("of someone who is removed while they go on sending, nothing is heard after it was told that they left", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids } = await three(gateway);
  await new NotesClient(jane).open();
  const notes = await new NotesClient(john).open();
  for (let nth = 0; nth < 9; nth += 1) {
    await john.say({ type: "chat", body: `${nth}` });
    await john.say({ type: "hand", up: nth % 2 === 0 });
    await john.say({ type: "react", what: "clap" });
    void notes.write(`${nth}`).catch(() => {});
    if (nth === 4) await moderator.say({ type: "remove", person: ids.john });
  }
  expect((await john.closing()).code).toBe(4002);
  await jane.frame("left");
  await jane.say({ type: "chat", body: "the last" });
  await jane.until(({ body }) => body === "the last");
  const after = since(jane, ({ type }) => type === "left").filter(({ type }) => type !== "notes");
  expect(after.map(({ type, from }) => [type, from?.name])).toEqual([["chat", turningName]]);
});

test("a moderator whose role is taken while they moderate changes nothing after it was told", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids } = await three(gateway);
  await moderator.say({ type: "set-role", person: ids.john, role: "moderator" });
  await john.frame("role");
  await Promise.all([
    moderator.say({ type: "set-role", person: ids.john, role: "viewer" }),
    ...Array.from({ length: 9 }, (_, nth) =>
      john.say({ type: "settings", settings: { lockSettingsDisableCam: nth % 2 === 0 } }),
    ),
  ]);
  const isTaken: Parameters<typeof since>[1] = ({ type, person }) => type === "role" && person.role === "viewer";
  await john.until(isTaken);
  await john.say({ type: "remove", person: ids.jane, ref: "the last" });
  expect(await john.until(({ ref }) => ref === "the last")).toMatchObject({ code: "NOT_MODERATOR" });
  await jane.until(isTaken);
  await jane.say({ type: "react", what: "heart" });
  await jane.frame("reaction");
  expect(since(jane, isTaken).map(({ type }) => type)).toEqual(["reaction"]);
});

/** One of each frame that changes something, as it may be said; those that end a visit are left out. */
const samples: Record<string, object> = {
  chat: { body: "x" },
  hand: { up: true },
  react: { what: "clap" },
  media: { mic: true, cam: false, screen: false },
  signal: { to: "nobody", call: "x", ask: "anew" },
  "turn-off": { what: "mic" },
  ice: {},
  "notes-open": {},
  "notes-write": { update: "AAA=" },
  record: { on: true },
  "lower-all": {},
  "set-role": { person: "nobody", role: "viewer" },
  settings: { settings: { lockSettingsDisableMic: false } },
};

test("whoever floods the room with any of its frames is refused or closed, and the others talk as before", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john, jane } = await three(gateway);
  expect(Object.keys(samples).toSorted()).toEqual(
    Object.keys(frameTable)
      .filter((type) => !["leave", "end", "remove"].includes(type))
      .toSorted(),
  );
  for (const [type, fields] of Object.entries(samples)) {
    const flooder = gateway.socket();
    await flooder.enter(await joinMeeting(gateway, meetingId, type));
    for (let nth = 0; nth < 70; nth += 1) await flooder.say({ type, ...fields });
    const { rights, isPaced } = frameTable[type] ?? {};
    if (rights) await flooder.until(({ code, re }) => code === "NOT_MODERATOR" && re === type);
    else if (isPaced) await flooder.until(({ code, re }) => code === "TOO_FAST" && re === type);
    await jane.say({ type: "chat", body: `after ${type}` });
    await moderator.until(({ body }) => body === `after ${type}`);
    gateway.clock.forward(10_001);
  }
  for (let nth = 0; nth < 450; nth += 1) john.socket.send('{"type":"lower-all"}');
  expect((await john.closing()).code).toBe(1008);
  await jane.say({ type: "chat", body: "still here" });
  await moderator.until(({ body }) => body === "still here");
});
