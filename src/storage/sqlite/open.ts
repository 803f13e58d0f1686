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
import { LogMover, WAL_LIMIT_BYTES } from "./log-mover.js";
import { type Place, watchPlace } from "./place.js";
import { prepareFile } from "./prepare-file.js";
import { probeDisk } from "./probe.js";
import { openHandle } from "./statements.js";
import { touchedLicenses } from "./touched-licenses.js";
import { snapshotPerTurn } from "./turn-snapshot.js";

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

const tellingDamage =
  ({ onDamage = () => {} }: StorageOptions) =>
  <T>(error: T): T => {
    if (isDamage(error)) onDamage(error);
    return error;
  };

interface Opened {
  writer: Connection;
  place: Place;
  told: (error: unknown) => unknown;
}

/** A tool writes too little for a thread. */
function moverFor({ exclusive, path, busyMs }: StorageOptions, { writer, place, told }: Opened): LogMover | undefined {
  const { file, log } = place;
  return exclusive ? new LogMover(writer, { path, busyMs, file, log }, told) : undefined;
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
  const told = tellingDamage(options);
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
  const around = { begun, worked, beforeCommit, beforeAnswer, afterAnswer: () => mover?.look() };
  const commits = groupCommit(writer, { onSlow, ...around });
  const tx = queriesOn(db);
  // A moment that began before such a commit would bring back what it changed.
  const others = watchOthers(writer, { onCommit: () => snapshot.end(), hold: () => snapshot.hold() });
  place.watchLog();
  const mover = moverFor(options, { writer, place, told });
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
  const moments = { open: () => openMoment(options), onFree: () => mover?.empty() };
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
      await Promise.all([far.close(), mover?.close()]);
      shut();
      lock?.release();
    },
    discard() {
      if (closed) return;
      closed = true;
      const isOursAlone = others.haveNone();
      // No start asks anything of the thread that reads; of the other one nobody waits here.
      void mover?.close();
      shut();
      if (isOursAlone) made.undo();
      lock?.release();
    },
  };
}
