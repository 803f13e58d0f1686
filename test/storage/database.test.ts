import fs, { chmodSync, copyFileSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { v7 as newId } from "uuid";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LicenseId, openStorage } from "../../src/storage/index.js";
import { openWriter } from "../../src/storage/sqlite/open.js";
import { readJournal } from "../../src/storage/sqlite/migrations.js";
import * as tables from "../../src/storage/schema/sqlite.js";
import { boot, temporaryFolder } from "../helpers/boot.js";

function open(path = `${temporaryFolder()}/x.sqlite`) {
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  onTestFinished(() => storage.close());
  return { storage, path };
}

const newLicense = (name: string) => ({
  id: newId() as LicenseId,
  name,
  keyHash: newId(),
  keyHint: "abcd",
  expiresAt: new Date(0),
  createdAt: new Date(),
  updatedAt: new Date(),
  generalSettings: {},
});

test("the writing connection keeps WAL, synchronous=FULL and foreign keys", () => {
  const { path } = open();
  const writer = openWriter({ path, busyMs: 100 });
  const pragma = (name: string) => writer.pragma(name, { simple: true });
  expect([pragma("journal_mode"), pragma("synchronous"), pragma("foreign_keys")]).toEqual(["wal", 2, 1]);
  writer.close();
});

test("database, side files, lock and secret are their owner's only", async () => {
  const { folder } = await boot();
  for (const name of [
    "vconnct.sqlite",
    "vconnct.sqlite-wal",
    "vconnct.sqlite-shm",
    "vconnct.sqlite.lock",
    "secret.key",
  ]) {
    expect([name, (statSync(`${folder}/${name}`).mode & 0o777).toString(8)]).toEqual([name, "600"]);
  }
});

test("files of before that others could read are narrowed at the next start, the side files of a killed process too", async () => {
  const folder = temporaryFolder();
  const { path } = open(`${folder}/vconnct.sqlite`);
  // Copied beside an open database, as a kill or a restored backup leaves them.
  const copy = `${temporaryFolder()}/vconnct.sqlite`;
  const names = ["", "-wal", "-shm", ".lock"].map((end) => [path + end, copy + end] as const);
  for (const [from, to] of names) {
    copyFileSync(from, to);
    chmodSync(to, 0o664);
  }
  writeFileSync(`${dirname(copy)}/secret.key`, "k".repeat(43), { mode: 0o644 });
  await boot({ folder: dirname(copy) });
  for (const [, file] of [...names, ["", `${dirname(copy)}/secret.key`] as const]) {
    expect([file, (statSync(file).mode & 0o777).toString(8)]).toEqual([file, "600"]);
  }
});

test("where the files' mode can't be changed, it works on", () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  writeFileSync(path, "", { mode: 0o664 });
  const refusing = vi.spyOn(fs, "chmodSync").mockImplementation(() => {
    throw Object.assign(new Error("no"), { code: "EPERM" });
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    refusing.mockRestore();
    syncBuiltinESMExports();
  });
  expect(() => open(path)).not.toThrow();
  expect(refusing).toHaveBeenCalled();
});

test("the journal of migrations ascends, and every entry was applied", () => {
  const { path } = open();
  const whens = readJournal().entries.map(({ when }) => when);
  expect(whens).toEqual(whens.toSorted((a, b) => a - b));
  const db = new Sqlite(path, { readonly: true });
  const applied = db.prepare("SELECT created_at FROM __drizzle_migrations ORDER BY created_at").pluck().all();
  db.close();
  expect(applied.map(Number)).toEqual(whens);
});

test("the migrated tables are those of the schema, every foreign key restricts, no list of values is a CHECK", () => {
  const { path } = open();
  const db = new Sqlite(path, { readonly: true });
  for (const table of [
    tables.licenses,
    tables.meetings,
    tables.sessions,
    tables.attendances,
    tables.stays,
    tables.recordings,
    tables.awaitedRecordings,
    tables.messages,
    tables.events,
    tables.instances,
  ]) {
    const { name, columns, indexes, foreignKeys } = getTableConfig(table as never);
    const info = db.pragma(`table_info(${name})`) as { name: string; notnull: number; pk: number }[];
    expect(info.map((column) => [column.name, column.notnull === 1 || column.pk === 1])).toEqual(
      columns.map((column) => [column.name, column.notNull]),
    );
    const made = (db.pragma(`index_list(${name})`) as { name: string }[]).map((index) => index.name);
    expect(made).toEqual(expect.arrayContaining(indexes.map((index) => index.config.name)));
    const keys = db.pragma(`foreign_key_list(${name})`) as { id: number; on_delete: string }[];
    expect(new Set(keys.map(({ id }) => id)).size).toBe(foreignKeys.length);
    expect(keys.filter(({ on_delete }) => on_delete !== "RESTRICT")).toEqual([]);
  }
  const checks = db.prepare("SELECT sql FROM sqlite_master WHERE sql LIKE '%CHECK(%'").pluck().all();
  db.close();
  expect(checks).toHaveLength(1);
  expect(checks[0]).not.toMatch(/ IN \(/);
});

test("a database newer than the program is refused", async () => {
  const { storage, path } = open();
  await storage.close();
  const db = new Sqlite(path);
  db.prepare("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 99999999999999)").run();
  db.close();
  expect(() => openStorage({ path, exclusive: true, busyMs: 100 })).toThrow("newer than this program");
});

test("one server a file: a second exclusive opening is refused, one beside it is not", async () => {
  const { storage, path } = open();
  expect(() => openStorage({ path, exclusive: true, busyMs: 100 })).toThrow("already running");
  await openStorage({ path, exclusive: false, busyMs: 100 }).close();
  await storage.close();
  await openStorage({ path, exclusive: true, busyMs: 100 }).close();
});

test("reads of one turn see one moment, also against another process; the answered writer sees its own", async () => {
  const { storage, path } = open();
  const first = await storage.transaction((tx) => tx.licenses.insert(newLicense("first")));
  expect((await storage.read.licenses.find(first.id))?.name).toBe("first");
  const seen = storage.commitsElsewhere();
  const other = new Sqlite(path);
  const before = (await storage.read.licenses.list()).length;
  other.prepare("UPDATE licenses SET name = 'changed'").run();
  expect([before, (await storage.read.licenses.find(first.id))?.name]).toEqual([1, "first"]);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await storage.read.licenses.find(first.id))?.name).toBe("changed");
  other.close();
  const now = storage.commitsElsewhere();
  expect([now === seen, storage.commitsElsewhere() === now]).toEqual([false, true]);
});
