// The shared notes as the page knows them before, and after, the part that writes them has come.

import { signal } from "@preact/signals";
import { announce } from "../announce/announce.js";
import type { Frame, FrameOf } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { isOn } from "../moderation/settings.js";
import { isPageSeen, panel } from "../inside/panels.js";
import { isModerator, myId, personOf } from "../people/people.js";
import { text } from "../texts.js";
import { say } from "../walk/state.js";
import type { Field } from "./field.js";
import type { Notebook } from "./notebook.js";

/** As the server limits the text of one who only types; it counts bytes, so it may refuse before. */
export const mostLetters = 50_000;
/** After they wrote last, someone counts as writing for so long. */
const writingMs = 3_000;
/** Who hears the page is told of a writer again after so long. */
const quietMs = 60_000;
const againMs = 2_000;

export const notesState = signal<"closed" | "opening" | "open" | "failed">("closed");
/** Names of those who write just now. */
export const writing = signal<readonly string[]>([]);
/** Somebody has written while nobody looked. */
export const isUnread = signal(false);
/** What was written here is not in the room yet. */
export const isPending = signal(false);

let notebook: Notebook | undefined;

interface Opened {
  notebook: Notebook;
  /** Makes the field the notes, whatever stood in it. */
  join(area: HTMLTextAreaElement): Field;
}

let open: Opened | undefined;

const writers = new Map<string, number>();

export const isLocked = (): boolean => !isModerator.value && isOn("lockSettingsDisableNote");

const sayWriting = (update: string, ref: string): boolean => line.say({ type: "notes-write", update, ref });
const ask = (): void => void line.say({ type: "notes-open" });

/** With the panel that is opened first; what writes in it comes with it. */
export async function openNotes(): Promise<Opened | undefined> {
  if (open) return open;
  notesState.value = "opening";
  try {
    const { Field: Made, Notebook } = await import("./writing.js");
    const made = (notebook ??= new Notebook(sayWriting, isPending));
    ask();
    return (open ??= { notebook: made, join: (area) => new Made(area, made) });
  } catch {
    // The server was upgraded under this page, or the line is gone.
    notesState.value = "failed";
    return undefined;
  }
}

/** After the line was back. */
export function openAgain(): void {
  if (!notebook) return;
  notebook.lineBroke();
  ask();
}

function showWriters(): void {
  const now = performance.now();
  const names = [...writers].flatMap(([id, at]) => (now - at < writingMs ? (personOf(id)?.name ?? []) : []));
  if (names.join("\n") !== writing.value.join("\n")) writing.value = names;
  if (names.length > 0) setTimeout(showWriters, writingMs / 2);
}

function noteWriter(id: string): void {
  const now = performance.now();
  const before = writers.get(id) ?? -quietMs;
  writers.set(id, now);
  showWriters();
  const name = personOf(id)?.name;
  if (name !== undefined && now - before >= quietMs) announce("others", text("page.notes.saidWriting", { name }));
}

type Told = Extract<Frame, { type: "notes-opened" | "notes" | "notes-taken" | "notes-kept" | "notes-written" }>;

const isLookedAt = (): boolean => isPageSeen.value && panel.value === "notes";

function writtenBy(id: string): void {
  if (id === myId.value) return;
  noteWriter(id);
  if (!isLookedAt()) isUnread.value = true;
}

function opened(frame: FrameOf<"notes-opened">): void {
  const before = notesState.value === "open" ? notebook?.text : undefined;
  notebook?.opened(frame, isLocked());
  notesState.value = "open";
  // While the line was broken.
  if (before !== undefined && before !== notebook?.text && !isLookedAt()) isUnread.value = true;
}

export function hearNotes(frame: Told): void {
  if (frame.type === "notes-opened") opened(frame);
  else if (frame.type === "notes") {
    if (frame.by === myId.value) return;
    notebook?.told(frame.update);
    writtenBy(frame.by);
  } else if (frame.type === "notes-written") {
    // Who has opened them is told what, too.
    if (!notebook) writtenBy(frame.by);
  } else if (frame.type === "notes-taken") notebook?.taken(frame.ref);
  else notebook?.kept();
}

/** What was not taken is another document from then on: it is given up, and the room's is shown. */
export function notesRefused({ re, code }: FrameOf<"refused">, sentence: string): void {
  if (re === "notes-open") return void setTimeout(ask, againMs);
  if (code === "TOO_FAST" || code === "NOT_STORED") return notebook?.notYet();
  say(sentence, "problem");
  notebook?.giveUp();
  ask();
}
