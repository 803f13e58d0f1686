import { setTimeout as sleep } from "node:timers/promises";
import Sqlite, { type Database as Connection } from "better-sqlite3";
import type { Handle, License, LicenseId } from "../database.js";
import { guarded } from "../guarded.js";
import { HeldSnapshots, type Moment } from "../held-snapshots.js";
import { makeQueries, type Queries } from "../queries/queries.js";
import * as tables from "../schema/sqlite.js";
import type { CommitListener, Storage, StorageOptions } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { sqliteDialect } from "./dialect.js";
import { withFarLists } from "./far-lists.js";
import { FarReader } from "./far-reader.js";
import { asStorageFault, isDamage } from "./faults.js";
import { groupCommit } from "./group-commit.js";
import { lastInstant } from "./last-instant.js";
import { lookingElsewhere, watchOthers } from "./others.js";
import { type Place, watchPlace } from "./place.js";
import { prepareFile } from "./prepare-file.js";
import { probeDisk } from "./probe.js";
import { openHandle } from "./statements.js";
import { touchedLicenses } from "./touched-licenses.js";
import { snapshotPerTurn } from "./turn-snapshot.js";

/** Twice what SQLite writes to the write-ahead log before it empties it. */
export const WAL_LIMIT_BYTES = 8 * 1024 * 1024;

/** What a connection keeps of the file; the operating system has the rest. SQLite's build would keep 16 MB of it for each. */
const WRITER_CACHE_KIB = 4_096;
const READER_CACHE_KIB = 8_192;

export function openWriter({ path, busyMs }: Pick<StorageOptions, "path" | "busyMs">): Connection {
  const writer = new Sqlite(path, { timeout: busyMs });
  writer.pragma("journal_mode = WAL");
  // Said out loud: better-sqlite3's build would default to NORMAL, where a power cut may lose the last commits.
  writer.pragma("synchronous = FULL");
  writer.pragma("foreign_keys = ON");
  writer.pragma(`cache_size = -${WRITER_CACHE_KIB}`);
  // What somebody who read for long let it grow to, it gives back: else it would keep its greatest size.
  writer.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
  return writer;
}

function openReader({ path, busyMs }: StorageOptions): Connection {
  const reader = new Sqlite(path, { readonly: true, timeout: busyMs });
  reader.pragma(`cache_size = -${READER_CACHE_KIB}`);
  return reader;
}

const GONE =
  "the database file was removed, renamed or replaced, or the write-ahead log beside it was: nothing is read or stored " +
  "until it is back in its place; where only the log is gone, SIGTERM brings what was stored into the file; " +
  "what was stored before is in the file that this process holds open";

/** All of them see one moment in a turn. */
const reading = (read: Queries) => ({ read, moment: () => read });

const queriesOn = (db: Handle): Queries => makeQueries({ db, tables, dialect: sqliteDialect });

/** Whoever reads along a list needs no page twice. */
const MOMENT_CACHE_KIB = 1_024;

function openMoment({ path, busyMs }: StorageOptions): Moment {
  const connection = new Sqlite(path, { readonly: true, timeout: busyMs });
  connection.pragma(`cache_size = -${MOMENT_CACHE_KIB}`);
  connection.exec("BEGIN");
  return { queries: queriesOn(openHandle(connection)), close: () => void connection.close() };
}

const LOOK_AGAIN_MS = 250;

/** Another process that moves its log into the file writes the header first: only what stays wrong is damage. */
async function inspectTwice(place: Place, told: (error: unknown) => unknown): Promise<void> {
  try {
    place.inspect();
  } catch {
    await sleep(LOOK_AGAIN_MS);
    try {
      place.inspect();
    } catch (error) {
      throw told(error);
    }
  }
}

/** As far as other processes let it; what it meets is told, because nobody waits for it. */
function emptyLog(writer: Connection, told: (error: unknown) => unknown): void {
  try {
    if (!writer.inTransaction) writer.pragma("wal_checkpoint(PASSIVE)");
  } catch (error) {
    told(error);
  }
}

/**
 * Opens (and creates, and migrates) the database.
 * @throws DatabaseInUse when `exclusive` and another server has it
 */
export function openStorage(options: StorageOptions): Storage {
  const { lock, made } = prepareFile(options);
  const place = watchPlace(options.path);
  const writer = openWriter(options);
  const reader = openReader(options);
  const { onDamage = () => {} } = options;
  const told = <T>(error: T): T => {
    if (isDamage(error)) onDamage(error);
    return error;
  };
  const snapshot = snapshotPerTurn(reader, told);
  const db = openHandle(writer);
  const { begun, worked, raiseVersions } = touchedLicenses(writer, db);
  const listeners: CommitListener[] = [];
  let changed: ReadonlyMap<LicenseId, License> = new Map();
  const beforeCommit = async () => {
    changed = await raiseVersions();
    place.demand();
  };
  const beforeAnswer = () => {
    snapshot.end();
    for (const listener of listeners) listener(new Set(changed.keys()), changed);
    changed = new Map();
  };
  const { onSlow = () => {} } = options;
  const commits = groupCommit(writer, { onSlow, begun, worked, beforeCommit, beforeAnswer });
  const tx = queriesOn(db);
  // A moment that began before such a commit would bring back what it changed.
  const others = watchOthers(writer, { onCommit: () => snapshot.end(), hold: () => snapshot.hold() });
  place.watchLog();
  let [closed, isKept] = [false, true];
  const inspect = () => inspectTwice(place, told);
  const demand = () => {
    if (!isKept) place.demand();
  };
  const beginRead = () => {
    demand();
    snapshot.begin();
  };
  const far = new FarReader(options, told);
  const moments = { open: () => openMoment(options), onFree: () => emptyLog(writer, told) };
  const held = new HeldSnapshots({ ...options, ...moments, demand, told });

  const shut = () => {
    held.close();
    snapshot.end();
    reader.close();
    writer.close();
    place.close();
  };

  return {
    ...reading(withFarLists(guarded({ before: beginRead, told }, queriesOn(openHandle(reader))), far)),
    snapshot: (holder) => held.take(holder),
    async transaction(work) {
      if (closed) throw new StorageUnavailable("the database is closed");
      try {
        return await commits.write(() => work(tx));
      } catch (error) {
        throw asStorageFault(told(error));
      }
    },
    isShared: false,
    outOfPlace: GONE,
    isInPlace: () => (isKept = place.isKept()),
    inspect,
    async check() {
      await inspect();
      place.demand();
      await probeDisk(options.path);
    },
    lastInstant: lastInstant(writer),
    onCommit: (listener) => void listeners.push(listener),
    ...lookingElsewhere(others, demand),
    async close() {
      if (closed) return;
      closed = true;
      await commits.drain();
      await far.close();
      shut();
      lock?.release();
    },
    discard() {
      if (closed) return;
      closed = true;
      const isOursAlone = others.haveNone();
      // No start asks anything of the other thread.
      shut();
      if (isOursAlone) made.undo();
      lock?.release();
    },
  };
}
