import { existsSync, lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { StorageOptions } from "../storage.js";
import { DatabaseGone, DatabaseInUse } from "../unavailable.js";
import { type DatabaseLock, lockDatabase } from "./lock.js";
import { applyMigrations, needsMigration } from "./migrations.js";
import { MadeFiles, narrow } from "./private-files.js";
import { forgetStatistics } from "./statistics.js";

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

export interface PreparedFile {
  /** Where it is kept for as long as the file is open. */
  lock: DatabaseLock | undefined;
  /** What was made just now and nobody else could have begun to use: nothing, where the lock is not kept. */
  made: MadeFiles;
}

/** Behind a symbolic link the file has a name of its own, by which another server may come to it. */
function namesOf(path: string): string[] {
  const isLink = existsSync(path) && lstatSync(path).isSymbolicLink();
  return isLink ? [path, realpathSync(path)] : [path];
}

function lockAll(names: readonly string[]): DatabaseLock {
  const locks: DatabaseLock[] = [];
  const release = () => {
    for (const lock of locks) lock.release();
  };
  try {
    for (const name of names) locks.push(lockDatabase(name));
  } catch (error) {
    release();
    throw error;
  }
  return {
    release,
    markUsed() {
      for (const lock of locks) lock.markUsed();
    },
  };
}

const DATABASE_SIDES = ["-wal", "-shm", "-journal"];
const LOCK_SIDES = ["-journal"];

/**
 * Makes the file where there is none, and brings it up to date; the lock is held meanwhile. Where that fails, nothing it
 * made is left.
 * @throws DatabaseGone, DatabaseInUse, DatabaseTooNew
 */
export function prepareFile({ path, exclusive }: StorageOptions): PreparedFile {
  const made = new MadeFiles();
  let lock: DatabaseLock | undefined;
  try {
    made.folder(dirname(path));
    refuseEmptyPlace(path);
    const names = namesOf(path);
    for (const name of names) {
      made.file(`${name}.lock`, LOCK_SIDES);
      // New ones get the database file's mode from SQLite; these are what a killed process left.
      for (const end of ["-wal", "-shm", ".lock-journal"]) narrow(name + end);
    }
    lock = exclusive || !existsSync(path) || needsMigration(path) ? lockAll(names) : undefined;
    made.file(path, DATABASE_SIDES);
    if (needsMigration(path)) applyMigrations(path);
    if (exclusive) forgetStatistics(path);
    if (!isUsed(path)) lock?.markUsed();
  } catch (error) {
    // Whoever has the lock uses these files.
    if (!(error instanceof DatabaseInUse)) made.undo();
    lock?.release();
    throw error;
  }
  if (exclusive) return { lock, made };
  lock?.release();
  made.keep();
  return { lock: undefined, made };
}

/**
 * Keeps every server off a file that is only read. @returns lets go of it
 * @throws DatabaseInUse when a server runs on it
 */
export function holdFile(path: string): () => void {
  const made = new MadeFiles();
  const names = namesOf(path);
  for (const name of names) made.file(`${name}.lock`, LOCK_SIDES);
  const lock = lockAll(names);
  return () => {
    lock.release();
    made.undo();
  };
}
