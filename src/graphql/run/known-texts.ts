import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Text } from "./text.js";

/** All texts that are not kept for ever: of keys together, and of everyone else. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Letters of texts whose hashes are remembered. */
const MOST_LETTERS = 1024 * 1024;

/** A text, and what it kept in the memory when that was last looked at. */
interface Weighed {
  text: Text;
  bytes: number;
}

/** By their hashes, because a text of many letters and few tokens should not be its own key. */
const recentTexts = () => new LRUCache<string, Weighed>({ maxSize: MOST_BYTES, sizeCalculation: ({ bytes }) => bytes });

/** The texts that were read, by their SHA-256 in hexadecimal digits. */
export class KnownTexts {
  readonly #hashes = new LRUCache<string, string>({
    maxSize: MOST_LETTERS,
    sizeCalculation: (_, text) => text.length + 1,
  });
  readonly #ofKeys = recentTexts();
  /** Apart, so that no page pushes out what a server sends: the server would pay for reading it anew. */
  readonly #ofOthers = recentTexts();
  readonly #kept = new Map<string, Text>();

  hashOf(text: string): string {
    const known = this.#hashes.get(text);
    if (known !== undefined) return known;
    const hash = createHash("sha256").update(text).digest("hex");
    this.#hashes.set(text, hash);
    return hash;
  }

  find(hash: string): Text | undefined {
    return this.#kept.get(hash) ?? (this.#ofKeys.get(hash) ?? this.#ofOthers.get(hash))?.text;
  }

  /** Never forgotten. */
  keep(hash: string, text: Text): void {
    this.#kept.set(hash, text);
  }

  /** It was just used, by a license's key or by someone else; it may have grown. */
  note(hash: string, text: Text, isOfKey: boolean): void {
    if (this.#kept.get(hash) === text) return;
    const texts = isOfKey ? this.#ofKeys : this.#ofOthers;
    const before = texts.get(hash);
    const { bytes } = text;
    if (before?.text !== text || before.bytes !== bytes) texts.set(hash, { text, bytes });
  }
}
