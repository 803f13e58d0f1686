import type { Entered, EntryRefusal, Person, RecordingRefusal, WrittenMessage } from "../engine.js";
import type { IceServers } from "./media/ice.js";
import type { MediaRefusal } from "./media/media.js";
import type { Slots } from "./media/permits.js";
import type { Candidate, Description } from "./media/signal-fields.js";
import type { Ticket } from "./recording/ticket.js";

/** Why someone does not get in: a close follows. */
export type EntranceRefusal = EntryRefusal | "PROTOCOL" | "TOO_OFTEN";

/** Why what someone inside wanted was not done. */
export interface FrameRefusal {
  code:
    | "INVALID"
    | "LOCKED"
    | "NOT_MODERATOR"
    | "NOT_HERE"
    | "TOO_FAST"
    | "NOT_STORED"
    | "NOT_ENDED"
    | "BAD_SDP"
    | "NOTES_FULL"
    | RecordingRefusal
    | "RECORDED_ALREADY"
    | "NO_SUCH_PART"
    | "STORAGE_FULL"
    | MediaRefusal;
  /** What the frame tells besides; the sentence is made with them, too. */
  facts?: { field: string } | { lock: string };
}

export type RefusalCode = EntranceRefusal | FrameRefusal["code"];

/** Who records, as everyone is told. */
export interface RecordingTold {
  by: string;
  name: string;
  since: Date;
}

/** What is said to one person alone. */
export type Frame =
  | { type: "refused"; code: RefusalCode; message: string; re: string; ref?: string; field?: string; lock?: string }
  | { type: "still-here"; everySeconds: number }
  | ({ type: "ice" } & IceServers)
  | { type: "signal"; from: string; call: string; description: Description }
  | { type: "signal"; from: string; call: string; candidates: readonly Candidate[] }
  | { type: "signal"; from: string; call: string; ask: "again" | "anew" }
  | { type: "waiting"; place: number }
  | { type: "notes-opened"; update: string; vector: string }
  | { type: "notes-taken"; ref?: string }
  | { type: "record-please" }
  | ({ type: "record-ticket" } & Ticket)
  | { type: "told" }
  | { type: "removed" }
  | { type: "ended" };

/** A message, public where it is to nobody. */
export interface Written extends Omit<WrittenMessage, "ref"> {
  to?: Person;
  ref?: string | null | undefined;
}

/** What everyone inside is told. */
export type News =
  | { type: "joined" | "left" | "role"; person: Person }
  | ({ type: "chat" } & Written)
  | { type: "hand"; person: string; up: boolean }
  | { type: "hands"; hands: string[] }
  | { type: "settings"; settings: Readonly<Record<string, boolean>> }
  | { type: "reaction"; person: string; what: string }
  | { type: "notes-written"; by: string }
  | ({ type: "media"; person: string; by?: string } & Slots)
  | ({ type: "recording"; on: true } & RecordingTold)
  | { type: "recording"; on: false; why: "STOPPED" | "LEFT" | "STORAGE_FULL"; by?: string };

/** The protocol spells roles as v1 does. */
const shown = ({ id, name, role }: Person) => ({ id, name, role: role === "MODERATOR" ? "moderator" : "viewer" });

export const encodePerson = (person: Person): string => JSON.stringify(shown(person));

export function encodeNews(news: News): string {
  if (news.type === "chat") {
    const { from, to, ref, ...message } = news;
    return JSON.stringify({ ...message, from: shown(from), ...(to && { to: shown(to) }), ...(ref != null && { ref }) });
  }
  const { type } = news;
  if (type === "joined" || type === "left" || type === "role")
    return JSON.stringify({ type, person: shown(news.person) });
  return JSON.stringify(news);
}

const FINAL_TEXT = 0x81;
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;

/** The head of an unmasked text message of one frame (RFC 6455, 5.2). */
function headOf(bytes: number): Buffer {
  if (bytes < TWO_BYTES) return Buffer.from([FINAL_TEXT, bytes]);
  const isLong = bytes > 0xffff;
  const head = Buffer.alloc(isLong ? 10 : 4);
  head[0] = FINAL_TEXT;
  head[1] = isLong ? EIGHT_BYTES : TWO_BYTES;
  if (isLong) head.writeBigUInt64BE(BigInt(bytes), 2);
  else head.writeUInt16BE(bytes, 2);
  return head;
}

const messageOf = (text: string): Buffer[] => {
  const payload = Buffer.from(text);
  return [headOf(payload.byteLength), payload];
};

/** Whole messages, one for each of these texts: the same bytes are good for every line. */
export const messagesOf = (texts: readonly string[]): Buffer => Buffer.concat(texts.flatMap(messageOf));

/** What all newcomers of one moment are told alike. */
export interface Surroundings {
  /** Everyone inside, encoded as a list. */
  people: Buffer;
  /** Who raised a hand, the first first. */
  hands: readonly string[];
  settings: Readonly<Record<string, boolean>>;
  /** Who takes part in sound and picture, and what of theirs is on. */
  media: readonly ({ person: string } & Slots)[];
  /** Where it is being recorded. */
  recording?: RecordingTold | undefined;
}

/** The message by which someone learns that they are inside. */
export function enteredBytes({ person, room }: Entered, around: Surroundings): Buffer[] {
  const { people, hands, settings, media, recording } = around;
  const { title, welcome } = room;
  const some = { ...(hands.length > 0 && { hands }), ...(media.length > 0 && { media }), recording };
  const begin = JSON.stringify({ type: "entered", person: shown(person), title, welcome, settings, ...some });
  const parts = [Buffer.from(`${begin.slice(0, -1)},"people":`), people, Buffer.from("}")];
  return [headOf(parts.reduce((sum, { byteLength }) => sum + byteLength, 0)), ...parts];
}
