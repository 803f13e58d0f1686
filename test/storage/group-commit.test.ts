import { AsyncLocalStorage } from "node:async_hooks";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { groupCommit } from "../../src/storage/sqlite/group-commit.js";
import { StorageUnavailable } from "../../src/storage/unavailable.js";
import { temporaryFolder } from "../helpers/boot.js";

function open() {
  const path = `${temporaryFolder()}/x.sqlite`;
  const said: string[] = [];
  const writer = new Sqlite(path, { timeout: 50, verbose: (text) => said.push(String(text)) });
  onTestFinished(() => void writer.close());
  writer.pragma("journal_mode = WAL");
  writer.exec("CREATE TABLE t (n INTEGER PRIMARY KEY)");
  const slow: string[] = [];
  const commits = groupCommit(writer, { onSlow: () => slow.push("slow") });
  const insert = writer.prepare("INSERT INTO t VALUES (?)");
  const add = (n: number) => commits.write(async () => insert.run(n).changes);
  const stored = () => writer.prepare("SELECT n FROM t ORDER BY n").pluck().all();
  said.length = 0;
  return { path, said, writer, commits, add, stored, slow };
}

const count = (said: string[], text: string) => said.filter((each) => each === text).length;

test("works of one turn share one BEGIN IMMEDIATE … COMMIT, a savepoint each", async () => {
  const { add, said, stored, slow } = open();
  await Promise.all([add(1), add(2), add(3)]);
  expect([count(said, "BEGIN IMMEDIATE"), count(said, "SAVEPOINT work"), count(said, "COMMIT")]).toEqual([1, 3, 1]);
  expect([stored(), slow]).toEqual([[1, 2, 3], []]);
});

test("a work without neighbours has no savepoint, and one that is refused leaves nothing to commit", async () => {
  const { writer, commits, add, said, stored } = open();
  await add(1);
  expect(said).toEqual(["BEGIN IMMEDIATE", expect.stringContaining("INSERT"), "COMMIT"]);
  const insert = writer.prepare("INSERT INTO t VALUES (?)");
  said.length = 0;
  const refused = commits.write(async () => {
    insert.run(2);
    throw new Error("no");
  });
  await expect(refused).rejects.toThrow("no");
  expect([said.at(-1), count(said, "COMMIT"), writer.inTransaction, stored()]).toEqual(["ROLLBACK", 0, false, [1]]);
  expect(await add(2)).toBe(1);
});

test("a work without neighbours that passes over a full disk is refused all the same", async () => {
  const { writer, commits, stored } = open();
  writer.exec("CREATE TABLE big (x BLOB)");
  writer.pragma(`max_page_count = ${Number(writer.pragma("page_count", { simple: true })) + 4}`);
  const passing = commits.write(async () => {
    writer.prepare("INSERT INTO t VALUES (1)").run();
    try {
      writer.prepare("INSERT INTO big VALUES (zeroblob(50000))").run();
    } catch {
      // As a work that hopes for the best.
    }
    if (writer.inTransaction) writer.exec("ROLLBACK");
  });
  await expect(passing).rejects.toThrow(StorageUnavailable);
  expect(stored()).toEqual([]);
});

test("a fault in one leaves the others whole, and is answered after the commit", async () => {
  const { add, commits, said, stored } = open();
  const faulty = commits.write(async () => {
    throw new Error("no");
  });
  const told = faulty.catch((error: Error) => [error.message, count(said, "COMMIT")]);
  const doubled = add(1);
  const again = add(1).catch((error: Error) => error.name);
  expect(await told).toEqual(["no", 1]);
  expect([await doubled, await again, stored()]).toEqual([1, "SqliteError", [1]]);
});

test("what a faulty work wrote before its fault is gone; what its neighbours wrote before and after it stays", async () => {
  const { writer, add, commits, said, stored } = open();
  const insert = writer.prepare("INSERT INTO t VALUES (?)");
  const faulty = (n: number) =>
    commits.write(async () => {
      insert.run(n);
      await Promise.resolve();
      throw new Error("no");
    });
  const outcomes = await Promise.allSettled([faulty(1), add(2), faulty(3), add(3), faulty(4)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected", "fulfilled", "rejected"]);
  expect([stored(), count(said, "COMMIT")]).toEqual([[2, 3], 1]);
});

test("a failed commit refuses all of its works, and nothing is stored", async () => {
  const { add, path, stored } = open();
  const other = new Sqlite(path);
  other.exec("BEGIN IMMEDIATE");
  const outcomes = await Promise.allSettled([add(1), add(2)]);
  other.exec("ROLLBACK");
  other.close();
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(StorageUnavailable) });
  expect(stored()).toEqual([]);
  expect(await add(3)).toBe(1);
});

test("a full disk in the middle of a group refuses all of it", async () => {
  const { writer, commits, stored } = open();
  writer.exec("CREATE TABLE big (x BLOB)");
  writer.pragma(`max_page_count = ${Number(writer.pragma("page_count", { simple: true })) + 4}`);
  const fill = () => commits.write(async () => writer.prepare("INSERT INTO big VALUES (zeroblob(50000))").run());
  const small = commits.write(async () => writer.prepare("INSERT INTO t VALUES (1)").run());
  const outcomes = await Promise.allSettled([fill(), fill()]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(StorageUnavailable) });
  const kept = (await small.catch(() => undefined)) === undefined ? [] : [1];
  expect(stored()).toEqual(kept);
});

test("a transaction inside a transaction is refused instead of waiting for itself", async () => {
  const { commits, add, stored } = open();
  await expect(commits.write(() => add(1))).rejects.toThrow("inside a transaction");
  expect(stored()).toEqual([]);
});

test("a transaction that begins when its own is answered, or beside a slow one, is none inside it", async () => {
  const { commits, add, slow, stored } = open();
  const chained = add(1).then(() => add(2));
  const late = commits.write(async () => new Promise((resolve) => setTimeout(resolve, 30)));
  const beside = new Promise<number>((resolve) => {
    setTimeout(() => void add(3).then((changes) => add(4).then(() => resolve(changes))), 10);
  });
  expect(await Promise.all([chained, late, beside])).toEqual([1, undefined, 1]);
  expect([slow.length, stored()]).toEqual([1, [1, 2, 3, 4]]);
});

test("a work that awaits more than its queries is noticed, and stays correct", async () => {
  const { commits, add, slow, stored } = open();
  const late = commits.write(async () => new Promise((resolve) => setTimeout(resolve, 30)));
  await Promise.all([late, add(1)]);
  expect([slow, stored()]).toEqual([["slow"], [1]]);
});

test("each work keeps its own request's context", async () => {
  const { commits } = open();
  const request = new AsyncLocalStorage<number>();
  const seen = await Promise.all(
    [1, 2, 3].map((id) => request.run(id, () => commits.write(async () => request.getStore()))),
  );
  expect(seen).toEqual([1, 2, 3]);
});

test("more works than fit in one group all happen; drain waits for the last", async () => {
  const { add, commits, said, stored } = open();
  for (let n = 0; n < 150; n += 1) void add(n);
  await commits.drain();
  expect(stored()).toHaveLength(150);
  expect(count(said, "COMMIT")).toBe(3);
});
