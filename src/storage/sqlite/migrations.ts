import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { sortKey } from "../sort-key.js";
import { DatabaseTooNew } from "../unavailable.js";

/** Found from this file, not from the working directory; `src/` and `dist/` lie equally deep. */
const migrationsFolder = fileURLToPath(new URL("../../../drizzle/sqlite", import.meta.url));

interface Journal {
  entries: { when: number; tag: string }[];
}

export const readJournal = (folder = migrationsFolder): Journal =>
  JSON.parse(readFileSync(`${folder}/meta/_journal.json`, "utf8")) as Journal;

/** When the newest applied migration was made; 0 where there is none. */
export function appliedUntil(connection: Connection): number {
  const known = connection.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (!known) return 0;
  const row = connection.prepare("SELECT max(created_at) AS at FROM __drizzle_migrations").get() as {
    at: number | null;
  };
  return row.at ?? 0;
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
 * Applies what is missing, all of it or nothing. Foreign keys are off meanwhile, because SQLite changes a table by
 * building it anew, and checked before the commit: what leaves rows without their parents never counts as applied.
 */
export function applyMigrations(path: string, folder = migrationsFolder): void {
  const connection = new Sqlite(path, { timeout: 5000 });
  try {
    connection.pragma("journal_mode = WAL");
    connection.pragma("foreign_keys = OFF");
    // For migrations that make stored keys anew.
    connection.function("sort_key", { deterministic: true }, sortKey);
    connection.transaction(() => applyMissing(connection, folder)).immediate();
  } finally {
    connection.close();
  }
}

/** As drizzle's own `migrate` does it, whose transaction would be over before the foreign keys are checked. */
function applyMissing(connection: Connection, folder: string): void {
  connection.exec(
    "CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)",
  );
  const note = connection.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)");
  const until = appliedUntil(connection);
  const applied: string[] = [];
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder: folder })) {
    if (folderMillis <= until) continue;
    for (const statement of sql) connection.exec(statement);
    note.run(hash, folderMillis);
    applied.push(...sql);
  }
  const broken = brokenBy(connection, applied);
  if (broken.length > 0) throw new Error(`a migration left ${broken.length} rows without their parents`);
}

/** Takes no row its parent, and writes no row that refers to one. */
const harmless =
  /^\s*(?:CREATE\s+(?:UNIQUE\s+)?(?:INDEX|TABLE|TRIGGER)|DROP\s+(?:INDEX|TRIGGER)|ALTER\s+TABLE\s+\S+\s+ADD)\s/i;
/** Adds rows and takes none away. */
const inserts = /^\s*INSERT\s+INTO\s+[`"]?(\w+)/i;

/**
 * Rows without their parents. Looking at every reference takes a quarter of a minute for a million meetings: where
 * statements only add, what they added to is looked at.
 */
function brokenBy(connection: Connection, statements: readonly string[]): unknown[] {
  const telling = statements.filter((text) => !harmless.test(text));
  const tables = telling.map((text) => inserts.exec(text)?.[1]);
  if (tables.includes(undefined)) return connection.pragma("foreign_key_check") as unknown[];
  return [...new Set(tables)].flatMap((table) => connection.pragma(`foreign_key_check(${table})`) as unknown[]);
}
