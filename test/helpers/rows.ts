import Sqlite from "better-sqlite3";
import { v7 as newId } from "uuid";
import type { Gateway } from "./boot.js";

/** A recording as an engine would leave it: none of ours records yet. @returns its id */
export function insertRecording(
  gateway: Gateway,
  sessionId: string,
  { status = "READY", published = true, at = 1 }: { status?: string; published?: boolean; at?: number } = {},
): string {
  const id = newId();
  const database = new Sqlite(`${gateway.folder}/vconnct.sqlite`);
  database
    .prepare(`INSERT INTO recordings (id, license_id, session_id, engine, engine_recording_id, status, is_published,
      playback_url, duration_seconds, created_at, updated_at)
      SELECT ?, license_id, id, 'builtin', ?, ?, ?, 'https://play.example/1', 90, ?, ? FROM sessions WHERE id = ?`)
    .run(id, id, status, published ? 1 : 0, at, at, sessionId);
  database.close();
  return id;
}

/** A server that runs no statement by itself while a test counts. */
export const quiet = { timings: { heartbeat: 3_600_000, sweep: 3_600_000, recover: 3_600_000 } };

/** Counts the SQL statements that this process runs during `work`, transactions' own not among them. */
export async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const database = new Sqlite(":memory:");
  const prototype = Object.getPrototypeOf(database.prepare("SELECT 1")) as Record<
    string,
    (...args: never[]) => unknown
  >;
  database.close();
  const ran: string[] = [];
  const names = ["all", "get", "run", "iterate"] as const;
  const originals = names.map((name) => [name, prototype[name]] as const);
  for (const [name, original] of originals) {
    prototype[name] = function counted(this: { source: string }, ...args: never[]) {
      // The last one asks for each request whether anyone else has committed, and reads no row.
      if (!/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA data_version)/.test(this.source)) ran.push(this.source);
      return original?.apply(this, args);
    };
  }
  try {
    await work();
  } finally {
    for (const [name, original] of originals) if (original) prototype[name] = original;
  }
  return ran;
}
