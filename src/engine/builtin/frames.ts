import type { Entered, EntryRefusal, Person } from "../engine.js";

/** Why someone does not get in, and why someone inside was not heard. */
export type FrameRefusal = EntryRefusal | "PROTOCOL" | "TOO_OFTEN" | "NOT_ENDED";

/** What is said to one person alone. */
export type Frame =
  | { type: "refused"; code: FrameRefusal; message: string }
  | { type: "still-here"; everySeconds: number }
  | { type: "ended" };

/** What everyone inside is told of someone else. */
export interface News {
  type: "joined" | "left";
  person: Person;
}

/** The protocol spells roles as v1 does. */
const shown = ({ id, name, role }: Person) => ({ id, name, role: role === "MODERATOR" ? "moderator" : "viewer" });

export const encodePerson = (person: Person): string => JSON.stringify(shown(person));

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

/** Whole messages, one for each of the news: the same bytes are good for every line. */
export const newsBytes = (news: readonly News[]): Buffer =>
  Buffer.concat(news.flatMap(({ type, person }) => messageOf(JSON.stringify({ type, person: shown(person) }))));

/**
 * The message by which someone learns that they are inside.
 * @param people everyone, encoded as a list: newcomers of one moment share its bytes
 */
export function enteredBytes({ person, room }: Entered, people: Buffer): Buffer[] {
  const { title, welcome, settings } = room;
  const begin = JSON.stringify({ type: "entered", person: shown(person), title, welcome, settings });
  const parts = [Buffer.from(`${begin.slice(0, -1)},"people":`), people, Buffer.from("}")];
  return [headOf(parts.reduce((sum, { byteLength }) => sum + byteLength, 0)), ...parts];
}
