import Sqlite, { type Database } from "better-sqlite3";
import { v7 as newId } from "uuid";
import { type CopiedTable, tablesInOrder } from "../../src/storage/copy/tables.js";
import { Client } from "pg";
import { type Gateway, isOnPostgres } from "./boot.js";
import { openBeside } from "./beside.js";

/** A recording as an engine would leave it: none of ours records yet. @returns its id */
export function insertRecording(
  gateway: Gateway,
  sessionId: string,
  { status = "READY", published = true, at = 1 }: { status?: string; published?: boolean; at?: number } = {},
): string {
  const id = newId();
  const database = openBeside(gateway);
  database
    .prepare(`INSERT INTO recordings (id, license_id, session_id, engine, engine_recording_id, status, is_published,
      playback_url, duration_seconds, created_at, updated_at)
      SELECT ?, license_id, id, 'builtin', ?, ?, ?, 'https://play.example/1', 90, ?, ? FROM sessions WHERE id = ?`)
    .run(id, id, status, published ? 1 : 0, at, at, sessionId);
  database.close();
  return id;
}

/** A row in a table out of which the queries have taken theirs again, below whatever rows there are. */
function fillTable(db: Database, { name, columns }: CopiedTable): void {
  const parents = db.pragma(`foreign_key_list("${name}")`) as { from: string; to: string; table: string }[];
  const values = columns.map((column) => {
    const parent = parents.find(({ from }) => from === column.name);
    if (parent) return `(SELECT "${parent.to}" FROM "${parent.table}" LIMIT 1)`;
    return { text: "'text'", json: `'{"b":[1],"a":2}'`, flag: "1", number: "7", instant: "1767323045678" }[column.kind];
  });
  db.exec(`INSERT INTO "${name}" VALUES (${values.join()})`);
}

/** One row at least in every table there is. */
export function fillEmptyTables(db: Database): void {
  for (const table of tablesInOrder()) {
    if (!db.prepare(`SELECT 1 FROM "${table.name}"`).get()) fillTable(db, table);
  }
}

/** A server that runs no statement by itself while a test counts. */
export const quiet = { timings: { heartbeat: 3_600_000, sweep: 3_600_000, recover: 3_600_000 } };

/** What belongs to transactions, or asks whether anyone else has committed, which is asked for each request. */
const NOT_TOLD = /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA data_version)/;
/** Likewise there; what the connections ask for themselves is written in capitals, or nothing but a sign of life. */
const NOT_TOLD_OF_SERVER = /^$|^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|WITH raised|SET|LISTEN|SELECT)\b/;
type Heard = (text: string, rows: number, database?: string) => void;
type Method = (this: { source: string }, ...args: never[]) => unknown;

const countOf = (given: unknown): number => (Array.isArray(given) ? given.length : 0);

function watchFile(heard: Heard): () => void {
  const database = new Sqlite(":memory:");
  const prototype = Object.getPrototypeOf(database.prepare("SELECT 1")) as Record<string, Method>;
  database.close();
  const names = ["all", "get", "run", "iterate"] as const;
  const originals = names.map((name) => [name, prototype[name]] as const);
  for (const [name, original] of originals) {
    prototype[name] = function counted(this: { source: string }, ...args: never[]) {
      const given = original?.apply(this, args);
      if (!NOT_TOLD.test(this.source)) heard(this.source, countOf(given));
      return given;
    };
  }
  return () => {
    for (const [name, original] of originals) if (original) prototype[name] = original;
  };
}

export function watchServer(heard: Heard): () => void {
  const prototype = Client.prototype as unknown as { query: (...args: unknown[]) => unknown };
  const original = prototype.query;
  prototype.query = function counted(this: { database?: string }, ...args: unknown[]) {
    const [asked] = args;
    const text = typeof asked === "string" ? asked : String((asked as { text?: string }).text);
    if (NOT_TOLD_OF_SERVER.test(text)) return original.apply(this, args);
    const told = (result: { rows?: unknown[] } | undefined) => heard(text, countOf(result?.rows), this.database);
    const done = args.at(-1);
    // A pool asks with a function to be called.
    if (typeof done === "function") {
      args[args.length - 1] = (error: unknown, result: { rows?: unknown[] }) => {
        told(result);
        done(error, result);
      };
      return original.apply(this, args);
    }
    const given = original.apply(this, args) as Promise<{ rows?: unknown[] }>;
    return given.then((result) => {
      told(result);
      return result;
    });
  };
  return () => {
    prototype.query = original;
  };
}

/**
 * Hears of each SQL statement that this process runs, transactions' own not among them, and of the rows it gave.
 * @returns ends that
 */
export const watchStatements = (heard: Heard): (() => void) => (isOnPostgres ? watchServer(heard) : watchFile(heard));

/** The SQL statements that this process runs during `work`, transactions' own not among them. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const ran: string[] = [];
  const stop = watchStatements((text) => ran.push(text));
  try {
    await work();
  } finally {
    stop();
  }
  return ran;
}
