import type { EngineSetting, Person } from "../engine.js";
import { type Check, type FieldsOf, isFlag, isOneOf, type Shape } from "./fields.js";
import type { FrameRefusal } from "./frames.js";
import type { Room } from "./room.js";
import type { Rooms } from "./rooms.js";
import type { Seat } from "./seat.js";

/** Who says something, and where. */
export interface Speaker {
  seat: Seat;
  room: Room;
  rooms: Rooms;
  setting: EngineSetting;
}

export interface FrameRule<Of extends Shape = Shape> {
  /** What it must have; everything else in it is not looked at. */
  schema: Of;
  /** Everyone may, when left out. */
  rights?: Person["role"];
  /** So much of it is taken of a person, and no more; everyone hears of each. */
  isPaced?: boolean;
  /** @returns why it was not done */
  act(speaker: Speaker, fields: FieldsOf<Of>): Promise<FrameRefusal | void> | FrameRefusal | void;
}

const frame = <Of extends Record<string, Check<unknown>>>(rule: FrameRule<Of>): FrameRule => rule;

export const reactions = ["thumbs-up", "clap", "heart", "laugh", "surprise", "celebrate"] as const;
const isReaction = isOneOf(reactions);

/**
 * THE TABLE of what people inside may say (docs/room-protocol.md): a frame is an entry here and a row there, and what is
 * no entry is ignored.
 */
export const frameTable: Readonly<Record<string, FrameRule>> = {
  leave: frame({ schema: {}, act: ({ seat, rooms }) => rooms.leave(seat) }),

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

  "lower-all": frame({ schema: {}, rights: "MODERATOR", act: ({ room }) => room.lowerAll() }),

  // Who may is asked of what is stored, and so is answered there.
  end: frame({
    schema: {},
    async act({ seat: { sessionId, person }, setting }) {
      const ended = await setting.reports.ended({ sessionId, by: person.id, source: "LIVE" }).catch(() => false);
      return ended ? undefined : { code: "NOT_ENDED" };
    },
  }),
};
