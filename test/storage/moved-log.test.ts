import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { Worker } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { v7 as newId } from "uuid";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LicenseId, openStorage } from "../../src/storage/index.js";
import { MOVED_FROM_PAGES } from "../../src/storage/sqlite/log-mover.js";
import { temporaryFolder } from "../helpers/boot.js";

const PAGE_BYTES = 4_096;
/** Together they are more than what is moved at once, alone far less. */
const COMMITS = 12;
const PAGES_A_COMMIT = 100;

function open() {
  const path = `${temporaryFolder()}/x.sqlite`;
  const damage: unknown[] = [];
  const onDamage = (error: unknown) => damage.push(error);
  const storage = openStorage({ path, exclusive: true, busyMs: 100, heldMs: 60_000, onDamage });
  const beside = new Sqlite(path, { readonly: true });
  onTestFinished(async () => {
    beside.close();
    await storage.close();
  });
  const write = async (commits: number) => {
    for (let commit = 0; commit < commits; commit += 1) {
      const at = new Date();
      const times = { expiresAt: at, createdAt: at, updatedAt: at };
      const row = { id: newId() as LicenseId, keyHash: newId(), keyHint: "abcd", ...times, generalSettings: {} };
      await storage.transaction((tx) => tx.licenses.insert({ ...row, name: "x".repeat(PAGES_A_COMMIT * PAGE_BYTES) }));
    }
  };
  const log = () => (beside.pragma("wal_checkpoint(NOOP)") as { log: number; checkpointed: number }[])[0];
  /** Pages of the log that are not in the file. */
  const unmoved = () => (log()?.log ?? 0) - (log()?.checkpointed ?? 0);
  return { path, storage, beside, write, unmoved, pages: () => log()?.log ?? 0, damage };
}

/** What the thread is asked from here on, counted. */
function watchThread() {
  const asked = vi.spyOn(Worker.prototype, "postMessage");
  onTestFinished(() => asked.mockRestore());
  return asked;
}

test("the log is moved into the file by the other thread, and begins anew", async () => {
  const { write, unmoved, pages } = open();
  const asked = watchThread();
  await write(COMMITS);
  expect(pages()).toBeGreaterThan(MOVED_FROM_PAGES);
  await vi.waitFor(() => expect(unmoved()).toBe(0));
  expect(asked).toHaveBeenCalled();
  await write(1);
  expect(pages()).toBeLessThan(MOVED_FROM_PAGES / 2);
});

test("where the thread dies, the log is moved as SQLite does it", async () => {
  const { write, unmoved, pages, storage } = open();
  const killed = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker) {
    killed.mockRestore();
    void this.terminate();
  });
  await write(COMMITS);
  await vi.waitFor(async () => {
    await write(1);
    expect(unmoved()).toBe(0);
  });
  const asked = watchThread();
  await write(2 * COMMITS);
  expect(pages()).toBeLessThan(MOVED_FROM_PAGES + 2 * PAGES_A_COMMIT);
  expect(asked).not.toHaveBeenCalled();
  expect((await storage.read.licenses.list()).length).toBeGreaterThan(3 * COMMITS);
});

test("while somebody reads what was before, commits go on; once they are done, nothing is left of it", async () => {
  const { write, unmoved, beside, pages, path } = open();
  const reader = new Sqlite(path, { readonly: true });
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM licenses").get();
  await write(2 * COMMITS);
  expect(pages()).toBeGreaterThan(2 * MOVED_FROM_PAGES);
  reader.close();
  await vi.waitFor(async () => {
    await write(1);
    expect(pages()).toBeLessThan(MOVED_FROM_PAGES);
  });
  expect(unmoved()).toBeLessThan(MOVED_FROM_PAGES);
  expect(beside.pragma("quick_check", { simple: true })).toBe("ok");
});

test("the next snapshot begins when what the last one held back is in the file", async () => {
  const { write, unmoved, storage, pages } = open();
  const first = await storage.snapshot("a");
  await first.read.licenses.list();
  await write(COMMITS);
  expect(unmoved()).toBeGreaterThan(MOVED_FROM_PAGES);
  first.end();
  const second = await storage.snapshot("a");
  expect(unmoved()).toBe(0);
  expect(await second.read.licenses.list()).toHaveLength(COMMITS);
  second.end();
  await write(1);
  expect(pages()).toBeLessThan(MOVED_FROM_PAGES / 2);
});

test("closed while the thread moves it, the database is one file with everything in it", async () => {
  const { path, storage, write, beside } = open();
  const asked = watchThread();
  await write(COMMITS);
  expect(asked).toHaveBeenCalledTimes(1);
  beside.close();
  await storage.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  const file = new Sqlite(path, { readonly: true });
  expect(file.prepare("SELECT count(*) FROM licenses").pluck().get()).toBe(COMMITS);
  expect(file.pragma("integrity_check", { simple: true })).toBe("ok");
  file.close();
});

test("another file in the place of the one that was opened is not written to", async () => {
  const { path, storage, write, damage } = open();
  await write(1);
  const snapshot = await storage.snapshot("a");
  await write(COMMITS / 2);
  copyFileSync(path, `${path}.other`);
  renameSync(path, `${path}.ours`);
  renameSync(`${path}.other`, path);
  const before = readFileSync(path);
  const asked = watchThread();
  snapshot.end();
  expect(asked).toHaveBeenCalledTimes(1);
  // Answered with its refusal, it ends.
  await vi.waitFor(() => expect(asked.mock.contexts[0]).toMatchObject({ threadId: -1 }));
  await storage.close();
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(damage).toEqual([]);
});
