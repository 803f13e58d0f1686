// What happens in the room, for those who hear the page: gathered, so that a class that enters is one sentence.

import { signal } from "@preact/signals";
import { listed, text } from "../texts.js";

/** Between two sentences. */
const everyMs = 3_000;
/** What happens with another thing is heard with it. */
const gatherMs = 400;
const mostNamed = 3;
const longestBody = 150;

export const announcement = signal("");

interface Gathered {
  joined: string[];
  left: string[];
  hands: string[];
  messages: { name: string; body: string; isPrivate: boolean }[];
  others: string[];
}

const nothing = (): Gathered => ({ joined: [], left: [], hands: [], messages: [], others: [] });
let gathered = nothing();
let timer = 0;
let spokeAt = -everyMs;

const namesOf = (names: readonly string[]): string => {
  const unique = [...new Set(names)];
  const named = listed(unique.slice(0, mostNamed));
  const count = unique.length - mostNamed;
  return count > 0 ? text("page.said.others", { names: named, count }) : named;
};

function messagesSaid(messages: Gathered["messages"]): string {
  const [first] = messages;
  if (!first) return "";
  if (messages.length > 1) return text("page.said.messages", { count: messages.length });
  const body = first.body.length > longestBody ? `${first.body.slice(0, longestBody)}…` : first.body;
  return text(first.isPrivate ? "page.said.privateMessage" : "page.said.message", { name: first.name, body });
}

function speak(): void {
  timer = 0;
  spokeAt = performance.now();
  const { joined, left, hands, messages, others } = gathered;
  gathered = nothing();
  const sentences = [
    joined.length > 0 && text("page.said.joined", { names: namesOf(joined) }),
    left.length > 0 && text("page.said.left", { names: namesOf(left) }),
    hands.length > 0 && text("page.said.hands", { names: namesOf(hands) }),
    messagesSaid(messages),
    ...new Set(others),
  ];
  announcement.value = sentences.filter(Boolean).join("\n");
}

function soon(): void {
  timer ||= setTimeout(speak, Math.max(gatherMs, spokeAt + everyMs - performance.now()));
}

export function announce<Kind extends keyof Gathered>(kind: Kind, what: Gathered[Kind][number]): void {
  (gathered[kind] as Gathered[Kind][number][]).push(what);
  soon();
}
