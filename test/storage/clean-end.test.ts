import { existsSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import { type LicenseId, openStorage } from "../../src/storage/index.js";
import { temporaryFolder } from "../helpers/boot.js";

/** More than are looked through without the other thread. */
const MANY = 12_000;

test("closed while its other thread looks through it, a database is one file with everything in it", async () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  const [licenseId, at] = [newId() as LicenseId, new Date()];
  const terms = { keyHash: newId(), keyHint: "abcd", expiresAt: at, createdAt: at, updatedAt: at };
  await storage.transaction((tx) => tx.licenses.insert({ id: licenseId, name: "x", ...terms, generalSettings: {} }));
  const beside = new Sqlite(path);
  beside.exec(`INSERT INTO meetings (id, license_id, title_key, settings, created_at, updated_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
    SELECT printf('ffffffff-0000-7000-8000-%012d', i), '${licenseId}', 'a', '{}', i, i FROM n`);
  beside.close();
  const look = () =>
    storage.read.meetings.list(
      { licenseId, meetingId: null },
      { field: "CREATED_AT", direction: "ASC", limit: 10, filter: { titleKeyContains: "z" }, names: ["id"] },
    );
  expect(await look()).toEqual([]);
  const looked = look().catch((error: unknown) => error);
  await storage.transaction((tx) => tx.instances.insert("the last", at));
  await storage.close();
  await looked;
  expect(existsSync(`${path}-wal`)).toBe(false);
});
