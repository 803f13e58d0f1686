import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { StorageUnavailable } from "../unavailable.js";
import { DatabaseDamaged } from "./faults.js";

// https://www.sqlite.org/fileformat.html, 1.3: the header's first 16 bytes, the page size, the size in pages.
const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const CHANGE_COUNTER_AT = 24;
const PAGES_AT = 28;
const VALID_FOR_AT = 92;
/** The page size of 65,536 does not fit its two bytes and is written as this. */
const LARGEST = 1;

/** A file that is held open, as it was when that began. */
export interface Held {
  path: string;
  descriptor: number;
  opened: Pick<Stats, "ino" | "dev">;
  /** Linux' own name for it, which tells what became of it: another path, or "(deleted)". undefined elsewhere. */
  name: string | undefined;
}

function nameOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

function hold(path: string): Held {
  const descriptor = openSync(path, "r");
  const { ino, dev } = fstatSync(descriptor);
  return { path, descriptor, opened: { ino, dev }, name: nameOf(descriptor) };
}

const hasItsName = ({ descriptor, name }: Held): boolean => name !== undefined && nameOf(descriptor) === name;

export function stands({ path, opened }: Held): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  return now !== undefined && now.ino === opened.ino && now.dev === opened.dev;
}

/** The file that was opened, as against what now stands at its path. */
export interface Place {
  /** The file itself. */
  readonly file: Held;
  /** The write-ahead log beside it, once it is watched. */
  readonly log: Held | undefined;
  /** Whether the opened file still stands at its path, and the write-ahead log beside it. */
  isKept(): boolean;
  /** From here on the log is watched too: SQLite has opened it, and keeps this one until the end. */
  watchLog(): void;
  /** @throws StorageUnavailable where it does not: what is written now would be lost */
  demand(): void;
  /** Looks at the file itself, not at what SQLite remembers of it. @throws DatabaseDamaged */
  inspect(): void;
  close(): void;
}

/**
 * Watches the database file. Holds it open from before SQLite does until after: closing it earlier would drop the locks
 * that SQLite holds on it in this process.
 */
export function watchPlace(path: string): Place {
  const file = hold(path);
  // SQLite keeps it beside the file itself, also behind a symbolic link.
  const logPath = `${realpathSync(path)}-wal`;
  let log: Held | undefined;

  // Written into a log that is gone, the last commits would be kept by nobody but this process.
  const isKept = () => stands(file) && (!log || stands(log));
  return {
    file,
    get log() {
      return log;
    },
    isKept,
    watchLog() {
      if (existsSync(logPath)) log = hold(logPath);
    },
    demand() {
      // Asked before each commit, so of the log not by `stat`: who asks Linux when a file was changed has it write that
      // down anew at the next change, and the flush of a commit then takes half as long again.
      if (stands(file) && (!log || hasItsName(log) || stands(log))) return;
      throw new StorageUnavailable("the database file was removed, renamed or replaced");
    },
    inspect() {
      const { size } = fstatSync(file.descriptor);
      const header = Buffer.alloc(HEADER_BYTES);
      const read = readSync(file.descriptor, header, 0, HEADER_BYTES, 0);
      if (read < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
        throw new DatabaseDamaged("the database file is no SQLite database any more");
      }
      // Written by a program too old to know the field, it is worth nothing.
      const isSizeKnown = header.readUInt32BE(CHANGE_COUNTER_AT) === header.readUInt32BE(VALID_FOR_AT);
      const pageSize = header.readUInt16BE(PAGE_SIZE_AT);
      const least = header.readUInt32BE(PAGES_AT) * (pageSize === LARGEST ? 65_536 : pageSize);
      if (isSizeKnown && size < least) throw new DatabaseDamaged("the database file is shorter than it says");
    },
    close() {
      for (const { descriptor } of log ? [log, file] : [file]) closeSync(descriptor);
    },
  };
}
