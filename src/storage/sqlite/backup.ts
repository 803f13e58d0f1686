import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as aMoment } from "node:timers/promises";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import { BackupFailed } from "../unavailable.js";
import { appliedUntil, readJournal } from "./migrations.js";
import { OWNER_ONLY } from "./private-files.js";

/** Copied between two looks at whether it shall go on: 16 MB of SQLite's usual pages. */
const PAGES_A_STEP = 4_096;
const BUSY_MS = 5_000;

export interface BackupMade {
  bytes: number;
  /** Which version wrote the database, seen from this program. */
  writtenBy: "this version" | "an older version" | "a newer version";
}

export interface BackupOptions {
  /** The database file. */
  path: string;
  /** The file to make; it must not be there. */
  target: string;
  /** Asked again and again; once it is true, the backup is given up. */
  isGivenUp: () => boolean;
}

/**
 * Copies all pages while a transaction holds the moment it began with. Without that, each commit of the server would
 * begin the copy anew; with it the copy is of that moment, and the server's commits wait in the write-ahead log.
 */
async function copyPages(source: Connection, partial: string, isGivenUp: () => boolean): Promise<number> {
  source.exec("BEGIN");
  const applied = appliedUntil(source);
  if (applied === 0) throw new BackupFailed("NO_DATABASE");
  await source.backup(partial, {
    progress: () => {
      if (isGivenUp()) throw new BackupFailed("GIVEN_UP");
      return PAGES_A_STEP;
    },
  });
  source.exec("COMMIT");
  return applied;
}

/** Looks at every page, index and reference of the copy, and leaves it as one file. */
function demandSound(partial: string, applied: number): void {
  const copy = new Sqlite(partial);
  try {
    copy.pragma("journal_mode = DELETE");
    const isWhole = copy.pragma("integrity_check", { simple: true }) === "ok";
    const orphans = copy.pragma("foreign_key_check") as unknown[];
    if (!isWhole || orphans.length > 0 || appliedUntil(copy) !== applied) throw new BackupFailed("UNSOUND");
  } finally {
    copy.close();
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function moveInPlace(partial: string, target: string): void {
  flush(partial);
  if (existsSync(target)) throw new BackupFailed("TARGET_EXISTS");
  renameSync(partial, target);
  flush(dirname(target));
}

function writtenBy(applied: number): BackupMade["writtenBy"] {
  const newest = readJournal().entries.at(-1)?.when ?? 0;
  if (applied === newest) return "this version";
  return applied < newest ? "an older version" : "a newer version";
}

/**
 * A consistent copy in one pass, also beside a running server. It is written under another name and takes the target's
 * only once it is whole, checked and on the disk; whatever fails leaves nothing behind. The database is never migrated.
 * @throws BackupFailed, or what SQLite or the operating system says
 */
export async function backUpDatabase({ path, target, isGivenUp }: BackupOptions): Promise<BackupMade> {
  if (existsSync(target)) throw new BackupFailed("TARGET_EXISTS");
  if (!existsSync(dirname(target))) throw new BackupFailed("NO_FOLDER");
  if (!existsSync(path)) throw new BackupFailed("NO_DATABASE");
  const partial = `${target}.${process.pid}.partial`;
  // Made before SQLite does, which would let others read it.
  closeSync(openSync(partial, "wx", OWNER_ONLY));
  try {
    const source = new Sqlite(path, { fileMustExist: true, timeout: BUSY_MS });
    const applied = await copyPages(source, partial, isGivenUp).finally(() => source.close());
    demandSound(partial, applied);
    // The check holds up everything; a signal that came meanwhile is heard only now.
    await aMoment(1);
    if (isGivenUp()) throw new BackupFailed("GIVEN_UP");
    moveInPlace(partial, target);
    return { bytes: statSync(target).size, writtenBy: writtenBy(applied) };
  } finally {
    for (const end of ["", "-journal", "-wal", "-shm"]) rmSync(partial + end, { force: true });
  }
}
