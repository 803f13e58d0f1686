import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { migrate } from "drizzle-orm/better-sqlite3/migrator";

/** Found from this file, not from the working directory; `src/storage` and `dist/storage` lie equally deep. */
const migrationsFolder = fileURLToPath(new URL("../../drizzle/sqlite", import.meta.url));

interface Journal {
  entries: { when: number; tag: string }[];
}

export const readJournal = (folder = migrationsFolder): Journal =>
  JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8")) as Journal;

function appliedUntil(connection: Connection): number {
  const known = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (!known) return 0;
  const row = connection.prepare("SELECT max(created_at) AS at FROM __drizzle_migrations").get() as {
    at: number | null;
  };
  return row.at ?? 0;
}

export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

/** @throws DatabaseTooNew when the database was written by a newer program than this one. */
export function needsMigration(path: string): boolean {
  const newest = readJournal().entries.at(-1)?.when ?? 0;
  const connection = new Sqlite(path);
  try {
    const applied = appliedUntil(connection);
    if (applied > newest) throw new DatabaseTooNew("the database is newer than this program: start the newer version");
    return applied < newest;
  } finally {
    connection.close();
  }
}

/**
 * Applies what is missing. Foreign keys are off meanwhile, because SQLite changes a table by building it anew, and
 * checked whole afterwards.
 */
export function applyMigrations(path: string): void {
  const connection = new Sqlite(path, { timeout: 5000 });
  try {
    connection.pragma("journal_mode = WAL");
    connection.pragma("foreign_keys = OFF");
    migrate(drizzle(connection), { migrationsFolder });
    const broken = connection.pragma("foreign_key_check") as unknown[];
    if (broken.length > 0) throw new Error(`a migration left ${broken.length} rows without their parents`);
  } finally {
    connection.close();
  }
}
