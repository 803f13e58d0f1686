import { expect, onTestFinished, test } from "vitest";
import { openStorage, type Storage } from "../../src/storage/index.js";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { temporaryFolder } from "../helpers/boot.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { askEverything } from "../storage/every-query.js";

async function open(url: string): Promise<Storage> {
  const storage = await openPostgres({ url });
  onTestFinished(() => storage.close());
  return storage;
}

function openFile(): Storage {
  const storage = openStorage({ path: `${temporaryFolder()}/x.sqlite`, exclusive: true, busyMs: 100 });
  onTestFinished(() => storage.close());
  return storage;
}

/** Ids are new each time: which is which is told by the order in which they first appear. */
function withoutIds(answers: unknown): unknown {
  const known = new Map<string, string>();
  const text = JSON.stringify(answers, (_, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value) || "toJSON" in value) return value;
    // A list's rows have getters, and jsonb keeps names in another order.
    const names: string[] = [];
    for (const name in value) names.push(name);
    const own = names.filter((name) => name !== "stored").toSorted();
    return Object.fromEntries(own.map((name) => [name, value[name as keyof typeof value]]));
  });
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  return JSON.parse(
    text.replace(uuid, (id) => known.get(id) ?? (known.set(id, `id ${known.size}`), `id ${known.size - 1}`)),
  );
}

test("every query there is gives on PostgreSQL what it gives on SQLite, inside a transaction", async () => {
  const answers: unknown[] = [];
  for (const storage of [openFile(), await open(await postgresDatabase())]) {
    for (const many of [3, 1]) {
      answers.push(withoutIds(await storage.transaction((tx) => askEverything(tx, many))));
    }
  }
  expect(answers.slice(2)).toEqual(answers.slice(0, 2));
  expect(JSON.stringify(answers).length).toBeGreaterThan(10_000);
});

test("what a transaction changed can be read once it is answered, its licenses are told, and their versions went up", async () => {
  const url = await postgresDatabase();
  const storage = await open(url);
  const told: string[][] = [];
  storage.onCommit((changed) => told.push([...changed]));
  await storage.transaction((tx) => askEverything(tx, 1));
  const [license] = await storage.read.licenses.list();
  expect(told).toEqual([[license?.id]]);
  expect(license?.version).toBe(1);
  await storage.transaction((tx) => tx.instances.beat("nobody", new Date()));
  expect(told).toEqual([[license?.id], []]);
});

test("another process' commit is heard of, also of a row that was changed by hand; our own are not", async () => {
  const url = await postgresDatabase();
  const storage = await open(url);
  await storage.transaction((tx) => askEverything(tx, 1));
  const before = storage.commitsElsewhere();
  expect(storage.commitsElsewhere()).toBe(before);
  await askPostgres(url, "UPDATE licenses SET name = 'by hand'");
  await expect.poll(() => storage.commitsElsewhere(), { interval: 5 }).toBeGreaterThan(before);
  expect((await storage.read.licenses.list())[0]?.name).toBe("by hand");
});
