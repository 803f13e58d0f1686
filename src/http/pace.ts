import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";

/** A larger answer is written in pieces of this size, so that it shows how fast it is taken. */
const PIECE_BYTES = 64 * 1024;
/** Bytes of answers that may wait for their readers, all together; beyond it the longest wait is ended. */
const MOST_WAITING_BYTES = 256 * 1024 * 1024;
/** Whoever reads more slowly than this over a whole window is cut off; a window takes more than one piece then. */
const LEAST_BYTES_PER_SECOND = 4 * 1024;

export interface Pace {
  /** Milliseconds over which a reader's speed is measured. */
  window: number;
  /** Milliseconds that an answer may be on its way. */
  answer: number;
  /** See MOST_WAITING_BYTES. */
  mostWaiting?: number;
}

/** For answers that the framework does not send. */
export interface Paced {
  /** Sends it as the answer's body, its head being written. */
  end(raw: ServerResponse, body: string | Buffer): void;
  /** How many answers of either kind are looked at until they are sent. */
  readonly watched: number;
}

/** An answer of which something waits to be read. */
interface Waiting {
  since: number;
  /** Where the window began, and what had been taken then. */
  from: number;
  taken: number;
}

/** What is written at once would not show how fast it is taken. */
export function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** By `end` alone an empty part would follow, and several parts take a longer way: what is ready leaves before it. */
function endAtOnce(raw: ServerResponse, body: string | Buffer): void {
  raw.write(body);
  raw.socket?.uncork();
  raw.end();
}

/**
 * The answer's body, each piece when its line has taken the one before. A stream and a pipeline would do the same, for a
 * tenth of what a list of a thousand rows costs.
 */
function writeInPieces(raw: ServerResponse, bytes: Buffer): void {
  let at = 0;
  const writeOn = (): void => {
    for (let isTaken = true; isTaken; ) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      at += PIECE_BYTES;
      if (at < bytes.length) {
        isTaken = raw.write(piece);
      } else {
        raw.off("drain", writeOn);
        return endAtOnce(raw, piece);
      }
    }
  };
  raw.on("drain", writeOn);
  writeOn();
}

/** Large answers that are on their way, several on one line too. */
class Large {
  readonly #waiting = new Map<Readable | ServerResponse, { bytes: number; socket: Socket }>();

  constructor(readonly most: number) {}

  /**
   * Counts it whole until it is taken, as it is kept whole, or until its reader is gone. Then ends the longest waits until
   * what waits fits; a map keeps the order in which they began.
   */
  count(answer: Readable | ServerResponse, bytes: number, socket: Socket): void {
    this.#waiting.set(answer, { bytes, socket });
    answer.once("close", () => this.#waiting.delete(answer));
    this.#fit();
  }

  write(raw: ServerResponse, bytes: Buffer, socket: Socket): void {
    this.count(raw, bytes.length, socket);
    writeInPieces(raw, bytes);
  }

  #fit(): void {
    let total = 0;
    for (const { bytes } of this.#waiting.values()) total += bytes;
    for (const [stream, { bytes, socket }] of this.#waiting) {
      if (total <= this.most) return;
      socket.destroy();
      this.#waiting.delete(stream);
      total -= bytes;
    }
  }
}

/**
 * Nobody holds an answer for ever: who reads nothing, or next to nothing, is cut off, and so is who takes longer than an
 * answer may. Lines that live (sockets, event streams) look to their readers themselves.
 */
export function keepPace(app: FastifyInstance, { window, answer, mostWaiting = MOST_WAITING_BYTES }: Pace): Paced {
  /** What is on its way, from its first byte to its last. Lines that live pass no `onSend`, and are not among them. */
  const answers = new Map<ServerResponse, Waiting | undefined>();
  const large = new Large(mostWaiting);

  function look(socket: Socket, before: Waiting | undefined, now: number): Waiting | undefined {
    if (socket.writableLength === 0) return undefined;
    const taken = socket.bytesWritten - socket.writableLength;
    if (!before) return { since: now, from: now, taken };
    const isLate = now - before.since > answer;
    if (now - before.from < window && !isLate) return before;
    const least = (LEAST_BYTES_PER_SECOND * window) / 1000;
    if (isLate || taken - before.taken < least) socket.destroy();
    return { ...before, from: now, taken };
  }

  const watch = (raw: ServerResponse): void => {
    // Its caller has gone already: that is told once, and was.
    if (raw.destroyed) return;
    answers.set(raw, undefined);
    raw.once("close", () => answers.delete(raw));
  };

  app.addHook("onSend", (request, reply, payload, done) => {
    watch(reply.raw);
    const isWhole = typeof payload === "string" || Buffer.isBuffer(payload);
    if (!isWhole || payload.length <= PIECE_BYTES) return done();
    const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    reply.header("content-length", bytes.length);
    const stream = Readable.from(piecesOf(bytes), { objectMode: false, highWaterMark: 1 });
    large.count(stream, bytes.length, request.raw.socket);
    return done(null, stream);
  });
  const looks = setInterval(() => {
    const now = performance.now();
    // One that waits for its turn on its line has none yet.
    for (const [raw, before] of answers) if (raw.socket) answers.set(raw, look(raw.socket, before, now));
  }, window / 10).unref();
  app.addHook("onClose", async () => clearInterval(looks));

  return {
    get watched() {
      return answers.size;
    },
    end(raw, body) {
      const { socket } = raw;
      if (body.length > PIECE_BYTES && socket) {
        watch(raw);
        large.write(raw, typeof body === "string" ? Buffer.from(body) : body, socket);
        return;
      }
      endAtOnce(raw, body);
      // Nearly always all of it is on its way by now.
      if (socket?.writableLength !== 0) watch(raw);
    },
  };
}
