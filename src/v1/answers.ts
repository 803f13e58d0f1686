import type { FastifyReply } from "fastify";
import { LRUCache } from "lru-cache";
import type { Context } from "../graphql/context.js";
import { etagOf, isKnown } from "../etag.js";

/** Names and values, one after the other: Node takes such a list as it is. */
export type Head = readonly string[];

/** An answer to a read. */
export interface Answer {
  status: number;
  bytes: Buffer;
  /** A refusal has none: it is told whatever its sender knows (RFC 9110, 13.2.1). */
  etag: string | undefined;
  head: Head;
  /** The head of the 304 that says it is still the same. */
  unchanged: Head;
  /** What the log calls it. */
  route: string;
}

interface Answering {
  route: string;
  language: string;
}

/** What the head of an answer says in any case, in the order in which the framework's way has it. */
const headOf = (language: string, etag: string | undefined): Head => [
  "content-language",
  language,
  "vary",
  "Accept-Language",
  "cache-control",
  etag ? "private, no-cache" : "no-store",
  "x-content-type-options",
  "nosniff",
  ...(etag ? ["etag", etag] : []),
];

const withBody = (head: Head, bytes: number): Head => [
  "content-type",
  "application/json; charset=utf-8",
  ...head,
  "content-length",
  String(bytes),
];

/**
 * Nobody but the caller's own programs may keep it, and they ask each time whether it is still the same; a refusal nobody
 * keeps (cache-1).
 */
export function answerOf(status: number, body: object, { route, language }: Answering): Answer {
  const bytes = Buffer.from(JSON.stringify(body));
  const etag = status === 200 ? etagOf(bytes) : undefined;
  const unchanged = headOf(language, etag);
  return { status, bytes, etag, head: withBody(unchanged, bytes.length), unchanged, route };
}

/** For what acts, or gives out what passes, which nobody keeps: as a text, which Node writes in one piece with its head. */
export function toldOnce(body: object, language: string): { head: Head; text: string } {
  const text = JSON.stringify(body);
  return { text, head: withBody(headOf(language, undefined), Buffer.byteLength(text)) };
}

/** Whether its sender has it already. */
export const isSame = ({ etag }: Answer, ifNoneMatch: string | undefined): boolean =>
  etag !== undefined && isKnown(ifNoneMatch, etag);

export function putHead(reply: FastifyReply, head: Head): void {
  for (let at = 0; at < head.length; at += 2) reply.header(head[at] ?? "", head[at + 1]);
}

/** What makes one read differ from another of the same license. */
export interface Asked {
  /** As it came. */
  originalUrl: string;
  language: string;
}

export type License = Context["caller"]["license"];

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

  get keepsAny(): boolean {
    return this.#kept !== undefined;
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
  keep(license: License, asked: Asked, answer: Answer): void {
    this.#kept?.set(nameOf(license, asked), { license, ...answer });
  }
}

export const nameOf = ({ id }: License, { originalUrl, language }: Asked): string => `${id} ${language} ${originalUrl}`;
