import { Client, type ClientBase, type ClientConfig, type CustomTypesConfig, Pool } from "pg";
import type { RunStatement } from "./statements.js";

/** https://www.postgresql.org/docs/current/catalog-pg-type.html; what counts may be a bigint, and sums are numerics. */
const NUMBERS = new Set([20, 21, 23, 26, 700, 701, 1700]);
const BOOLEAN = 16;

/** Texts as they come, also of instants and of JSON: the columns read those, a list's only when it is asked for them. */
const types: CustomTypesConfig = {
  getTypeParser(type: number) {
    if (NUMBERS.has(type)) return Number;
    return type === BOOLEAN ? (text: string) => text === "t" : (text: string) => text;
  },
};

/** Opening a connection may take so long; and an answer, longer than the server has for it. */
const CONNECT_MS = 5_000;
/** A connection is closed after so long, with what was prepared on it, and another opened. */
const LIFETIME_MS = 30 * 60_000;

export interface ConnectionOptions {
  url: string;
  /** Milliseconds a statement may take; the server ends it then. */
  statementMs: number;
  /** Likewise it ends a connection that asks nothing for so long in the middle of a transaction. */
  idleMs?: number;
}

const settingsOf = ({ url, statementMs, idleMs }: ConnectionOptions): ClientConfig => ({
  connectionString: url,
  application_name: "vconnct",
  connectionTimeoutMillis: CONNECT_MS,
  statement_timeout: statementMs,
  // The network may swallow an answer; then nobody else would ever end the wait.
  query_timeout: statementMs + CONNECT_MS,
  idle_in_transaction_session_timeout: idleMs ?? 2 * statementMs + CONNECT_MS,
  keepAlive: true,
  types,
});

/** The driver reads at once what an address names for TLS. */
function made<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof Error && "syscall" in cause)) throw cause;
    throw Object.assign(new Error("a file that it names for TLS can't be read", { cause }), { code: "CERT_FILE" });
  }
}

/** What instants are written in, whatever the server's or the role's own settings are. */
const PLAIN = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET standard_conforming_strings = on";
/**
 * What we ask is over in a millisecond, also where the server takes it for much: compiling it first takes it up to a second,
 * and starting processes that help tens of milliseconds, of cores that others wait for.
 */
const SHORT = "SET jit = off; SET max_parallel_workers_per_gather = 0";
const OURS = `${PLAIN}; ${SHORT}`;

/** One connection, for as long as it holds. @param onLost called once when it breaks by itself */
export async function connect(options: ConnectionOptions, onLost: (error: Error) => void): Promise<Client> {
  // Pipelined: what needs no answer first is not waited for.
  const client = made(() => new Client({ ...settingsOf(options), pipeline: true }));
  // Without a listener it would end the process.
  client.on("error", onLost);
  try {
    await client.connect();
    await client.query(OURS);
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
  return client;
}

/** @param told hears of connections that broke while nobody used them */
export function openPool(options: ConnectionOptions, max: number, told: (error: Error) => void): Pool {
  const onConnect = (client: ClientBase) => client.query(OURS);
  const pool = new Pool({
    ...settingsOf(options),
    pipeline: true,
    max,
    maxLifetimeSeconds: LIFETIME_MS / 1000,
    onConnect,
  });
  // The pool hears of a connection that nobody has; of one that somebody has, what it breaks of would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool.on("error", (error: Error & { client?: unknown }) => {
    // The pool hangs the whole connection on it, with all that it was opened with.
    delete error.client;
    told(error);
  });
}

/** The number by which the server knows the connection. */
export const backendOf = (client: Client | undefined): number | undefined =>
  (client as unknown as { processID?: number } | undefined)?.processID;

/** What is asked before anyone else has a turn is sent in one go; call it before each. */
export function sendTogether({ connection: { stream } }: Client): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Runs statements on a connection, or on any of a pool. */
export const runOn =
  (on: Pick<Client, "query">): RunStatement =>
  async ({ name, text }, values) =>
    (await on.query<unknown[]>({ name, text, values, rowMode: "array" })).rows;
