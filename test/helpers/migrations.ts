import { cpSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readJournal } from "../../src/storage/sqlite/migrations.js";
import { temporaryFolder } from "./boot.js";

export const shippedMigrations = fileURLToPath(new URL("../../drizzle/sqlite", import.meta.url));

/** A folder with the shipped migrations before this one. */
export function migrationsBefore(tag: string): string {
  const folder = `${temporaryFolder()}/sqlite`;
  cpSync(shippedMigrations, folder, { recursive: true });
  const journal = readJournal();
  const entries = journal.entries.slice(
    0,
    journal.entries.findIndex((entry) => entry.tag === tag),
  );
  writeFileSync(`${folder}/meta/_journal.json`, JSON.stringify({ ...journal, entries }));
  return folder;
}
