import { computed, signal } from "@preact/signals";
import type { ChatMessage } from "../line/frames.js";
import { isModerator, myId, personOf } from "../people/people.js";
import { isOn } from "../moderation/settings.js";

/** All that is said in public, or between two: then the id of the other one. */
export type Conversation = string;
export const everyoneReads: Conversation = "";

export const conversationOf = ({ from, to }: ChatMessage): Conversation =>
  to === undefined ? everyoneReads : from.id === myId.value ? to.id : from.id;

/** The server's order. */
export const messages = signal<readonly ChatMessage[]>([]);

/** The one that is shown. */
export const conversation = signal<Conversation>(everyoneReads);

/** People with whom something was said, or shall be, by their names as known last. */
export const partners = signal<ReadonlyMap<string, string>>(new Map());

export const shownMessages = computed(() =>
  messages.value.filter((message) => conversationOf(message) === conversation.value),
);

/** Messages that came while nobody looked, by conversation. */
export const unread = signal<ReadonlyMap<Conversation, number>>(new Map());
export const allUnread = computed(() => [...unread.value.values()].reduce((sum, count) => sum + count, 0));

const notePartner = (id: string, name: string) => {
  if (partners.value.get(id) !== name) partners.value = new Map(partners.value).set(id, name);
};

/** @returns those that were not known yet */
export function addMessages(told: readonly ChatMessage[]): ChatMessage[] {
  const ids = new Set(messages.value.map(({ id }) => id));
  const fresh = told.filter(({ id }) => !ids.has(id));
  if (fresh.length === 0) return [];
  messages.value = [...messages.value, ...fresh];
  for (const { from, to } of fresh) {
    if (!to) continue;
    const other = from.id === myId.value ? to : from;
    notePartner(other.id, other.name);
  }
  return fresh;
}

export function countUnread(fresh: readonly ChatMessage[], isLookedAt: (of: Conversation) => boolean): void {
  const counts = new Map(unread.value);
  for (const message of fresh) {
    const of = conversationOf(message);
    if (message.from.id !== myId.value && !isLookedAt(of)) counts.set(of, (counts.get(of) ?? 0) + 1);
  }
  unread.value = counts;
}

export function markRead(of: Conversation): void {
  if (!unread.value.has(of)) return;
  const counts = new Map(unread.value);
  counts.delete(of);
  unread.value = counts;
}

export function openConversation(of: Conversation, name = ""): void {
  if (of !== everyoneReads && name) notePartner(of, name);
  conversation.value = of;
}

/** Why nothing can be written there now. */
export function lockOf(of: Conversation): "publicLocked" | "privateLocked" | "notHere" | undefined {
  if (of === everyoneReads)
    return !isModerator.value && isOn("lockSettingsDisablePublicChat") ? "publicLocked" : undefined;
  const other = personOf(of);
  if (!other) return "notHere";
  const isBetweenViewers = !isModerator.value && other.role === "viewer";
  return isBetweenViewers && isOn("lockSettingsDisablePrivateChat") ? "privateLocked" : undefined;
}
