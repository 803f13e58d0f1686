import { MESSAGES_TOLD, type Person } from "../engine.js";
import { encodeNews, messagesOf, type Written } from "./frames.js";

/** Between people, so many are kept, of all of them together: they lie nowhere else. */
const MOST_PRIVATE = 1_000;

interface Kept {
  nth: number;
  encoded: string;
  /** Who may see it; everyone, where it is left out. */
  between?: readonly [from: string, to: string];
  ref: string | undefined;
}

const refOf = (from: string, ref: string | null | undefined): string | undefined =>
  ref == null ? undefined : `${from} ${ref}`;

/** What was written in one room lately, encoded, as those may see it who come later or come back. */
export class Chat {
  #count = 0;
  readonly #public: Kept[] = [];
  readonly #private: Kept[] = [];
  /** Of what is kept, and of what is just being stored. */
  readonly #refs = new Set<string>();
  /** The public ones as a newcomer is told them, as long as there is no further one. */
  #told: Buffer | undefined;

  /** @returns the frame */
  add(message: Written): string {
    const { from, to, ref } = message;
    const encoded = encodeNews({ type: "chat", ...message });
    const key = refOf(from.id, ref);
    if (key !== undefined) this.#refs.add(key);
    const kept = { nth: this.#count, encoded, ref: key, ...(to && { between: [from.id, to.id] as const }) };
    this.#count += 1;
    this.#keep(kept);
    return encoded;
  }

  #keep(kept: Kept): void {
    const [list, most] = kept.between ? [this.#private, MOST_PRIVATE] : [this.#public, MESSAGES_TOLD];
    if (!kept.between) this.#told = undefined;
    list.push(kept);
    const old = list.length > most ? list.shift() : undefined;
    if (old?.ref !== undefined) this.#refs.delete(old.ref);
  }

  /** False where the same came before, sent again by who did not know whether it had come. */
  begin(from: Person, ref: string | undefined): boolean {
    const key = refOf(from.id, ref);
    if (key === undefined) return true;
    if (this.#refs.has(key)) return false;
    this.#refs.add(key);
    return true;
  }

  /** It was not told after all. */
  giveUp(from: Person, ref: string | undefined): void {
    const key = refOf(from.id, ref);
    if (key !== undefined) this.#refs.delete(key);
  }

  /** The last ones that this person may see, the oldest first, as one frame; undefined where there are none. */
  toldTo(id: string): Buffer | undefined {
    const own = this.#private.filter(({ between }) => between?.includes(id));
    if (own.length === 0 && this.#public.length === 0) return undefined;
    if (own.length === 0) return (this.#told ??= frameOf(this.#public));
    return frameOf([...this.#public, ...own].toSorted((a, b) => a.nth - b.nth).slice(-MESSAGES_TOLD));
  }
}

const frameOf = (messages: readonly Kept[]): Buffer =>
  messagesOf([`{"type":"chats","messages":[${messages.map(({ encoded }) => encoded).join()}]}`]);
