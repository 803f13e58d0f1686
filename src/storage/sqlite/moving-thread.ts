import { fdatasyncSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import Sqlite, { type Statement } from "better-sqlite3";
import type { LogState, Moved, MovingSetting } from "./moving-work.js";
import { stands } from "./place.js";

const { path, busyMs, file, log } = workerData as MovingSetting;

/** Opened by its name, it might be another by now, into which this log would be written. */
function demandKept(): void {
  if (!stands(file) || (log && !stands(log))) throw new Error("the database file is not the one that was opened");
}

function open(): Statement<[], LogState> {
  // Also before: another file's log would be moved when its last connection closes, and that may be this one.
  demandKept();
  const connection = new Sqlite(path, { timeout: busyMs, fileMustExist: true });
  connection.pragma("synchronous = FULL");
  return connection.prepare<[], LogState>("PRAGMA wal_checkpoint(PASSIVE)");
}

let move: Statement<[], LogState> | undefined;

function moveLog(): Moved {
  try {
    move ??= open();
    demandKept();
    const moved = move.get() as LogState;
    // SQLite flushes the file only when nothing is left in the log. What is on the disk already, that flush need not wait
    // for. By the descriptor the process has: closing another would drop its locks.
    fdatasyncSync(file.descriptor);
    return moved;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return { failed: { message, code } };
  }
}

parentPort?.on("message", () => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  parentPort?.postMessage(moveLog());
});
