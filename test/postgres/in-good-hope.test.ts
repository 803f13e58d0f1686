import { expect, onTestFinished, test } from "vitest";
import { type LicenseId, openStorage, type Queries, type Storage } from "../../src/storage/index.js";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { StorageUnavailable } from "../../src/storage/unavailable.js";
import { temporaryFolder } from "../helpers/boot.js";
import { openDatabaseLine } from "../helpers/database-line.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

const at = new Date("2026-01-02T03:04:05.678Z");
const times = { createdAt: at, updatedAt: at };
const licenseId = "license" as LicenseId;
const reach = { licenseId, meetingId: null };

const licenseOf = (id: string, maxMeetings: number | null = null) => ({
  id: id as LicenseId,
  keyHash: id,
  name: "n",
  keyHint: "h",
  expiresAt: at,
  generalSettings: {},
  maxMeetings,
  ...times,
});
const meetingOf = (id: string, of = licenseId) => ({ id, licenseId: of, titleKey: id, settings: {}, ...times });
const eventOf = (id: string) => ({ id, licenseId, type: "t", occurredAt: at, door: "CLI", facts: {} }) as const;
const full = () => new Error("all are taken");

async function create(tx: Queries, id: string, of = licenseId): Promise<string> {
  await tx.licenses.claimMeeting(of, full);
  await tx.meetings.insert(meetingOf(id, of));
  await tx.events.append(eventOf(id));
  return id;
}

async function opened(url: string, maxMeetings?: number): Promise<Storage> {
  const storage = await openPostgres({ url });
  onTestFinished(() => storage.close());
  await storage.transaction((tx) => tx.licenses.insert(licenseOf(licenseId, maxMeetings)));
  return storage;
}

/** Works of one turn, so of one transaction; what each came to. */
const together = async (storage: Storage, works: ((tx: Queries) => Promise<unknown>)[]): Promise<unknown[]> =>
  (await Promise.allSettled(works.map((work) => storage.transaction(work)))).map((each) =>
    each.status === "fulfilled" ? each.value : each.reason instanceof Error ? each.reason.message : "?",
  );

const stored = async (url: string, what = "id FROM meetings ORDER BY id") =>
  (await askPostgres<{ id: string }>(url, `SELECT ${what}`)).map(({ id }) => id);

test("works of nothing but changes wait for the database as often as one of them, however many they are", async () => {
  const url = await postgresDatabase();
  let asking = false;
  let ways = 0;
  let writing: object | undefined;
  const line = await openDatabaseLine(url, {
    lateMs: 5,
    heard: (connection, data) => {
      if (data.includes("SERIALIZABLE")) writing = connection;
      if (connection === writing && !asking) ways += 1;
      if (connection === writing) asking = true;
    },
    answered: (connection) => {
      if (connection === writing) asking = false;
    },
  });
  const storage = await opened(line.url);
  const waysOf = async (count: number) => {
    ways = 0;
    await together(
      storage,
      Array.from({ length: count }, (_, index) => (tx: Queries) => create(tx, `${count} ${index}`)),
    );
    return ways;
  };
  // The first sends its statements' texts.
  await waysOf(3);
  const [one, forty] = [await waysOf(1), await waysOf(40)];
  expect(one).toBe(2);
  // Packets that are full are sent, and answered, before the last one is there.
  expect(forty).toBeLessThanOrEqual(12);
  expect(await stored(url, "count(*)::integer AS id FROM events")).toEqual([44]);
});

test("what is refused when its answer is heard of leaves nothing, and its neighbours before and after are stored in order", async () => {
  const url = await postgresDatabase();
  const storage = await opened(url, 2);
  const small = "small" as LicenseId;
  await storage.transaction((tx) => tx.licenses.insert(licenseOf(small, 1)));
  const works = ["a", "b", "c", "d"].map((id) => (tx: Queries) => create(tx, id));
  const ofSmall = ["x", "y"].map((id) => (tx: Queries) => create(tx, id, small));
  const [a, b, c, d] = works as [(typeof works)[0], ...typeof works];
  const [x, y] = ofSmall as [(typeof works)[0], ...typeof works];
  const outcomes = await together(
    storage,
    [a, x, y, b, c, d].map((work) => work as (typeof works)[0]),
  );
  expect(outcomes).toEqual(["a", "x", "all are taken", "b", "all are taken", "all are taken"]);
  expect(await stored(url)).toEqual(["a", "b", "x"]);
  expect(await stored(url, "id FROM events ORDER BY seq")).toEqual(["a", "x", "b"]);
  expect(await stored(url, "meeting_count::integer AS id FROM licenses ORDER BY licenses.id")).toEqual([2, 1]);
});

