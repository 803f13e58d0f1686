// What was written here and is not in the room yet: it is said again when the line is back, and told once.

import { signal } from "@preact/signals";
import type { ChatMessage } from "../line/frames.js";
import { line } from "../line/my-line.js";
import { personId } from "../page-data.js";
import { remembered } from "../parts/remembered.js";
import { type Conversation, everyoneReads } from "./chat.js";

export interface Outgoing {
  ref: string;
  to: Conversation;
  body: string;
  /** The server's sentence why it was not taken. */
  refusal?: string;
}

export const outbox = signal<readonly Outgoing[]>([]);

/** In this tab, until it is closed. Named by the person, who belongs to one session. */
const kept = remembered(() => sessionStorage, `drafts:${personId}`);

function keptDrafts(): Map<Conversation, string> {
  try {
    const all = Object.entries(JSON.parse(kept.get() ?? "{}") as object);
    return new Map(all.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch {
    return new Map();
  }
}

/** What stands in the field of each conversation; it stays when another is shown, and when the page is loaded anew. */
export const drafts = signal<ReadonlyMap<Conversation, string>>(keptDrafts());

export const setDraft = (of: Conversation, body: string): void => {
  const all = new Map(drafts.value).set(of, body);
  drafts.value = all;
  const written = [...all].filter(([, each]) => each !== "");
  if (written.length === 0) kept.clear();
  else kept.set(JSON.stringify(Object.fromEntries(written)));
};

/** In code points, as the server counts. */
export const mostCharacters = 2_000;
export const lengthOf = (body: string): number => Array.from(body).length;

const page = Math.random().toString(36).slice(2);
let count = 0;

const sayIt = ({ ref, to, body }: Outgoing) =>
  line.say({ type: "chat", body, ref, ...(to !== everyoneReads && { to }) });

export function write(to: Conversation, body: string): void {
  count += 1;
  const outgoing = { ref: `${page}-${count}`, to, body };
  outbox.value = [...outbox.value, outgoing];
  setDraft(to, "");
  sayIt(outgoing);
}

/** Whoever came back does not know which of these arrived; the server does. */
export function sayAgain(): void {
  for (const outgoing of outbox.value) if (outgoing.refusal === undefined) sayIt(outgoing);
}

export function discard(ref: string): void {
  outbox.value = outbox.value.filter((each) => each.ref !== ref);
}

export function tryAgain({ ref, to, body }: Outgoing): void {
  discard(ref);
  const again = { ref, to, body };
  outbox.value = [...outbox.value, again];
  sayIt(again);
}

export function arrived(told: readonly ChatMessage[]): void {
  const refs = new Set(told.map(({ ref }) => ref));
  if (outbox.value.some(({ ref }) => refs.has(ref))) outbox.value = outbox.value.filter(({ ref }) => !refs.has(ref));
}

/** @returns whether it was one of these */
export function refused(ref: string | undefined, refusal: string): boolean {
  const isMine = outbox.value.some((each) => each.ref === ref);
  if (isMine) outbox.value = outbox.value.map((each) => (each.ref === ref ? { ...each, refusal } : each));
  return isMine;
}
