import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Handle, LicenseId } from "../database.js";
import { makeQueries, type Queries } from "../queries.js";
import * as tables from "../schema/sqlite.js";
import type { Storage, StorageOptions } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { sqliteDialect } from "./dialect.js";
import { asStorageFault } from "./faults.js";
import { groupCommit } from "./group-commit.js";
import { lockDatabase } from "./lock.js";
import { applyMigrations, needsMigration } from "./migrations.js";
import { createPrivately, narrow } from "./private-files.js";
import { touchedLicenses } from "./touched-licenses.js";
import { beginningWith, snapshotPerTurn } from "./turn-snapshot.js";

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

const queriesOn = (connection: Connection): Queries =>
  makeQueries({ db: drizzle(connection) as unknown as Handle, tables, dialect: sqliteDialect });

/**
 * Opens (and creates, and migrates) the database.
 * @throws DatabaseInUse when `exclusive` and another server has it
 */
export function openStorage(options: StorageOptions): Storage {
  const lock = prepareFile(options);
  const writer = openWriter(options);
  const reader = new Sqlite(options.path, { readonly: true, timeout: options.busyMs });
  const snapshot = snapshotPerTurn(reader);
  const touched = touchedLicenses(writer);
  const listeners: ((changed: ReadonlySet<LicenseId>) => void)[] = [];
  let changed: ReadonlySet<LicenseId> = new Set();
  const beforeCommit = () => {
    changed = touched.raiseVersions();
  };
  const beforeAnswer = () => {
    snapshot.end();
    for (const listener of listeners) listener(changed);
  };
  const commits = groupCommit(writer, { onSlow: options.onSlow ?? (() => {}), beforeCommit, beforeAnswer });
  const tx = queriesOn(writer);
  const dataVersion = () => writer.pragma("data_version", { simple: true }) as number;
  let seenVersion = dataVersion();
  let closed = false;

  return {
    read: beginningWith(snapshot.begin, queriesOn(reader)),
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
      const isOther = version !== seenVersion;
      seenVersion = version;
      return isOther;
    },
    async close() {
      if (closed) return;
      closed = true;
      await commits.drain();
      snapshot.end();
      reader.close();
      writer.close();
      lock?.release();
    },
  };
}
