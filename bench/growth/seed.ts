import { existsSync, renameSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { applyMigrations, readJournal } from "#gateway/storage/sqlite/migrations.js";
import { type Dialect, licenseOf, rowsOf, shapes } from "./rows.js";

const dialect: Dialect = {
  numbers: (count) => `WITH RECURSIVE at(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM at WHERE n + 1 < ${count})`,
  id: (kind, license, number) => `printf('01900000-%04x-7%03x-8000-%012x', ${kind}, ${license}, ${number})`,
  instant: (ms) => ms,
  flag: (number) => number,
  json: (text) => text,
  next: "NULL",
};

/** Rows first, indexes after them: sorted once, each is built in a fraction of the time. */
function indexLater(db: Database): () => void {
  const made = db
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of made) db.exec(`DROP INDEX ${name}`);
  return () => {
    for (const { sql } of made) db.exec(sql);
  };
}

/** Inserts directly: it would take hours through the gateway. A file of the same size and tables is taken as it is. */
export function seedGrowth(folder: string, meetings: number, say: (line: string) => void): string {
  const version = readJournal().entries.at(-1)?.tag ?? "";
  const path = `${folder}/growth-${version}-${meetings}.sqlite`;
  if (existsSync(path)) return path;
  const partial = `${path}.partial`;
  applyMigrations(partial);
  const db = new Sqlite(partial);
  db.pragma("journal_mode = OFF");
  db.pragma("synchronous = OFF");
  db.pragma("foreign_keys = OFF");
  db.pragma("cache_size = -1000000");
  db.transaction(() => {
    const finish = indexLater(db);
    for (const shape of shapes(meetings)) {
      db.exec(licenseOf(shape, dialect));
      for (const [table, sql] of Object.entries(rowsOf(shape, dialect))) {
        say(`${meetings} meetings: ${table} of license ${shape.license}`);
        db.exec(sql);
      }
    }
    say(`${meetings} meetings: indexes`);
    finish();
  })();
  db.close();
  renameSync(partial, path);
  return path;
}
