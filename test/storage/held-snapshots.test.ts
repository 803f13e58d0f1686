import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as newId } from "uuid";
import { expect, test } from "vitest";
import type { LicenseId } from "../../src/storage/index.js";
import { ofFiles } from "../helpers/databases.js";
import { openTestStorage } from "../helpers/storage.js";

async function open(heldMs: number) {
  const { storage, folder } = await openTestStorage({ heldMs });
  const at = new Date();
  const add = (name = "x") =>
    storage.transaction((tx) => {
      const id = newId() as LicenseId;
      const terms = { keyHash: newId(), keyHint: "abcd", expiresAt: at, createdAt: at, updatedAt: at };
      return tx.licenses.insert({ id, name, ...terms, generalSettings: {} });
    });
  return { storage, add, logBytes: () => statSync(`${folder}/vconnct.sqlite-wal`).size };
}

const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol("pending");
  return (await Promise.race([promise, sleep(20, pending)])) !== pending;
};

test("a snapshot sees its moment until it is ended, and then nothing", async () => {
  const { storage, add } = await open(60_000);
  await add();
  const snapshot = await storage.snapshot("a");
  expect(await snapshot.read.licenses.list()).toHaveLength(1);
  await add();
  expect(await snapshot.read.licenses.list()).toHaveLength(1);
  expect(await storage.read.licenses.list()).toHaveLength(2);
  snapshot.end();
  snapshot.end();
  expect(() => snapshot.read.licenses.list()).toThrow("the snapshot is over");
});

test("of one holder two are held, of all four; the others follow in their order as these end", async () => {
  const { storage } = await open(60_000);
  const held = await Promise.all(["a", "a", "b"].map((holder) => storage.snapshot(holder)));
  const [third, other, fifth] = ["a", "c", "d"].map((holder) => storage.snapshot(holder));
  await other;
  expect(await isSettled(third as Promise<unknown>)).toBe(false);
  expect(await isSettled(fifth as Promise<unknown>)).toBe(false);
  held[0]?.end();
  await third;
  expect(await isSettled(fifth as Promise<unknown>)).toBe(false);
  held[2]?.end();
  await fifth;
});

ofFiles("snapshots never overlap without end: the write-ahead log does not grow with each", async () => {
  const { storage, add, logBytes } = await open(400);
  const rounds = async (holder: string, count: number): Promise<void> => {
    for (let round = 0; round < count; round += 1) {
      const snapshot = await storage.snapshot(holder);
      await snapshot.read.licenses.list();
      for (let row = 0; row < 10; row += 1) await add("x".repeat(100_000));
      // Longer than half of what it may be held.
      await sleep(210);
      snapshot.end();
    }
  };
  // Each begins while the other's is held.
  await Promise.all([rounds("a", 5), sleep(100).then(() => rounds("b", 5))]);
  expect(logBytes()).toBeLessThan(6_000_000);
});