test("a fault that is heard of late is told to whom it is, and what its neighbours read is so without it", async () => {
  const url = await postgresDatabase();
  const storage = await opened(url);
  const outcomes = await together(storage, [
    (tx) => create(tx, "a"),
    async (tx) => {
      await tx.licenses.update(licenseId, { name: "of the faulty one" }, at);
      await tx.events.append(eventOf("lost"));
      await tx.meetings.insert(meetingOf("a"));
      return "not known yet";
    },
    async (tx) => {
      await tx.events.append(eventOf("refused"));
      throw new Error("refused by itself");
    },
    async (tx) => (await tx.licenses.find(licenseId))?.name,
    (tx) => create(tx, "b"),
    async (tx) => (await tx.meetings.findMany(reach, ["a", "b"])).length,
  ]);
  expect(outcomes).toEqual(["a", expect.stringContaining("duplicate key"), "refused by itself", "n", "b", 2]);
  expect(await stored(url, "id FROM events ORDER BY seq")).toEqual(["a", "b"]);
  expect(await stored(url, "version::integer AS id FROM licenses")).toEqual([2]);
});

test("notices are of licenses whose changes were kept, and of no others", async () => {
  const url = await postgresDatabase();
  const storage = await opened(url);
  const none = "none" as LicenseId;
  await storage.transaction((tx) => tx.licenses.insert(licenseOf(none, 0)));
  const other = await openPostgres({ url });
  onTestFinished(() => other.close());
  const [here, elsewhere]: [string[], string[]] = [[], []];
  storage.onCommit((changed) => here.push(...changed));
  other.onCommitElsewhere((changed) => elsewhere.push(changed));
  await together(storage, [(tx) => create(tx, "x", none), (tx) => create(tx, "a")]);
  await expect.poll(() => elsewhere).toEqual([licenseId]);
  expect(here).toEqual([licenseId]);
});

test("a connection that breaks under what was not waited for: the group is stored once, on another", async () => {
  const url = await postgresDatabase();
  const storage = await opened(url);
  let runs = 0;
  const outcomes = await together(storage, [
    (tx) => create(tx, "a"),
    async (tx) => {
      await create(tx, "b");
      runs += 1;
      if (runs > 1) return "b";
      const writing = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%events%'";
      await expect.poll(() => askPostgres(url, `${writing} AND pid <> pg_backend_pid()`)).toHaveLength(1);
      await askPostgres(url, `SELECT pg_terminate_backend(pid) FROM (${writing} AND pid <> pg_backend_pid()) AS it`);
      return "not known yet";
    },
    (tx) => create(tx, "c"),
  ]);
  expect([outcomes, runs]).toEqual([["a", "b", "c"], 2]);
  expect(await stored(url)).toEqual(["a", "b", "c"]);
});

test("a connection that breaks again and again is told as storage that is away, and nothing is stored", async () => {
  const url = await postgresDatabase();
  const line = await openDatabaseLine(url);
  const storage = await opened(line.url);
  line.swallowFrom("INSERT INTO".toLowerCase(), 1);
  const works = ["a", "b"].map((id) => storage.transaction((tx) => create(tx, id)));
  for (const each of await Promise.allSettled(works)) {
    expect(each).toMatchObject({ status: "rejected", reason: expect.any(StorageUnavailable) });
  }
  expect(await stored(url)).toEqual([]);
});

/** The same numbers at each run. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Whatever works do: change, read, are refused before and after they changed something, and are faulty. */
function anyWork(number: (below: number) => number, index: number): (tx: Queries) => Promise<unknown> {
  const [kind, id, fate] = [number(5), `m${number(80)}`, number(4)];
  return async (tx) => {
    if (kind === 0) return create(tx, id);
    if (kind === 1) await tx.licenses.releaseMeeting(licenseId);
    if (kind === 2) await tx.events.append(eventOf(`e${index}`));
    if (kind === 3) await tx.meetings.markDeleted(licenseId, id, at);
    const found = await tx.meetings.find(reach, id);
    if (fate === 0) throw new Error(`refused ${found?.id ?? "none"}`);
    if (!found) await create(tx, id);
    return [
      found?.id,
      (await tx.licenses.find(licenseId))?.meetingCount,
      (await tx.events.marksAfter(0, 1_000)).length,
    ];
  };
}

/** Who fails by the database's own word is told so in its own words. */
const plainly = (outcomes: unknown[]) =>
  outcomes.map((each) => (typeof each === "string" && /constraint/i.test(each) ? "faulty" : each));

test.each([1, 2, 3, 4, 5, 6])(
  "works come to the same as one after the other on SQLite, whatever they do (%i)",
  async (seed) => {
    const url = await postgresDatabase();
    const storage = await opened(url, 30);
    const file = openStorage({ path: `${temporaryFolder()}/x.sqlite`, exclusive: true, busyMs: 100 });
    onTestFinished(() => file.close());
    await file.transaction((tx) => tx.licenses.insert(licenseOf(licenseId, 30)));
    const comesTo = async (on: Storage) => {
      const number = numbersFrom(seed);
      const works = Array.from({ length: 150 }, (_, index) => anyWork(number, index));
      const outcomes = plainly(await together(on, works));
      const marks = await on.read.events.marksAfter(0, 1_000);
      return { outcomes, license: await on.read.licenses.find(licenseId), events: marks.map(({ type }) => type) };
    };
    const onFile = await comesTo(file);
    const onServer = await comesTo(storage);
    expect(onServer).toEqual(onFile);
  },
);
