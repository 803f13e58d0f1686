import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { begunOf } from "./begun.js";

/** `application/json`, `application/problem+json`, … (body-3) */
const jsonType = /^(?:application\/json|[\w!#$&^.-]+\/[\w!#$&^.+-]+\+json)\s*(?:;|$)/i;

/** What a refused body may have in bytes and still be read to its end, so that its sender hears the refusal. */
const MOST_DRAINED_BYTES = 32 * 1024 * 1024;
/** UTF-8's byte order mark as decoding leaves it: some programs begin every text with one. */
const BYTE_ORDER_MARK = "\ufeff";

export type BodyFaultReason = "TOO_LARGE" | "TOO_SLOW" | "MEDIA_TYPE" | "ENCODED" | "UTF8" | "JSON";

const statuses = { TOO_LARGE: 413, TOO_SLOW: 408, MEDIA_TYPE: 415, ENCODED: 400, UTF8: 400, JSON: 400 } as const;
const sentences = {
  TOO_LARGE: "error.tooLarge",
  TOO_SLOW: "error.tooSlow",
  MEDIA_TYPE: "error.mediaType",
  ENCODED: "fault.body.encoded",
  UTF8: "fault.body.utf8",
  JSON: "fault.body.json",
} as const;

/** Why a body can't be used; each door answers it in its own form. */
export class BodyFault extends Error {
  override readonly name = "BodyFault";
  readonly statusCode: number;
  readonly key: (typeof sentences)[BodyFaultReason];
  readonly facts: { limit: number };
  constructor(reason: BodyFaultReason, { limitKib }: Pick<BodyReading, "limitKib">) {
    super(reason);
    this.statusCode = statuses[reason];
    this.key = sentences[reason];
    this.facts = { limit: limitKib };
  }
}

export interface BodyReading {
  /** In KiB; a larger body is a 413. */
  limitKib: number;
  /** Milliseconds until the whole body must be here; later is a 408. */
  withinMs: number;
  /** @throws Error where the text is none it takes */
  parse(text: string): unknown;
  /** Whether an empty body is a fault of the body itself. */
  isRequired: boolean;
}

type Collecting = Pick<BodyReading, "limitKib" | "withinMs">;

type Done = (fault: Error | null, body?: unknown) => void;

/** All of it, or why not; a body that is too large is still read, because its sender listens only after sending. */
function collect(payload: FastifyRequest["raw"], reading: Collecting, done: (all: Buffer | BodyFault) => void): void {
  const chunks: Buffer[] = [];
  const limit = reading.limitKib * 1024;
  let size = 0;
  let isOver = false;
  const end = (all: Buffer | BodyFault) => {
    clearTimeout(late);
    if (!isOver) done(all);
    isOver = true;
  };
  const fail = (reason: BodyFaultReason) => end(new BodyFault(reason, reading));
  const late = setTimeout(() => fail(size > limit ? "TOO_LARGE" : "TOO_SLOW"), reading.withinMs);
  payload.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
    if (size > MOST_DRAINED_BYTES) fail("TOO_LARGE");
  });
  payload.once("end", () => (size > limit ? fail("TOO_LARGE") : end(Buffer.concat(chunks, size))));
  // It broke off on its way; most often nobody is left to hear why.
  payload.once("error", () => fail("JSON"));
  payload.once("close", () => clearTimeout(late));
}

type Parsing = Pick<BodyReading, "limitKib" | "isRequired" | "parse">;

/** @throws BodyFault */
export function parsed(request: Pick<IncomingMessage, "headers">, bytes: Buffer, reading: Parsing): unknown {
  if (bytes.length === 0 && !reading.isRequired) return undefined;
  if (!jsonType.test(request.headers["content-type"] ?? "")) throw new BodyFault("MEDIA_TYPE", reading);
  // Some programs say an encoding of what they did not encode: then it can be read.
  if (!isUtf8(bytes)) throw new BodyFault(request.headers["content-encoding"] ? "ENCODED" : "UTF8", reading);
  const text = bytes.toString("utf8");
  try {
    return reading.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  } catch {
    // Also a RangeError: nested deeper than the parser's stack.
    throw new BodyFault("JSON", reading);
  }
}

/**
 * The one reader of bodies, for every route below `app`: JSON in UTF-8, with a limit and a time. `request.body` is
 * undefined where none was sent.
 * @throws BodyFault in the request, before its handler
 */
export function readBodies(app: FastifyInstance, reading: BodyReading): void {
  app.removeAllContentTypeParsers();
  // By its name a parser is found at once; the star takes all others.
  app.addContentTypeParser(
    ["application/json", "*"],
    (request: FastifyRequest, payload: FastifyRequest["raw"], done: Done) => {
      const read = (all: Buffer | BodyFault) => {
        if (all instanceof BodyFault) return done(all);
        let body: unknown;
        try {
          body = parsed(request, all, reading);
        } catch (fault) {
          return done(fault as Error);
        }
        // Outside: what the handler throws is no fault of the body.
        return done(null, body);
      };
      const bytes = begunOf(payload)?.body;
      if (bytes) read(bytes);
      else collect(payload, reading, read);
    },
  );
}

/** Bodies of any type as the bytes that came. @throws BodyFault in the request, before its handler */
export function readBytes(app: FastifyInstance, reading: Collecting): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request: FastifyRequest, payload: FastifyRequest["raw"], done: Done) =>
    collect(payload, reading, (all) => (all instanceof BodyFault ? done(all) : done(null, all))),
  );
}

/**
 * Where nobody reads a body none is too large: it is left on the line, and Node takes it off behind the answer, within
 * the request's time.
 */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
}
