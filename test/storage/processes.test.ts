import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { v7 as newId } from "uuid";
import { expect, onTestFinished, test } from "vitest";
import { type LicenseId, openStorage, type Queries } from "../../src/storage/index.js";
import { snapshotPerTurn } from "../../src/storage/sqlite/turn-snapshot.js";
import { ofFiles, temporaryFolder } from "../helpers/databases.js";
import { openTestStorage } from "../helpers/storage.js";

const built = fileURLToPath(new URL("../../dist/storage/index.js", import.meta.url));

const open = (path: string) => {
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  onTestFinished(() => storage.close());
  return storage;
};

const license = (terms: { maxMeetings?: number; maxRunning?: number } = {}) => {
  const at = new Date(0);
  const id = newId() as LicenseId;
  const times = { expiresAt: at, createdAt: at, updatedAt: at };
  return { id, name: "before", keyHash: newId(), keyHint: "abcd", ...times, generalSettings: {}, ...terms };
};

const taken = () => new Error("taken");

const isKept = ({ status }: PromiseSettledResult<unknown>) => status === "fulfilled";

/** Another process that holds the database as a server does. */
async function holder(path: string): Promise<ChildProcess> {
  // Kept by a name: a storage that nobody holds is collected, and its lock with it.
  const opening = `globalThis.kept = openStorage(${JSON.stringify({ path, exclusive: true, busyMs: 100 })})`;
  const text = `import { openStorage } from ${JSON.stringify(built)}; ${opening}; console.log("open"); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

ofFiles(
  "one server a file: refused while another process has it, and free the moment that process is killed",
  async () => {
    const path = `${temporaryFolder()}/x.sqlite`;
    const other = await holder(path);
    expect(() => open(path)).toThrow(expect.objectContaining({ name: "DatabaseInUse" }));
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(() => open(path)).not.toThrow();
  },
);

ofFiles(
  "one moment a turn: another process' commit between two reads is seen by neither, and by the next turn",
  async () => {
    const path = `${temporaryFolder()}/x.sqlite`;
    const storage = open(path);
    const { id } = await storage.transaction((tx) => tx.licenses.insert(license()));
    await new Promise((resolve) => setImmediate(resolve));
    const first = (await storage.read.licenses.find(id))?.name;
    const text = `import Sqlite from "better-sqlite3"; new Sqlite(${JSON.stringify(path)}).exec("UPDATE licenses SET name = 'after'")`;
    const cwd = fileURLToPath(new URL("../..", import.meta.url));
    execFileSync(process.execPath, ["--input-type=module", "-e", text], { cwd });
    expect([first, (await storage.read.licenses.find(id))?.name]).toEqual(["before", "before"]);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await storage.read.licenses.find(id))?.name).toBe("after");
  },
);

test("another process' commit is noticed by the very next question, however often it is asked in one turn", async () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = open(path);
  const { id } = await storage.transaction((tx) => tx.licenses.insert(license()));
  const other = new Sqlite(path);
  onTestFinished(() => void other.close());
  const rename = other.prepare("UPDATE licenses SET name = ?");
  for (let asked = 1; asked <= 12; asked += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const before = Array.from({ length: asked }, () => storage.untoldElsewhere());
    expect(new Set(before).size).toBe(1);
    // From the fourth question on the file's lock is held until the turn's end, which must stand in nobody's way.
    for (const name of [`${asked} a`, `${asked} b`]) {
      rename.run(name);
      expect(storage.untoldElsewhere()).not.toBe(before[0]);
      expect((await storage.read.licenses.find(id))?.name).toBe(name);
    }
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(other.pragma("wal_checkpoint(TRUNCATE)")).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
});

test("reads see nothing of a transaction before its commit, and all of it once its writer is answered", async () => {
  const { storage } = await openTestStorage();
  const row = license();
  // A moment that began before the commit must not outlive the answer.
  expect(await storage.read.licenses.find(row.id)).toBeUndefined();
  const inside = await storage.transaction(async (tx) => {
    await tx.licenses.insert(row);
    return [await tx.licenses.find(row.id), await storage.read.licenses.find(row.id)];
  });
  expect([inside[0]?.id, inside[1], (await storage.read.licenses.find(row.id))?.id]).toEqual([
    row.id,
    undefined,
    row.id,
  ]);
});

ofFiles(
  "a read that fails so badly that its snapshot is gone ends neither the process nor the next reads",
  async () => {
    const path = `${temporaryFolder()}/x.sqlite`;
    const reader = new Sqlite(path);
    onTestFinished(() => void reader.close());
    reader.exec("CREATE TABLE t (n)");
    const snapshot = snapshotPerTurn(reader, (error) => error);
    snapshot.begin();
    // What SQLite does by itself when the disk breaks under a read.
    reader.exec("ROLLBACK");
    expect(snapshot.end).not.toThrow();
    snapshot.begin();
    expect(reader.inTransaction).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(reader.inTransaction).toBe(false);
  },
);

test("limit-2: the server and the operator's tool together never claim more than the limit", async () => {
  const { storage: server, folder } = await openTestStorage();
  const { storage: tool } = await openTestStorage({ folder, exclusive: false });
  const { id } = await server.transaction((tx) => tx.licenses.insert(license({ maxMeetings: 7 })));
  const claims = Array.from({ length: 40 }, (_, n) =>
    (n % 2 === 0 ? server : tool).transaction((tx) => tx.licenses.claimMeeting(id, taken)),
  );
  expect((await Promise.allSettled(claims)).filter(isKept)).toHaveLength(7);
});

test("start-6: of many open sessions of one meeting the database takes one; an ended one makes room", async () => {
  const { storage } = await openTestStorage();
  const at = new Date(0);
  const { id: licenseId } = await storage.transaction((tx) => tx.licenses.insert(license()));
  const meeting = { id: newId(), licenseId, titleKey: "", settings: {}, createdAt: at, updatedAt: at };
  await storage.transaction((tx) => tx.meetings.insert(meeting));
  const session = { licenseId, meetingId: meeting.id, status: "STARTING", moderatorName: "m", settings: {} } as const;
  const start = () =>
    storage.transaction((tx) => tx.sessions.insert({ ...session, id: newId(), startedAt: at, engine: "x" }));
  const opened = await Promise.allSettled(Array.from({ length: 10 }, start));
  const [id = "", ...others] = opened.flatMap((each) => (each.status === "fulfilled" ? each.value.id : []));
  expect(others).toEqual([]);
  expect(await storage.transaction((tx) => tx.sessions.settleFailed(id, "x", at, "ENGINE"))).toMatchObject({ id });
  expect(await start()).toBeDefined();
});

test("counters and limits hold under simultaneous claims", async () => {
  const { storage } = await openTestStorage();
  const { id } = await storage.transaction((tx) => tx.licenses.insert(license({ maxMeetings: 5, maxRunning: 3 })));
  const twenty = (claim: (tx: Queries) => Promise<void>) =>
    Promise.allSettled(Array.from({ length: 20 }, () => storage.transaction(claim)));
  const claims = await twenty((tx) => tx.licenses.claimMeeting(id, taken));
  expect(claims.filter(isKept)).toHaveLength(5);
  const running = await twenty((tx) => tx.licenses.claimRunning(id, taken));
  expect(running.filter(isKept)).toHaveLength(3);
  await expect(
    storage.transaction(async (tx) => {
      for (let times = 0; times < 6; times += 1) await tx.licenses.releaseMeeting(id);
    }),
  ).rejects.toThrow(/check/i);
  expect((await storage.read.licenses.find(id))?.meetingCount).toBe(5);
});
