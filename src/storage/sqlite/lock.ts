import Sqlite from "better-sqlite3";
import { DatabaseInUse } from "../unavailable.js";

/**
 * One server process a database file. The lock is an open exclusive transaction on a side file, so the operating
 * system frees it the moment its holder dies, and a restart right after a crash is never refused.
 *
 * @throws DatabaseInUse when another process holds it
 */
export function lockDatabase(path: string): { release(): void } {
  const connection = new Sqlite(`${path}.lock`, { timeout: 1000 });
  try {
    connection.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    connection.close();
    throw new DatabaseInUse("another VConnct server is already running on this database", { cause });
  }
  return { release: () => connection.close() };
}
