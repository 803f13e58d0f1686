import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Config, readConfig, timings } from "../../src/config.js";
import type { TimeSource } from "../../src/clock.js";
import { createLicense, oneYearFrom, type LicenseTerms } from "../../src/domain/license/license.js";
import type { OpenEngine } from "../../src/engine/engine.js";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server.js";

export interface BootOptions extends ServerOptions {
  env?: Record<string, string>;
  timings?: Partial<typeof timings>;
  /** In place of the built-in engine, under its name. */
  openEngine?: OpenEngine;
  /** Where the database lies; a new folder when left out. Kept until the test ends, so a second boot finds it. */
  folder?: string;
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function testConfig(
  folder: string,
  env: Record<string, string> = {},
  faster: Partial<typeof timings> = {},
): Config {
  const config = readConfig({
    PORT: "0",
    LOG_LEVEL: "silent",
    NODE_ENV: "test",
    DATABASE_URL: `file:${folder}/vconnct.sqlite`,
    ...env,
  });
  return { ...config, timings: { ...config.timings, lastRequests: 20, ...faster } };
}

/** Time that goes, and can be made to go faster; and a wall clock that can be put, as people and machines do. */
export function movableClock() {
  let passed = 0;
  let put = 0;
  const wall = () => Date.now() + passed + put;
  return {
    wall,
    monotonic: () => performance.now() + passed,
    /** What the wall clock shows. */
    now: () => new Date(wall()),
    /** So much time goes by. */
    forward(ms: number) {
      passed += ms;
    },
    /** The wall clock is put forward, or back where it is negative; no time goes by. */
    put(ms: number) {
      put += ms;
    },
  };
}

/** Time that goes only when the test says so. */
export const stoppedClock = (at: () => number): TimeSource => ({ wall: at, monotonic: at });

export interface V1Answer {
  status: number;
  headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
  body: any;
  text: string;
}

export type GraphAnswer = Omit<V1Answer, "text">;

export interface V1Call {
  method?: string;
  key?: string | null;
  headers?: Record<string, string>;
  /** Sent as it is when it is a text, else as JSON. */
  body?: unknown;
  language?: string;
}

export interface Gateway extends RunningServer {
  /** The key of a license without limits. */
  key: string;
  clock: ReturnType<typeof movableClock>;
  folder: string;
  license(terms?: Partial<LicenseTerms>): Promise<{ id: string; key: string }>;
  /** Real HTTP to /api/v1/<path>. */
  v1(path: string, call?: V1Call): Promise<V1Answer>;
  graphql(query: string, variables?: Record<string, unknown>, call?: V1Call): Promise<GraphAnswer>;
  socket(): RoomClient;
}

/**
 * A real server on a free port and a real database file, stopped with the test.
 */
export async function boot(options: BootOptions = {}): Promise<Gateway> {
  const { env = {}, timings: faster = {}, folder = temporaryFolder(), openEngine, ...rest } = options;
  const clock = movableClock();
  const running = await startServer(testConfig(folder, env, faster), {
    clock,
    onSlow: () => {
      throw new Error("a transaction awaited something else than its own queries");
    },
    ...(openEngine && { engines: { builtin: openEngine } }),
    ...rest,
  });
  onTestFinished(() => running.stop());
  const { services } = running.opened;

  const license = async (terms: Partial<LicenseTerms> = {}) => {
    const unlimited = { name: "Test", maxMeetings: null, maxRunning: null, maxAttendance: null };
    const all = { ...unlimited, expiresAt: oneYearFrom(clock.now()), ...terms };
    const created = await createLicense(services, { door: "CLI" }, all);
    return { id: created.license.id, key: created.key };
  };
  const { key } = await license();

  return {
    ...running,
    key,
    clock,
    folder,
    license,
    async v1(path, call = {}) {
      const response = await send(`${running.url}/api/v1/${path}`, key, call);
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
    async graphql(query, variables = {}, call = {}) {
      const response = await send(`${running.url}/graphql`, key, {
        method: "POST",
        body: { query, variables },
        ...call,
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    socket: () => new RoomClient(running.url),
  };
}

function send(url: string, defaultKey: string, { method = "GET", key = defaultKey, headers, body, language }: V1Call) {
  const hasBody = body !== undefined;
  return fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(key !== null && { license: key }),
      ...(language && { "accept-language": language }),
      ...(hasBody && { "content-type": "application/json" }),
      ...headers,
    },
    ...(hasBody && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- frames as they come
type Frame = any;

/** Speaks the built-in room's protocol as a program would. */
export class RoomClient {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  #wake: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${url.replace(/^http/, "ws")}/api/room`, { headers });
    this.socket.on("message", (data) => {
      this.frames.push(JSON.parse((data as Buffer).toString("utf8")));
      this.#changed();
    });
    this.socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#changed();
    });
    this.socket.on("error", () => {});
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`waited in vain for ${what}; came: ${JSON.stringify(this.frames)}`);
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        setTimeout(resolve, 200);
      });
    }
  }

  /** The first frame of this type, now or soon. */
  frame(type: string): Promise<Frame> {
    return this.#until(() => this.frames.find((frame) => frame.type === type), `a frame "${type}"`);
  }

  closing(): Promise<{ code: number; reason: string }> {
    return this.#until(() => this.closed, "the close");
  }

  /** The socket is open; nothing was said yet. */
  async ready(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CONNECTING) return;
    await new Promise((resolve) => this.socket.once("open", resolve));
  }

  async say(frame: unknown): Promise<void> {
    await this.ready();
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Enters with a join link (its whole address). */
  async enter(joinUrl: string): Promise<Frame> {
    await this.say({ type: "enter", link: joinUrl.slice(joinUrl.indexOf("?") + 1) });
    return Promise.race([this.frame("entered"), this.frame("refused")]);
  }

  /** Cuts the line without a word. */
  cut(): void {
    this.socket.terminate();
  }
}
