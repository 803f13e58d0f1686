import { readFileSync, writeFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import { type Config, readConfig } from "../../src/config.js";
import type { TimeSource } from "../../src/clock.js";
import { createLicense, oneYearFrom, type LicenseTerms } from "../../src/domain/license/create-license.js";
import type { OpenEngine } from "../../src/engine/engine.js";
import { buildGraph } from "../../src/graphql/schema.js";
import { environmentOf, isOnPostgres, makeDatabaseFor, ofFiles, temporaryFolder } from "./databases.js";
import { RoomClient } from "./room-client.js";
import { SecretKeeper } from "./secrets.js";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server.js";
import { applyMigrations } from "../../src/storage/sqlite/migrations.js";
import { timings } from "../../src/timings.js";

export { RoomClient };
export { isOnPostgres, ofFiles, temporaryFolder };

export interface BootOptions extends ServerOptions {
  env?: Record<string, string>;
  timings?: Partial<typeof timings>;
  /** In place of the built-in engine, under its name. */
  openEngine?: OpenEngine;
  /** Where the database lies; a new folder when left out. Kept until the test ends, so a second boot finds it. */
  folder?: string;
}

let migrated: Buffer | undefined;

/** An empty database, up to date: each migration is applied once for all tests of a process. */
function freshDatabase(): Buffer {
  const path = `${temporaryFolder()}/vconnct.sqlite`;
  applyMigrations(path);
  return readFileSync(path);
}

function freshFolder(): string {
  migrated ??= freshDatabase();
  const folder = temporaryFolder();
  writeFileSync(`${folder}/vconnct.sqlite`, migrated, { mode: 0o600 });
  return folder;
}

export function testConfig(
  folder: string,
  env: Record<string, string> = {},
  faster: Partial<typeof timings> = {},
): Config {
  const config = readConfig({
    PORT: "0",
    LOG_LEVEL: "trace",
    NODE_ENV: "test",
    ...environmentOf(folder),
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
  /** All that the server has logged; no secret may stand in it, which each test is asked for at its end. */
  log(): string;
}

let graph: ReturnType<typeof buildGraph> | undefined;

/**
 * A real server on a free port and a real database file, stopped with the test.
 */
export async function boot(options: BootOptions = {}): Promise<Gateway> {
  const { env = {}, timings: faster = {}, folder = freshFolder(), openEngine, ...rest } = options;
  const clock = movableClock();
  const secrets = new SecretKeeper();
  if (!env["DATABASE_URL"]) await makeDatabaseFor(folder);
  const running = await startServer(testConfig(folder, env, faster), {
    clock,
    logTo: secrets.stream,
    onSlow: () => {
      throw new Error("a transaction awaited something else than its own queries");
    },
    // A process builds it once; ours are a thousand servers in one.
    schema: (graph ??= buildGraph()),
    // By itself, in the middle of whatever a test counts.
    isRehearsed: false,
    ...(openEngine && { engines: { builtin: openEngine } }),
    ...rest,
  });
  onTestFinished(async () => {
    await running.stop();
    secrets.check();
  });
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
      const response = await send(`${running.url}/api/v1/${path}`, key, call, secrets);
      const text = await response.text();
      secrets.hear(text);
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text === "" ? undefined : JSON.parse(text),
      };
    },
    async graphql(query, variables = {}, call = {}) {
      const asked = { method: "POST", body: { query, variables }, ...call };
      const response = await send(`${running.url}/graphql`, key, asked, secrets);
      const text = await response.text();
      secrets.hear(text);
      return { status: response.status, headers: response.headers, body: JSON.parse(text) };
    },
    socket: () => new RoomClient(running.url),
    log: () => secrets.log(),
  };
}

function send(
  url: string,
  defaultKey: string,
  { method = "GET", key = defaultKey, headers, body, language }: V1Call,
  secrets: SecretKeeper,
) {
  const hasBody = body !== undefined;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  if (hasBody) secrets.hear(text);
  return fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(key !== null && { license: key }),
      ...(language && { "accept-language": language }),
      ...(hasBody && { "content-type": "application/json" }),
      ...headers,
    },
    ...(hasBody && { body: text }),
  });
}
