// What the room tells, frame by frame: each changes what is shown, and what those hear who do not see it.

import { announce } from "../announce/announce.js";
import { addMessages, countUnread, conversation, type Conversation } from "../chat/chat.js";
import { arrived, refused } from "../chat/outbox.js";
import { playSound } from "../chat/sound.js";
import type { ChatMessage, Frame, FrameOf, FrameType } from "../line/frames.js";
import { hearIce } from "../media/ice.js";
import { hearSignal } from "../media/mesh.js";
import { isShutOut, obey, refused as mediaRefused, sayMine } from "../media/mine.js";
import { dropOnAir, putOnAir } from "../media/on-air.js";
import { settings } from "../moderation/settings.js";
import { hands, myId, personOf, putPerson, removePerson, setHand } from "../people/people.js";
import { showReaction } from "../people/reactions.js";
import { hearNotes, notesRefused } from "../notes/notes.js";
import { isPageSeen, panel } from "../inside/panels.js";
import { hearPlease, hearTicket, recordRefused } from "../recording/filming.js";
import { hearRecording } from "../recording/recording.js";
import { text } from "../texts.js";
import { ending, say } from "./state.js";

/** Before the first history everything in it is old; after a broken line it is what was missed. */
let hasHistory = false;

const isLookedAt = (of: Conversation): boolean =>
  isPageSeen.value && panel.value === "chat" && conversation.value === of;

function take(told: readonly ChatMessage[]): void {
  const fresh = addMessages(told);
  arrived(told);
  countUnread(fresh, isLookedAt);
  const others = fresh.filter(({ from }) => from.id !== myId.value);
  for (const { from, to, body } of others) announce("messages", { name: from.name, body, isPrivate: to !== undefined });
  if (others.length > 0) playSound();
}

const hears: { [Type in FrameType]?: (frame: FrameOf<Type>) => void } = {
  joined({ person }) {
    putPerson(person);
    announce("joined", person.name);
  },
  left({ person }) {
    removePerson(person);
    dropOnAir(person.id);
    if (isShutOut.value) sayMine();
    announce("left", person.name);
  },
  chats({ messages }) {
    if (hasHistory) return take(messages);
    hasHistory = true;
    addMessages(messages);
    arrived(messages);
  },
  chat: (message) => take([message]),
  hand({ person, up }) {
    setHand(person, up);
    if (up && person !== myId.value) announce("hands", personOf(person)?.name ?? "");
  },
  hands(frame) {
    hands.value = frame.hands;
    if (frame.hands.length === 0) announce("others", text("page.said.handsLowered"));
  },
  reaction({ person, what }) {
    const shown = showReaction(person, what);
    if (!shown || person === myId.value) return;
    announce("others", `${shown.person.name}: ${text(`page.reaction.${what}`)}`);
  },
  media({ by, ...told }) {
    putOnAir(told);
    if (told.person === myId.value) obey(told, by !== undefined);
  },
  signal: hearSignal,
  ice: hearIce,
  role({ person }) {
    putPerson(person);
    if (person.id === myId.value) say(text(`page.said.${person.role}`), "good");
  },
  settings(frame) {
    settings.value = frame.settings;
    announce("others", text("page.said.locks"));
  },
  "notes-opened": hearNotes,
  notes: hearNotes,
  "notes-written": hearNotes,
  "notes-taken": hearNotes,
  "notes-kept": hearNotes,
  recording: hearRecording,
  "record-please": () => void hearPlease(),
  "record-ticket": hearTicket,
  refused(frame) {
    const { re, ref, code, message } = frame;
    const sentence = message || text("page.notDone");
    if (re === "notes-open" || re === "notes-write") return notesRefused(frame, sentence);
    // Whoever it was for has just left; what is amiss is tried again.
    if (re === "signal") return;
    if (re === "record" && recordRefused(frame)) return;
    if (re === "media") mediaRefused(code);
    if (re === "chat" && refused(ref, sentence)) return announce("others", sentence);
    if (re === "end") ending.value = "no";
    say(sentence, "problem");
  },
};

/** Other types are none of ours. */
export function hear(frame: Frame): void {
  const act = Object.hasOwn(hears, frame.type) ? hears[frame.type] : undefined;
  (act as ((frame: Frame) => void) | undefined)?.(frame);
}

/** From now on, what the server tells of the past was missed. */
export const beginHistory = (): void => {
  setTimeout(() => (hasHistory = true), 2_000);
};
