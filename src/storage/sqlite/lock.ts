import { statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { DatabaseInUse } from "../unavailable.js";

/** A server that is just ending lets go by then. */
const WAIT_MS = 1_000;

export interface DatabaseLock {
  /** Writes down, in the lock's own file, that a database was made beside it. */
  markUsed(): void;
  release(): void;
}

/**
 * One server process a database file. The lock is an open exclusive transaction on a side file, so the operating
 * system frees it the moment its holder dies, and a restart right after a crash is never refused.
 *
 * @throws DatabaseInUse when another process holds it
 */
export function lockDatabase(path: string): DatabaseLock {
  const fileAtPath = () => statSync(`${path}.lock`, { throwIfNoEntry: false })?.ino;
  const before = fileAtPath();
  const connection = new Sqlite(`${path}.lock`, { timeout: WAIT_MS });
  const take = () => {
    try {
      connection.exec("BEGIN EXCLUSIVE");
    } catch (cause) {
      connection.close();
      throw new DatabaseInUse("another VConnct server is already running on this database", { cause });
    }
  };
  take();
  // Whoever held it before may have removed it, because its start failed: then it would hold nobody off.
  if (fileAtPath() !== before) {
    connection.close();
    throw new DatabaseInUse("another VConnct server has just tried to start on this database: try again");
  }
  return {
    markUsed() {
      connection.exec("PRAGMA user_version = 1; COMMIT");
      take();
    },
    release: () => connection.close(),
  };
}
