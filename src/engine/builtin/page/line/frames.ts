import type { Slot, Slots } from "../../media/permits.js";
import type { Ticket } from "../../recording/ticket.js";

/** What is said on the room's socket, by the tables of docs/room-protocol.md. The server decides; here it is only shown. */
export type Role = "moderator" | "viewer";

export interface Person {
  id: string;
  name: string;
  role: Role;
}

export type Settings = Readonly<Record<string, boolean>>;

export const reactions = ["thumbs-up", "clap", "heart", "laugh", "surprise", "celebrate"] as const;
export type Reaction = (typeof reactions)[number];

/** A message as the server tells it: private where it is `to` someone. */
export interface ChatMessage {
  id: string;
  from: Person;
  to?: Person;
  body: string;
  /** ISO 8601, by the server's clock. */
  at: string;
  /** What its writer calls it. */
  ref?: string;
}

/** One person who takes part in sound and picture, and what of theirs is on. */
export type OnAir = { person: string } & Slots;

/** What one browser says to another; of the last three it has one. */
export interface Signal {
  call: string;
  description?: RTCSessionDescriptionInit;
  candidates?: readonly RTCIceCandidateInit[];
  /** For another offer: of the same connection, or of a new one. */
  ask?: "again" | "anew";
}

/** That the room is being recorded: whose browser does it, and since when. */
export interface Recorded {
  by: string;
  name: string;
  /** ISO 8601, by the server's clock. */
  since: string;
}

interface Frames {
  entered: {
    person: Person;
    people: Person[];
    settings?: Settings;
    hands?: string[];
    media?: OnAir[];
    recording?: Recorded;
  };
  chats: { messages: ChatMessage[] };
  chat: ChatMessage;
  joined: { person: Person };
  left: { person: Person };
  hand: { person: string; up: boolean };
  hands: { hands: string[] };
  reaction: { person: string; what: Reaction };
  role: { person: Person };
  /** `by` a moderator who turned something off. */
  media: OnAir & { by?: string };
  signal: { from: string } & Signal;
  ice: { servers: RTCIceServer[]; seconds: number };
  settings: { settings: Settings };
  "notes-opened": { update: string; vector: string };
  notes: { by: string; update: string };
  "notes-written": { by: string };
  "notes-taken": { ref?: string };
  "notes-kept": object;
  recording: ({ on: true } & Recorded) | { on: false; why: "STOPPED" | "LEFT" | "STORAGE_FULL"; by?: string };
  "record-please": object;
  "record-ticket": Ticket;
  waiting: { place: number };
  refused: { code: string; message?: string; re?: string; ref?: string };
  "still-here": { everySeconds: number };
  removed: object;
  ended: object;
}

export type FrameType = keyof Frames;
export type FrameOf<Type extends FrameType> = { type: Type } & Frames[Type];
export type Frame = { [Type in FrameType]: FrameOf<Type> }[FrameType];

/** What the page says. */
export type Wish =
  | { type: "enter"; link: string; wait?: true }
  | { type: "leave" | "end" | "lower-all" | "ice" | "notes-open" }
  | { type: "notes-write"; update: string; ref: string }
  | { type: "chat"; body: string; to?: string; ref: string }
  | { type: "hand"; up: boolean }
  | { type: "react"; what: Reaction }
  | ({ type: "media" } & Slots)
  | ({ type: "signal"; to: string } & Signal)
  | { type: "turn-off"; what: Slot; person?: string }
  | { type: "record"; on: boolean; part?: string; ref: string }
  | { type: "remove"; person: string }
  | { type: "set-role"; person: string; role: Role }
  | { type: "settings"; settings: Settings };

export function parseFrame(data: unknown): Frame | undefined {
  try {
    return JSON.parse(String(data)) as Frame;
  } catch {
    return undefined;
  }
}
