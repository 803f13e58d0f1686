import { mkdirSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { StorageOptions } from "../storage.js";
import { DatabaseGone } from "../unavailable.js";
import { type DatabaseLock, lockDatabase } from "./lock.js";
import { applyMigrations, needsMigration } from "./migrations.js";
import { createPrivately, narrow } from "./private-files.js";

/** The lock's file is empty until the first database beside it was made. */
const isUsed = (path: string): boolean => (statSync(`${path}.lock`, { throwIfNoEntry: false })?.size ?? 0) > 0;

/** An empty database in the place of one that was there would look like work lost without a word. */
function refuseEmptyPlace(path: string): void {
  if (!isUsed(path) || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  const name = basename(path);
  throw new DatabaseGone(
    `There was a database here, and it is gone (see DATABASE_URL): put ${name} back, or remove ${name}.lock to begin with an empty one.`,
  );
}

/**
 * Makes the file where there is none, and brings it up to date.
 * @returns the lock, where it is kept for as long as the file is open
 * @throws DatabaseGone, DatabaseInUse, DatabaseTooNew
 */
export function prepareFile({ path, exclusive }: StorageOptions): DatabaseLock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  refuseEmptyPlace(path);
  createPrivately(path);
  createPrivately(`${path}.lock`);
  // New ones get the database file's mode from SQLite; these are what a killed process left.
  for (const end of ["-wal", "-shm", ".lock-journal"]) narrow(path + end);
  const lock = exclusive || needsMigration(path) ? lockDatabase(path) : undefined;
  try {
    if (needsMigration(path)) applyMigrations(path);
    if (!isUsed(path)) lock?.markUsed();
  } catch (error) {
    lock?.release();
    throw error;
  }
  if (exclusive) return lock;
  lock?.release();
  return undefined;
}
