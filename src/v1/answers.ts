import { LRUCache } from "lru-cache";
import type { Context } from "../graphql/context.js";

/** An answer as it leaves, apart from what every answer is told with. */
export interface Answer {
  status: number;
  bytes: Buffer;
}

/** What makes one read differ from another of the same license. */
export interface Asked {
  url: string;
  language: string;
}

type License = Context["caller"]["license"];

interface Kept extends Answer {
  /** As it was before the data was read. */
  license: License;
}

/** One answer may take such a part of all there is room for. */
const MOST_PART = 1 / 16;
/** What an entry takes beside its answer and its name, about. */
const ENTRY_BYTES = 300;

/**
 * Answers to reads, for partners that poll: good for as long as nothing of their license changes. Who calls is remembered
 * as one object until something does (`KnownCallers`), so an answer belongs to the object that was there before its data
 * was read, and to no later one. Nothing that v1 reads depends on the time, or on what is not the license's.
 */
export class Answers {
  readonly #kept: LRUCache<string, Kept> | undefined;

  /** @param mostBytes of all that is kept; 0 keeps nothing */
  constructor(mostBytes: number) {
    if (mostBytes === 0) return;
    this.#kept = new LRUCache<string, Kept>({
      maxSize: mostBytes,
      maxEntrySize: Math.ceil(mostBytes * MOST_PART),
      sizeCalculation: ({ bytes }, name) => bytes.length + 2 * name.length + ENTRY_BYTES,
    });
  }

  /** In bytes, about. */
  get size(): number {
    return this.#kept?.calculatedSize ?? 0;
  }

  find(license: License, asked: Asked): Answer | undefined {
    const name = nameOf(license, asked);
    const kept = this.#kept?.get(name);
    if (!kept || kept.license === license) return kept;
    this.#kept?.delete(name);
    return undefined;
  }

  /** @param license as it was before anything of the answer was read */
  keep(license: License, asked: Asked, { status, bytes }: Answer): void {
    this.#kept?.set(nameOf(license, asked), { license, status, bytes });
  }
}

const nameOf = ({ id }: License, { url, language }: Asked): string => `${id} ${language} ${url}`;
