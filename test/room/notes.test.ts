import { expect, test } from "vitest";
import * as Y from "yjs";
import { forgetWhatIsOver } from "../../src/domain/forgetting.js";
import { boot, type Gateway, type RoomClient } from "../helpers/boot.js";
import { joinMeeting, tenSettings } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { three } from "./three.js";

const locked = tenSettings().map(({ setting }) => ({ setting, value: setting === "lock_settings_disable_note" }));

async function enter(gateway: Gateway, link: string): Promise<NotesClient> {
  const client = gateway.socket();
  await client.enter(link);
  return new NotesClient(client);
}

/** A moderator and two viewers, inside, each with the notes open. */
async function room(gateway: Gateway, body: object = {}) {
  const { moderator, john, jane, ...others } = await three(gateway, body);
  const open = (client: RoomClient) => new NotesClient(client).open();
  return { ...others, moderator: await open(moderator), john: await open(john), jane: await open(jane) };
}

test("what two write at the same moment stands there for everyone, in one order; who opens the notes later reads it too", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john, jane } = await room(gateway);
  const both = await Promise.all([john.write("مرحبا "), jane.write("hello ")]);
  expect(both.map(({ type }) => type)).toEqual(["notes-taken", "notes-taken"]);
  await moderator.client.until(() => moderator.text.length === 12);
  const text = moderator.text.toJSON();
  expect(["مرحبا hello ", "hello مرحبا "]).toContain(text);
  await Promise.all([john.reads(text), jane.reads(text)]);
  const { by } = await moderator.client.frame("notes");
  expect([await john.client.frame("entered"), await jane.client.frame("entered")].map((e) => e.person.id)).toContain(
    by,
  );
  const late = await enter(gateway, await joinMeeting(gateway, meetingId, "Late"));
  await (await late.open()).reads(text);
});

test("where notes are locked, a viewer reads and a tampered page of theirs writes nothing; moderators write", async () => {
  const gateway = await boot();
  const { moderator, john, jane } = await room(gateway, { meeting_setting: locked });
  await moderator.write("agenda");
  await john.reads("agenda");
  const refused = await john.write("graffiti");
  expect(refused).toMatchObject({ type: "refused", code: "LOCKED", lock: "lockSettingsDisableNote" });
  expect(refused.message).toMatch(/\S/);
  await moderator.write(" two");
  await jane.reads("agenda two");

  // A lock that comes while the frame is on its way is one.
  await moderator.client.say({ type: "settings", settings: { lockSettingsDisableNote: false } });
  await jane.client.frame("settings");
  expect((await jane.write("!")).type).toBe("notes-taken");
  await moderator.client.say({ type: "settings", settings: { lockSettingsDisableNote: true } });
  await jane.client.until(({ type, settings }) => type === "settings" && settings.lockSettingsDisableNote);
  expect((await jane.write("?")).code).toBe("LOCKED");
});

test("notes are kept with the session: over a restart, to its end, in the graph, and forgotten with it", async () => {
  const first = await boot();
  const { meetingId, sessionId, links, moderator } = await room(first);
  const asked = `{ session(id: "${sessionId}") { notes { text updatedAt } } }`;
  expect((await first.graphql(asked)).body.data.session.notes).toBeNull();
  await moderator.write("first");
  await first.stop();

  const gateway = await boot({
    folder: first.folder,
    timings: { keepNotes: 50 },
    env: { RETENTION_EVENTS_DAYS: "1", RETENTION_SESSIONS_DAYS: "1" },
  });
  const key = { key: first.key };
  const shown = async () => (await gateway.graphql(asked, {}, key)).body.data.session.notes;
  expect(await shown()).toEqual({ text: "first", updatedAt: expect.any(String) });
  const back = await (await enter(gateway, links.moderator)).open();
  await back.reads("first");
  await back.write(", second");
  await back.client.frame("notes-kept");
  expect((await shown()).text).toBe("first, second");
  // What was written just before the end is kept by it.
  await back.write(", third");
  await gateway.v1(`end_meeting/?meeting_id=${meetingId}`, key);
  expect((await shown()).text).toBe("first, second, third");

  gateway.clock.forward(3 * 24 * 60 * 60 * 1000);
  const { services, config } = gateway.opened;
  await forgetWhatIsOver(services, config.retention);
  expect(await services.storage.read.notes.document(sessionId)).toBeUndefined();
});

test("a room that everybody left at once has its notes again for who comes next", async () => {
  const gateway = await boot({ timings: { keepNotes: 50 } });
  const { links, moderator, john, jane } = await room(gateway);
  await moderator.write("one");
  for (const { client } of [moderator, john, jane]) {
    await client.say({ type: "leave" });
    await client.closing();
  }
  const back = await (await enter(gateway, links.moderator)).open();
  await back.reads("one");
});

test("what is no writing of letters in the notes, or builds on what is not there, is refused; nothing of it is told or kept", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john, jane } = await room(gateway);
  await john.write("letters");
  const other = (change: (doc: Y.Doc) => void) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(jane.doc));
    const before = Y.encodeStateVector(doc);
    doc.transact(() => change(doc));
    return Y.encodeStateAsUpdate(doc, before);
  };
  await jane.reads("letters");
  const early = new Y.Doc();
  early.getText("notes").insert(0, "a");
  const gap = Y.encodeStateVector(early);
  early.getText("notes").insert(1, "b");
  const tampered: (Uint8Array | string)[] = [
    other((doc) => doc.getMap("other").set("x", 1)),
    other((doc) => doc.getText("notes").insertEmbed(0, { image: "x" })),
    other((doc) => doc.getText("notes").format(0, 3, { bold: true })),
    other((doc) => doc.getText("other").insert(0, "letters")),
    other((doc) => doc.getText("notes").insert(0, "\u0007 bell")),
    other((doc) => doc.getArray("notes").insert(0, [new Y.Doc()])),
    other((doc) => Array.from({ length: 65 }, () => doc.getText("notes").insert(0, "x"))),
    Y.encodeStateAsUpdate(early, gap),
    new Uint8Array([255, 255, 255, 255, 15, 1, 2, 3]),
    new Uint8Array([0]),
    new Uint8Array(9_001),
    "no base64!",
    "",
  ];
  for (const update of tampered) {
    expect(await jane.say(update), String(update).slice(0, 60)).toMatchObject({ type: "refused", code: "INVALID" });
  }
  const unopened = await enter(gateway, await joinMeeting(gateway, meetingId, "Unopened"));
  expect(await unopened.write("x")).toMatchObject({ code: "INVALID", field: "update" });
  await john.write("!");
  await moderator.reads("letters!");
  expect(moderator.client.frames.filter(({ type }) => type === "notes")).toHaveLength(2);
});

test("full notes take nothing but what makes room, say so, and are as they were", async () => {
  const gateway = await boot();
  const { moderator, john } = await room(gateway);
  const page = "x".repeat(8_900);
  let pages = 0;
  for (;;) {
    const said = await moderator.write(page);
    if (said.type === "refused") {
      expect(said).toMatchObject({ code: "NOTES_FULL", message: expect.stringMatching(/\S/) });
      break;
    }
    pages += 1;
    gateway.clock.forward(1_000);
  }
  expect(pages).toBe(29);
  await john.client.until(() => john.text.length === pages * page.length);
  expect((await john.say(john.change(() => john.text.delete(0, 100_000)))).type).toBe("notes-taken");
  expect((await john.write("there is room")).type).toBe("notes-taken");
});
