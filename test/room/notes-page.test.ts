import { signal } from "@preact/signals";
import { join as path } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { openBeside } from "../helpers/beside.js";
import { boot, type RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { NotesClient } from "../helpers/notes-client.js";
import { root } from "../start/process.js";

// What the room's page does with the notes, apart from its field; by its name, because its types are a browser's.
const page = (name: string) => import(path(root, "src/engine/builtin/page/notes", name));
const { Notebook } = await page("notebook.ts");
const { changeBetween, moved } = await page("change.ts");

/** The page's own document, on a program's line. */
function notebookOn(client: () => RoomClient) {
  const isPending = signal(false);
  const notebook = new Notebook((update: string, ref: string) => {
    void client().say({ type: "notes-write", update, ref });
    return true;
  }, isPending);
  const join = async () => {
    const { socket } = client();
    socket.on("message", (data) => {
      const frame = JSON.parse((data as Buffer).toString("utf8"));
      if (frame.type === "notes-opened") notebook.opened(frame, false);
      else if (frame.type === "notes") notebook.told(frame.update);
      else if (frame.type === "notes-taken") notebook.taken(frame.ref);
      else if (frame.type === "notes-kept") notebook.kept();
    });
    await client().say({ type: "notes-open" });
    await client().frame("notes-opened");
  };
  return { notebook, isPending, join };
}

test("what a server that died had not stored comes back with the first page that does, also what others had written there", async () => {
  const first = await boot({ timings: { keepNotes: 50 } });
  const meetingId = await createMeeting(first);
  const links = [await startMeeting(first, meetingId), await joinMeeting(first, meetingId, "Dana")] as const;
  let client = first.socket();
  await client.enter(links[0]);
  const { notebook, isPending, join } = notebookOn(() => client);
  await join();
  notebook.change({ at: 0, removed: 0, inserted: "one " });
  await client.frame("notes-kept");
  const database = openBeside(first);
  const read = () => database.prepare("SELECT document FROM notes").pluck().get() as string;
  const early = read();
  const dana = first.socket();
  await dana.enter(links[1]);
  const other = await new NotesClient(dana).open();
  await other.write("two ");
  await expect.poll(() => notebook.text).toBe("one two ");
  await client.until(() => client.frames.filter(({ type }) => type === "notes-kept").length >= 2);
  await first.stop();

  database.prepare("UPDATE notes SET document = ?").run(early);
  database.close();
  notebook.lineBroke();
  notebook.change({ at: 8, removed: 0, inserted: "three" });
  expect(isPending.value).toBe(true);
  const next = await boot({ folder: first.folder });
  client = next.socket();
  await client.enter(links[0]);
  await join();
  await expect.poll(() => isPending.value).toBe(false);
  const reader = next.socket();
  await reader.enter(links[1]);
  await (await new NotesClient(reader).open()).reads("one two three");
  expect(sessionOf(links[0])).toBe(sessionOf(links[1]));
});

test("a text of any length and script is said in writings that the room takes, and deleted again", async () => {
  const gateway = await boot();
  const client = gateway.socket();
  await client.enter(await startMeeting(gateway, await createMeeting(gateway)));
  const { notebook, isPending, join } = notebookOn(() => client);
  await join();
  const text = `${"漢字 👋🏽 مرحبا\n".repeat(1_000)}!`;
  notebook.change({ at: 0, removed: 0, inserted: text });
  await expect.poll(() => isPending.value, { timeout: 10_000 }).toBe(false);
  const reader = await new NotesClient(client).open();
  await reader.reads(text);
  notebook.change({ at: 0, removed: text.length, inserted: "new" });
  await expect.poll(() => isPending.value, { timeout: 10_000 }).toBe(false);
  await reader.reads("new");
  expect(client.frames.filter(({ type }) => type === "refused")).toEqual([]);
});

test("a change is the shortest that makes the one text of the other, cuts no character in two, and is where the caret is", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "\n", "م", "👋", "👌"), maxLength: 12 });
  fc.assert(
    fc.property(letters, letters, fc.nat(12), (before, after, caret) => {
      const change = changeBetween(before, after, caret);
      if (!change) {
        expect(before).toBe(after);
        return;
      }
      const { at, removed, inserted } = change;
      const pieces = [before.slice(0, at), inserted, before.slice(at + removed)];
      expect(pieces.join("")).toBe(after);
      for (const piece of pieces) expect(Buffer.from(piece, "utf8").toString("utf8")).toBe(piece);
    }),
  );
  expect(changeBetween("aaa", "aaaa", 1)).toEqual({ at: 0, removed: 0, inserted: "a" });
  expect(changeBetween("aaa", "aaaa", 4)).toEqual({ at: 3, removed: 0, inserted: "a" });
  expect(changeBetween("aaa", "aa", 1)).toEqual({ at: 1, removed: 1, inserted: "" });
});

test("a caret stays between its letters while others write before, at and behind it, and delete around it", () => {
  expect(moved(4, [{ retain: 1 }, { insert: "xyz" }])).toBe(7);
  expect(moved(4, [{ retain: 4 }, { insert: "x" }])).toBe(4);
  expect(moved(4, [{ retain: 6 }, { insert: "x" }])).toBe(4);
  expect(moved(4, [{ retain: 2 }, { delete: 5 }])).toBe(2);
  expect(moved(4, [{ delete: 2 }, { insert: "abc" }, { retain: 5 }, { delete: 3 }])).toBe(5);
});
