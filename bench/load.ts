import { connect } from "node:net";
import type { Ask } from "./works/work.js";

// Who calls shares two cores with who answers, so it does as little as a caller can: bytes that are ready are written to a
// line that is kept, and of what comes back the head is read and the body counted. No answer is asked for before the last
// one is there. It is the same for every server.

const HEAD_END = "\r\n\r\n";
const noBytes = Buffer.alloc(0);
/** What ends an answer that comes in pieces. */
const LAST_PIECE = "0\r\n\r\n";
/**
 * What is read from a line is counted before anything else is read, so all lines share one place for it: a place for each
 * would not fit into the caches of the machine, which who answers needs as well.
 */
const reading = Buffer.allocUnsafe(256 * 1024);

/** A request as it goes over the line. */
export function bytesOf({ method, path, headers, body }: Ask, host: string): Buffer {
  const lines = [`${method} ${path} HTTP/1.1`, `host: ${host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) {
    lines.push("content-type: application/json", `content-length: ${Buffer.byteLength(body)}`);
  }
  return Buffer.from(`${lines.join("\r\n")}${HEAD_END}${body ?? ""}`);
}

/** What has come of an answer. */
class Answer {
  /** What has come of it, where that is not all of it yet. */
  #head = noBytes;
  #left: number | undefined;
  #tail = "";
  #isInPieces = false;
  /** Of its body; undefined where it comes in pieces. */
  length: number | undefined;

  /** @returns whether that was the last of it. @throws Error where it is no success, or its end can't be known */
  take(bytes: Buffer): boolean {
    if (this.#left !== undefined) return this.#count(bytes);
    const come = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const end = come.indexOf(HEAD_END);
    if (end < 0) {
      // A copy: its place is read into again.
      this.#head = Buffer.from(come);
      return false;
    }
    const head = come.toString("latin1", 0, end);
    const status = head.slice(9, 12);
    if (!status.startsWith("2")) throw new Error(`an answer with ${status}`);
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
    this.#isInPieces = length === undefined && /\r\ntransfer-encoding: chunked/i.test(head);
    if (length === undefined && !this.#isInPieces) throw new Error("an answer without an end");
    this.length = length === undefined ? undefined : Number(length);
    this.#left = this.length ?? Number.POSITIVE_INFINITY;
    return this.#count(come.subarray(end + HEAD_END.length));
  }

  #count(bytes: Buffer): boolean {
    if (!this.#isInPieces) {
      this.#left = (this.#left ?? 0) - bytes.length;
      return this.#left === 0;
    }
    this.#tail = `${this.#tail}${bytes.subarray(-LAST_PIECE.length).toString("latin1")}`.slice(-LAST_PIECE.length);
    return this.#tail === LAST_PIECE;
  }
}

export interface Load {
  /** The lines are spread over them, one after the other. */
  urls: readonly string[];
  connections: number;
  /** Requests, all together. */
  amount: number;
  /** The bytes of the next one. */
  next(): Buffer;
  /** Whether all answers are as long as the first. */
  isSameLength: boolean;
}

/** A load while it is carried. */
class Calls {
  readonly latencies: number[] = [];
  /** When the last answer was there. */
  endedAt = 0;
  #begun = 0;
  #length: number | undefined;

  constructor(readonly load: Load) {}

  /** The next request; undefined where all have been sent. */
  next(): Buffer | undefined {
    if (this.#begun === this.load.amount) return undefined;
    this.#begun += 1;
    return this.load.next();
  }

  answered({ length }: Answer, sentAt: number): void {
    this.endedAt = performance.now();
    this.latencies.push(this.endedAt - sentAt);
    this.#length ??= length;
    if (this.load.isSameLength && length !== this.#length) throw new Error(`${length} bytes, not ${this.#length}`);
  }

  /** One line, until nothing is left to ask. */
  carry(url: string): Promise<void> {
    const { hostname: host, port } = new URL(url);
    return new Promise<void>((resolve, reject) => {
      let answer = new Answer();
      let sentAt = 0;
      const ask = () => {
        const bytes = this.next();
        if (!bytes) return void socket.end(resolve);
        answer = new Answer();
        sentAt = performance.now();
        return void socket.write(bytes);
      };
      const callback = (read: number): boolean => {
        try {
          if (answer.take(reading.subarray(0, read))) {
            this.answered(answer, sentAt);
            ask();
          }
        } catch (error) {
          socket.destroy(error as Error);
        }
        return true;
      };
      const onread = { buffer: reading, callback };
      const socket = connect({ host, port: Number(port), noDelay: true, onread }, ask);
      socket.once("error", reject);
      socket.once("close", () => reject(new Error("the line was closed")));
    });
  }
}

/** Makes all requests of a load. @throws Error unless each is answered with success */
export async function callAll(load: Load): Promise<Pick<Calls, "latencies" | "endedAt">> {
  const calls = new Calls(load);
  const { urls, connections, amount } = load;
  const lines = Array.from({ length: Math.min(connections, amount) }, (_, at) => urls[at % urls.length] as string);
  await Promise.all(lines.map((url) => calls.carry(url)));
  return calls;
}
