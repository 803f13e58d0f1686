import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Handle } from "./database.js";
import { groupCommit } from "./group-commit.js";
import { lockDatabase } from "./lock.js";
import { applyMigrations, needsMigration } from "./migrations.js";
import { guarded, oneMomentPerTurn } from "./moments.js";
import { createPrivately, narrow } from "./private.js";
import { makeQueries, type Queries } from "./queries.js";
import { asStorageFault, StorageUnavailable } from "./unavailable.js";

export type { Interval, Reach } from "./conditions.js";
export * from "./database.js";
export type { Queries } from "./queries.js";
export { StorageUnavailable } from "./unavailable.js";

export interface Storage {
  /** Committed data only; all reads of one turn of the event loop see one moment. */
  readonly read: Queries;
  /**
   * Does `work` whole or not at all. `work` awaits nothing but the queries it is given, and never calls
   * `transaction` itself.
   * @throws StorageUnavailable when it could not be committed: nothing was changed
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Calls `listener` after each commit of this process, once what was written can be read. */
  onCommit(listener: () => void): void;
  /** Whether another process has committed since the last call. */
  changedElsewhere(): boolean;
  close(): Promise<void>;
}

export interface StorageOptions {
  /** The database file. */
  path: string;
  /** The server keeps the file to itself; a tool beside it does not. */
  exclusive: boolean;
  /** Milliseconds to wait for another process' write; the wait stops the whole event loop. */
  busyMs: number;
  /** See `groupCommit`. */
  onSlow?: () => void;
}

function prepareFile({ path, exclusive }: StorageOptions): { release(): void } | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  createPrivately(path);
  createPrivately(`${path}.lock`);
  // New ones get the database file's mode from SQLite; these are what a killed process left.
  for (const end of ["-wal", "-shm", ".lock-journal"]) narrow(path + end);
  const lock = exclusive || needsMigration(path) ? lockDatabase(path) : undefined;
  try {
    if (needsMigration(path)) applyMigrations(path);
  } catch (error) {
    lock?.release();
    throw error;
  }
  if (exclusive) return lock;
  lock?.release();
  return undefined;
}

export function openWriter({ path, busyMs }: Pick<StorageOptions, "path" | "busyMs">): Connection {
  const writer = new Sqlite(path, { timeout: busyMs });
  writer.pragma("journal_mode = WAL");
  // Said out loud: better-sqlite3's build would default to NORMAL, where a power cut may lose the last commits.
  writer.pragma("synchronous = FULL");
  writer.pragma("foreign_keys = ON");
  return writer;
}

const queriesOn = (connection: Connection): Queries => makeQueries(drizzle(connection) as unknown as Handle);

/**
 * Opens (and creates, and migrates) the database.
 * @throws DatabaseInUse when `exclusive` and another server has it
 */
export function openStorage(options: StorageOptions): Storage {
  const lock = prepareFile(options);
  const writer = openWriter(options);
  const reader = new Sqlite(options.path, { readonly: true, timeout: options.busyMs });
  const moments = oneMomentPerTurn(reader);
  const listeners: (() => void)[] = [];
  const beforeAnswer = () => {
    moments.end();
    for (const listener of listeners) listener();
  };
  const commits = groupCommit(writer, { onSlow: options.onSlow ?? (() => {}), beforeAnswer });
  const tx = queriesOn(writer);
  const dataVersion = () => writer.pragma("data_version", { simple: true }) as number;
  let seenVersion = dataVersion();
  let closed = false;

  return {
    read: guarded(queriesOn(reader), moments.begin),
    async transaction(work) {
      if (closed) throw new StorageUnavailable("the database is closed");
      try {
        return await commits.write(() => work(tx));
      } catch (error) {
        throw asStorageFault(error);
      }
    },
    onCommit: (listener) => void listeners.push(listener),
    changedElsewhere() {
      const version = dataVersion();
      const changed = version !== seenVersion;
      seenVersion = version;
      return changed;
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.drain();
      moments.end();
      reader.close();
      writer.close();
      lock?.release();
    },
  };
}
