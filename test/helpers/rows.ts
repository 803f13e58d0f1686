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

/**
 * Hears of each SQL statement that this process runs, transactions' own not among them, and of the rows it gave.
 * @returns ends that
 */
export function watchStatements(heard: (text: string, rows: number) => void): () => void {
  const database = new Sqlite(":memory:");
  const prototype = Object.getPrototypeOf(database.prepare("SELECT 1")) as Record<
    string,
    (...args: never[]) => unknown
  >;
  database.close();
  const names = ["all", "get", "run", "iterate"] as const;
  const originals = names.map((name) => [name, prototype[name]] as const);
  for (const [name, original] of originals) {
    prototype[name] = function counted(this: { source: string }, ...args: never[]) {
      const given = original?.apply(this, args);
      // The last one asks for each request whether anyone else has committed, and reads no row.
      if (!/^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA data_version)/.test(this.source)) {
        heard(this.source, Array.isArray(given) ? given.length : 0);
      }
      return given;
    };
  }
  return () => {
    for (const [name, original] of originals) if (original) prototype[name] = original;
  };
}

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
