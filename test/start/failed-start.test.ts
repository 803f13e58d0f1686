import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.js";
import { openStorage } from "../../src/storage/index.js";
import { boot, testConfig } from "../helpers/boot.js";
import { isOnPostgres, makeDatabaseFor, ofFiles, temporaryFolder } from "../helpers/databases.js";

/** Somebody else's. @returns its port */
async function takenPort(): Promise<string> {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  return String((other.address() as AddressInfo).port);
}

/** All files below, with their content. */
const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "latin1")]),
  );

async function startIn(folder: string, env: Record<string, string>) {
  await makeDatabaseFor(folder);
  return startServer(testConfig(folder, env), {});
}

const fresh = async (): Promise<[name: string, env: Record<string, string>, fault: string][]> => [
  ["the port is somebody else's", { PORT: await takenPort() }, "EADDRINUSE"],
  ["the host does not exist", { HOST: "192.0.2.1" }, "EADDRNOTAVAIL"],
  ["there is no such manifest", { TRUSTED_DOCUMENTS: "/nonexistent/manifest.json" }, "manifest"],
];

test("a start that fails in a fresh folder leaves no file, and not the folders it made", async () => {
  for (const [name, env, fault] of await fresh()) {
    const folder = temporaryFolder();
    const failed: unknown = await startIn(join(folder, "data", "deep"), {
      ...env,
      DATA_DIR: join(folder, "keys"),
    }).catch((error: unknown) => error);
    expect([name, String(failed)]).toEqual([name, expect.stringMatching(new RegExp(fault, "i"))]);
    expect([name, readdirSync(folder, { recursive: true })]).toEqual([name, []]);
  }
});

test("a first start that fails leaves no demo license of a secret that is gone: the next one makes the only one", async () => {
  const folder = temporaryFolder();
  await expect(startIn(folder, { PORT: await takenPort() })).rejects.toThrow("EADDRINUSE");
  const { opened } = await boot({ folder });
  const demos = (await opened.services.storage.read.licenses.list()).filter(({ isDemo }) => isDemo);
  expect(demos).toMatchObject([{ revokedAt: null }]);
});

test("what was there before a failed start stays as it was: database, lock, secret, folders", async () => {
  const folder = temporaryFolder();
  const first = await boot({ folder });
  await first.v1("create_meeting/", { method: "POST", body: { title: "kept" } });
  await first.stop();
  const before = filesIn(folder);
  expect(Object.keys(before)).toEqual(
    expect.arrayContaining(["secret.key", ...(isOnPostgres ? [] : ["vconnct.sqlite", "vconnct.sqlite.lock"])]),
  );
  await expect(startIn(folder, { TRUSTED_DOCUMENTS: "/nonexistent/manifest.json" })).rejects.toThrow();
  const { "vconnct.sqlite": _, ...after } = filesIn(folder);
  const { "vconnct.sqlite": __, ...others } = before;
  expect(after).toEqual(others);
  const again = await boot({ folder });
  expect((await again.v1("list_general_meeting_setting/", { key: first.key })).status).toBe(200);
});

test("a secret that can't be used gets no other file beside it", async () => {
  const unusable = temporaryFolder();
  writeFileSync(join(unusable, "secret.key"), "short");
  await expect(startIn(unusable, {})).rejects.toMatchObject({ name: "UnusableSecret" });
  expect(filesIn(unusable)).toEqual({ "secret.key": "short" });
});

ofFiles("nor does a database that is too new", async () => {
  const folder = temporaryFolder();
  const newer = join(folder, "vconnct.sqlite");
  const database = new Sqlite(newer);
  database.exec("CREATE TABLE __drizzle_migrations (id, hash, created_at numeric)");
  database.exec("INSERT INTO __drizzle_migrations VALUES (1, 'x', 99999999999999)");
  database.close();
  const before = filesIn(folder);
  await expect(startIn(folder, {})).rejects.toMatchObject({ name: "DatabaseTooNew" });
  expect(filesIn(folder)).toEqual(before);
});

ofFiles("a second server on a database in use makes no secret beside it, and takes nothing away", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "data"));
  const running = await boot({ folder: join(folder, "data"), env: { SECRET_KEY: "s".repeat(32) } });
  await expect(startIn(join(folder, "data"), {})).rejects.toMatchObject({ name: "DatabaseInUse" });
  expect(existsSync(join(folder, "data", "secret.key"))).toBe(false);
  expect((await running.v1("list_meetings")).status).toBe(200);
});

ofFiles(
  "a discarded new database is gone with its side files, unless somebody else wrote into it meanwhile",
  async () => {
    for (const isShared of [false, true]) {
      const folder = temporaryFolder();
      const path = join(folder, "new", "vconnct.sqlite");
      const storage = openStorage({ path, exclusive: true, busyMs: 100 });
      const tool = new Sqlite(path);
      if (isShared) tool.exec("INSERT INTO instances (id, started_at, seen_at) VALUES ('the operator was here', 1, 1)");
      tool.close();
      storage.discard();
      expect(existsSync(path)).toBe(isShared);
      expect(readdirSync(folder)).toEqual(isShared ? ["new"] : []);
      if (isShared) expect(readFileSync(path, "latin1")).toContain("the operator was here");
      // What was discarded may be begun anew at once.
      await openStorage({ path, exclusive: true, busyMs: 100 }).close();
    }
  },
);
