import { statSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { v7 as newId } from "uuid";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LicenseId, openStorage } from "../../src/storage/index.js";
import { WAL_LIMIT_BYTES } from "../../src/storage/sqlite/log-mover.js";
import { temporaryFolder } from "../helpers/boot.js";

test("the write-ahead log, grown while somebody else reads for long, shrinks again once they are done", async () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  const reader = new Sqlite(path, { readonly: true });
  onTestFinished(async () => {
    reader.close();
    await storage.close();
  });
  const walBytes = () => statSync(`${path}-wal`).size;
  const write = (letters: number) => {
    const at = new Date();
    const times = { expiresAt: at, createdAt: at, updatedAt: at };
    const row = { id: newId() as LicenseId, keyHash: newId(), keyHint: "abcd", ...times, generalSettings: {} };
    return storage.transaction((tx) => tx.licenses.insert({ ...row, name: "x".repeat(letters) }));
  };
  await write(1);
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM licenses").get();
  for (let written = 0; written < WAL_LIMIT_BYTES * 1.5; written += 1_000_000) await write(1_000_000);
  const grown = walBytes();
  expect(grown).toBeGreaterThan(WAL_LIMIT_BYTES * 1.4);
  reader.exec("COMMIT");
  await vi.waitFor(async () => {
    await write(1);
    expect(walBytes()).toBeLessThanOrEqual(WAL_LIMIT_BYTES);
  });
});
