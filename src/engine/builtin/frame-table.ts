import type { Person, WishOutcome } from "../engine.js";
import {
  type Check,
  type FieldsOf,
  isBody,
  isFlag,
  isFlags,
  isOneOf,
  isUpdate,
  isWord,
  optional,
  type Shape,
} from "./fields.js";
import type { FrameRefusal } from "./frames.js";
import { iceServersFor } from "./media/ice.js";
import { lockOf, slots } from "./media/permits.js";
import { signalShape } from "./media/signal-fields.js";
import { signal } from "./media/signals.js";
import { takePart, turnOff } from "./media/taking-part.js";
import { record } from "./recording/record.js";
import { send } from "./seat.js";
import type { Speaker } from "./speaker.js";
import { write } from "./writing.js";

export interface FrameRule<Of extends Shape = Shape> {
  /** What it must have; everything else in it is not looked at. */
  schema: Of;
  /** Everyone may, when left out. */
  rights?: Person["role"];
  /** So much of it is taken of a person, and no more; everyone hears of each, or the database is asked. */
  isPaced?: boolean;
  /** In ten seconds, where it is not as many as of a message. */
  most?: number;
  /** @returns the switch that forbids it to viewers where it is on */
  lockedBy?(speaker: Speaker, fields: FieldsOf<Of>): string | undefined;
  /** @returns why it was not done */
  act(speaker: Speaker, fields: FieldsOf<Of>): Promise<FrameRefusal | void> | FrameRefusal | void;
}

const frame = <Of extends Record<string, Check<unknown>>>(rule: FrameRule<Of>): FrameRule => rule;

/** In ten seconds: who holds a key to talk presses it often. */
const MOST_MEDIA = 60;
/** Likewise: a page says what its person types as it comes. */
const MOST_WRITINGS = 50;

export const reactions = ["thumbs-up", "clap", "heart", "laugh", "surprise", "celebrate"] as const;
const isReaction = isOneOf(reactions);

const storedRoles = { moderator: "MODERATOR", viewer: "VIEWER" } as const;
const isRole = isOneOf(["moderator", "viewer"]);
const isSlot = isOneOf(slots);
const optionalWord = optional(isWord);

const outcomeOf = (outcome: WishOutcome): FrameRefusal | undefined =>
  outcome === "DONE" ? undefined : { code: outcome };

/**
 * THE TABLE of what people inside may say (docs/room-protocol.md): a frame is an entry here and a row there, and what is
 * no entry is ignored.
 */
export const frameTable: Readonly<Record<string, FrameRule>> = {
  leave: frame({ schema: {}, act: ({ seat, rooms }) => rooms.leave(seat) }),

  chat: frame({
    schema: { body: isBody, to: optionalWord, ref: optionalWord },
    isPaced: true,
    lockedBy({ room }, { to }) {
      if (to === undefined) return "lockSettingsDisablePublicChat";
      return room.person(to)?.role === "MODERATOR" ? undefined : "lockSettingsDisablePrivateChat";
    },
    act: write,
  }),

  hand: frame({
    schema: { up: isFlag },
    isPaced: true,
    act: ({ seat, room }, { up }) => room.hand(seat.person.id, up),
  }),

  react: frame({
    schema: { what: isReaction },
    isPaced: true,
    act: ({ seat, room }, { what }) => room.tell({ type: "reaction", person: seat.person.id, what }),
  }),

  media: frame({
    schema: { mic: isFlag, cam: isFlag, screen: isFlag },
    isPaced: true,
    most: MOST_MEDIA,
    lockedBy: ({ room }, { mic, cam }) =>
      (mic ? lockOf("mic", room.settings) : undefined) ?? (cam ? lockOf("cam", room.settings) : undefined),
    act: takePart,
  }),

  signal: frame({
    schema: signalShape,
    act: signal,
  }),

  ice: frame({
    schema: {},
    isPaced: true,
    act({ seat: { line, person }, setting }) {
      if (line) send(line.socket, { type: "ice", ...iceServersFor(setting.ice, person.id, setting.clock.now()) });
    },
  }),

  "turn-off": frame({
    schema: { what: isSlot, person: optionalWord },
    rights: "MODERATOR",
    isPaced: true,
    act: turnOff,
  }),

  // They may be read by all, whatever is locked.
  "notes-open": frame({
    schema: {},
    isPaced: true,
    act: ({ seat, rooms }) => rooms.notes.of(seat.sessionId).open(seat),
  }),

  "notes-write": frame({
    schema: { update: isUpdate, ref: optionalWord },
    isPaced: true,
    most: MOST_WRITINGS,
    lockedBy: () => "lockSettingsDisableNote",
    act({ seat, room, rooms }, written) {
      const tellAll = () => room.tell({ type: "notes-written", by: seat.person.id });
      return rooms.notes.of(seat.sessionId).write(seat, written, tellAll);
    },
  }),

  record: frame({
    schema: { on: isFlag, part: optionalWord },
    rights: "MODERATOR",
    isPaced: true,
    act: record,
  }),

  "lower-all": frame({ schema: {}, rights: "MODERATOR", act: ({ room }) => room.lowerAll() }),

  remove: frame({
    schema: { person: isWord },
    rights: "MODERATOR",
    async act({ seat, setting }, { person: personId }) {
      const { sessionId, person } = seat;
      if (personId === person.id) return { code: "INVALID", facts: { field: "person" } };
      return outcomeOf(await setting.reports.remove({ sessionId, by: person.id, personId }));
    },
  }),

  "set-role": frame({
    schema: { person: isWord, role: isRole },
    rights: "MODERATOR",
    isPaced: true,
    async act({ seat, setting }, { person: personId, role }) {
      const { sessionId, person } = seat;
      if (personId === person.id) return { code: "INVALID", facts: { field: "person" } };
      const wish = { sessionId, by: person.id, personId, role: storedRoles[role] };
      return outcomeOf(await setting.reports.setRole(wish));
    },
  }),

  settings: frame({
    schema: { settings: isFlags },
    rights: "MODERATOR",
    isPaced: true,
    async act({ seat: { sessionId, person }, setting }, { settings }) {
      return outcomeOf(await setting.reports.setLocks({ sessionId, by: person.id, settings }));
    },
  }),

  // Who may is asked of what is stored, and so is answered there.
  end: frame({
    schema: {},
    isPaced: true,
    async act({ seat: { sessionId, person }, setting }) {
      const ended = await setting.reports.ended({ sessionId, by: person.id, source: "LIVE" }).catch(() => false);
      return ended ? undefined : { code: "NOT_ENDED" };
    },
  }),
};
