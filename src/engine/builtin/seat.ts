import type { WebSocket } from "ws";
import type { Entered, EntryRefusal, Person } from "../engine.js";

/** v1 decisions, enter-2 to drain-1. */
export const closeCodes = {
  left: 1000,
  restart: 1012,
  tryAgain: 1013,
  TOO_OFTEN: 1013,
  ended: 4000,
  elsewhere: 4001,
  PROTOCOL: 4400,
  LINK_TAMPERED: 4403,
  ATTENDANCE_LIMIT_REACHED: 4409,
  SESSION_OVER: 4410,
} satisfies Record<EntryRefusal | "PROTOCOL" | "TOO_OFTEN", number> & Record<string, number>;

/** Why someone does not get in, and why someone inside was not heard. */
export type FrameRefusal = EntryRefusal | "PROTOCOL" | "TOO_OFTEN" | "NOT_ENDED";

/** A person's place in a room: with a line, or held for a while without one. */
export interface Seat {
  person: Person;
  sessionId: string;
  socket: WebSocket | undefined;
  holdTimer?: NodeJS.Timeout | undefined;
}

/** How long a closed line may stay open from the other side. */
export const TERMINATE_MS = 2000;
const MAX_QUEUED_BYTES = 1_000_000;

export type Frame =
  | { type: "entered"; entered: Entered }
  | { type: "joined" | "left"; person: Person }
  | { type: "refused"; code: FrameRefusal; message: string }
  | { type: "still-here"; everySeconds: number }
  | { type: "ended" };

/** The protocol spells roles as v1 does. */
const shown = ({ id, name, role }: Person) => ({ id, name, role: role === "MODERATOR" ? "moderator" : "viewer" });

function encode(frame: Frame): string {
  if (frame.type === "joined" || frame.type === "left") {
    return JSON.stringify({ type: frame.type, person: shown(frame.person) });
  }
  if (frame.type !== "entered") return JSON.stringify(frame);
  const { person, room, people } = frame.entered;
  const { title, welcome, settings } = room;
  return JSON.stringify({
    type: "entered",
    person: shown(person),
    title,
    welcome,
    settings,
    people: people.map(shown),
  });
}

export function send(socket: WebSocket, frame: Frame): void {
  // Who does not read is cut off before much is queued for them; the page comes back by itself.
  if (socket.bufferedAmount > MAX_QUEUED_BYTES) socket.terminate();
  else if (socket.readyState === socket.OPEN) socket.send(encode(frame));
}
