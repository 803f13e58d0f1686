import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient as streamClient } from "graphql-sse";
import { createClient as socketClient } from "graphql-ws";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import type { Gateway } from "../../helpers/boot.js";

// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
type Result = any;

/** What a subscription brought so far. */
export interface Heard {
  results: Result[];
  /** The next one that has not been looked at yet; waits for it. */
  next(): Promise<Result>;
  /** Nothing came within `ms`. */
  silence(ms?: number): Promise<void>;
  /** Why it ended: undefined for a proper end. */
  ended: Promise<unknown>;
  stop(): void;
}

export interface Asked {
  query: string;
  variables?: Record<string, unknown>;
}

type Subscribe = (
  asked: Asked,
  sink: { next(result: Result): void; error(error: unknown): void; complete(): void },
) => () => void;

function listen(subscribe: Subscribe, asked: Asked): Heard {
  const results: Result[] = [];
  const wakers: (() => void)[] = [];
  let looked = 0;
  let stop = () => {};
  const ended = new Promise<unknown>((resolve) => {
    stop = subscribe(asked, {
      next(result) {
        results.push(result);
        for (const wake of wakers.splice(0)) wake();
      },
      error(reason) {
        // What refuses an operation before it begins is no event of its stream.
        if (Array.isArray(reason)) this.next({ errors: reason });
        resolve(reason);
      },
      complete: () => resolve(undefined),
    });
  });
  onTestFinished(() => stop());
  const woken = (ms: number) =>
    new Promise<void>((resolve) => {
      wakers.push(resolve);
      setTimeout(resolve, ms);
    });
  return {
    results,
    ended,
    stop: () => stop(),
    async next() {
      const deadline = Date.now() + 10_000;
      while (results.length <= looked) {
        if (Date.now() > deadline) throw new Error("waited in vain for the next event");
        await woken(500);
      }
      looked += 1;
      return results[looked - 1];
    },
    async silence(ms = 300) {
      if (results.length === looked) await woken(ms);
      if (results.length > looked) throw new Error(`unexpected: ${JSON.stringify(results.slice(looked))}`);
    },
  };
}

export type Credentials = { license: string } | { accessToken: string };

/** graphql-ws' own client. */
export function overSocket({ url }: Gateway, credentials: Credentials, asked: Asked, language = "en"): Heard {
  class Speaking extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers: { "accept-language": language } });
    }
  }
  const client = socketClient({
    url: `${url.replace("http", "ws")}/graphql`,
    connectionParams: credentials,
    webSocketImpl: Speaking,
    retryAttempts: 0,
  });
  // A line that is closed already rejects.
  onTestFinished(async () => client.dispose()?.catch?.(() => {}));
  return listen((payload, sink) => client.subscribe(payload, sink), asked);
}

/** graphql-sse's own client. */
export function overStream({ url }: Gateway, credentials: Credentials, asked: Asked, language = "en"): Heard {
  const headers: Record<string, string> =
    "license" in credentials
      ? { license: credentials.license }
      : { authorization: `Bearer ${credentials.accessToken}` };
  const client = streamClient({
    url: `${url}/graphql/stream`,
    headers: { ...headers, "accept-language": language },
    retryAttempts: 0,
  });
  onTestFinished(() => client.dispose());
  return listen((payload, sink) => client.subscribe(payload, sink), asked);
}

export const doors = { WebSocket: overSocket, "Server-Sent Events": overStream };

// oxlint-disable-next-line typescript/no-explicit-any -- frames as they come
type Frame = any;

/** A client that does what a well-behaved one would not. */
export class RawSocket {
  readonly closed: Promise<{ code: number | string; reason?: string }>;
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];

  constructor({ url }: Gateway, headers: Record<string, string> = {}) {
    const socket = new WebSocket(`${url.replace("http", "ws")}/graphql`, ["graphql-transport-ws"], { headers });
    this.#socket = socket;
    onTestFinished(() => socket.terminate());
    socket.on("message", (text) => this.#frames.push(JSON.parse((text as Buffer).toString("utf8"))));
    this.closed = new Promise((resolve) => {
      socket.on("close", (code, reason) => resolve({ code, reason: String(reason) }));
      socket.on("unexpected-response", (_, response) => resolve({ code: String(response.statusCode) }));
      socket.on("error", () => {});
    });
  }

  async say(frame: object): Promise<void> {
    while (this.#socket.readyState === WebSocket.CONNECTING) {
      const isOver = await Promise.race([this.closed.then(() => true), sleep(20).then(() => false)]);
      if (isOver) return;
    }
    this.#socket.send(JSON.stringify(frame));
  }

  /** The first frame of this type (and, where given, of this operation), now or soon. */
  async frame(type: string, id?: string): Promise<Frame> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = this.#frames.find((frame) => frame.type === type && (id === undefined || frame.id === id));
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${type}; came: ${JSON.stringify(this.#frames)}`);
      await sleep(20);
    }
  }

  /** What came so far is not looked at any more. */
  forget(): void {
    this.#frames.length = 0;
  }

  stopReading(): void {
    this.#socket.pause();
  }
}

/** Watches every socket of this process. @returns ends it; the most bytes that ever waited in one of them */
export function watchQueues(): () => number {
  const handles = () => (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  let most = 0;
  const timer = setInterval(() => {
    for (const handle of handles()) if (handle instanceof Socket) most = Math.max(most, handle.writableLength);
  }, 5);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** So many follow now: what happens from here on is heard by them. */
export async function followed({ opened }: Gateway, count: number): Promise<void> {
  const { feed } = opened.services;
  const deadline = Date.now() + 15_000;
  while (feed.followed !== count) {
    if (Date.now() > deadline) throw new Error(`${feed.followed} follow, not ${count}`);
    await sleep(10);
  }
}
