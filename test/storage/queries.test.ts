import { readdirSync, readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { openStorage } from "../../src/storage/index.js";
import { ofFiles, temporaryFolder } from "../helpers/databases.js";
import { openTestStorage } from "../helpers/storage.js";
import { statementsDuring } from "../helpers/rows.js";
import { askEverything } from "./every-query.js";

function open() {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  onTestFinished(() => storage.close());
  return { storage, path };
}

ofFiles(
  "every query, reads and writes, is prepared at its first use and never again, with lists of any length",
  async () => {
    const { storage } = open();
    await storage.transaction((tx) => askEverything(tx, 2));
    const preparing = vi.spyOn(Sqlite.prototype, "prepare");
    onTestFinished(() => preparing.mockRestore());
    for (const many of [2, 7, 300]) await storage.transaction((tx) => askEverything(tx, many));
    expect(preparing.mock.calls.map(([text]) => text)).toEqual([]);
  },
);

ofFiles("no statement has a bare parameter for its limit: SQLite would plan it anew at each run", async () => {
  const { storage } = open();
  const ran = await statementsDuring(() => storage.transaction((tx) => askEverything(tx, 2)));
  const limited = [...new Set(ran)].filter((text) => /\blimit\b/i.test(text));
  expect(limited.length).toBeGreaterThan(10);
  expect(limited.filter((text) => /\blimit \?/i.test(text))).toEqual([]);
});

test("what the prepared queries write is what they read: instants, flags, JSON, nulls and defaults", async () => {
  const { storage } = await openTestStorage();
  const {
    licenses,
    meetings,
    sessions,
    attendances,
    messages,
    stays,
    events,
    accessTokens,
    idempotency,
    instances,
    usage,
  } = await storage.transaction((tx) => askEverything(tx, 2));
  const at = new Date("2026-01-02T03:04:05.678Z");
  expect(licenses?.["insert"]).toMatchObject({ maxMeetings: null, meetingCount: 0, isDemo: false, expiresAt: at });
  expect(licenses?.["update"]).toMatchObject({ name: "other", updatedAt: at, keyHint: "h", maxMeetings: null });
  expect(licenses?.["revoke"]).toMatchObject({ revokedAt: at, revokedBy: "OPERATOR" });
  expect(meetings?.["insert"]).toMatchObject({ title: null, settings: { x: true }, deletedAt: null, createdAt: at });
  expect(meetings?.["update"]).toMatchObject({ title: null, titleKey: "t", settings: {} });
  expect(meetings?.["findMany"]).toHaveLength(1);
  expect(sessions?.["insert"]).toMatchObject({ status: "STARTING", endedAt: null, peakPresent: 0, startedAt: at });
  expect(sessions?.["lock"]).toEqual(sessions?.["find"]);
  expect(sessions?.["claimEmptyEnd"]).toBeUndefined();
  expect(sessions?.["claimEnd"]).toMatchObject({ status: "ENDING", emptySince: null, peakPresent: 3 });
  expect(attendances?.["leave"]).toMatchObject({ leftAt: at, seconds: 5, role: "VIEWER", removedAt: null });
  expect(attendances?.["remove"]).toMatchObject({ role: "MODERATOR", removedAt: at });
  expect(sessions?.["setSettings"]).toMatchObject({ settings: { x: true } });
  expect(messages?.["latest"]).toMatchObject([{ message: { body: "b", sentAt: at }, author: { fullName: "f" } }]);
  expect([stays?.["hasOpenOf"], stays?.["findOpen"]]).toEqual([true, expect.objectContaining({ leftAt: null })]);
  expect(events?.["stepAfter"]).toMatchObject({ rows: [{ facts: { n: 1 }, occurredAt: at, requestId: null }] });
  expect(accessTokens?.["revoke"]).toMatchObject({ scopes: ["s"], revokedAt: at, meetingId: null });
  expect(idempotency?.["find"]).toMatchObject({ inputHash: "again", isNew: null, expiresAt: at });
  expect(instances?.["findMany"]).toEqual([{ isAtOnce: true, address: null }]);
  expect(usage?.["total"]).toMatchObject({ sessionsStarted: 0, sessionMs: 0, attendances: 0, recordedSeconds: 0 });
});

ofFiles(
  "a list by ids finds its rows by their ids: no plan reads a whole table or a whole license for it",
  async () => {
    const { storage, path } = open();
    const ran = await statementsDuring(() => storage.transaction((tx) => askEverything(tx, 3)));
    const byIds = [...new Set(ran)].filter((text) => /"(?:id|\w+_id)" in \(select value/.test(text));
    expect(byIds.length).toBeGreaterThanOrEqual(10);
    const db = new Sqlite(path);
    onTestFinished(() => void db.close());
    for (const text of byIds) {
      const values = Array.from({ length: text.split("?").length - 1 }, () => "[]");
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[];
      const steps = plan.map(({ detail }) => detail).filter((detail) => /^(?:SCAN|SEARCH) (?!json_each)/.test(detail));
      expect([text, steps.filter((step) => /^SCAN|\(license_id=\?\)/.test(step))]).toEqual([text, []]);
    }
  },
);

const root = new URL("../../src/storage/", import.meta.url).pathname;

/** What only one database knows, or what a query does by itself instead of leaving it to `prepare.ts`. */
const spelling: [RegExp, string][] = [
  [/\bawait db\b|\.(?:get|all|run|values)\(\)|\bdb\s*\.(?:get|all|run)\b/, "runs a query by itself"],
  [/\.prepare\(/, "prepares by itself"],
  [/sql`[^`]*\b(?:max|min|json_\w+|instr|datetime|strftime)\s*\(/, "speaks SQLite's own words"],
  [/sql\.raw\(String|\$\{[^}]*getTime\(\)/, "puts raw milliseconds into a query"],
  [/\binArray\([^)]*\[\.\.\./, "makes a statement for each length of a list"],
  [/from "\.{1,2}\/sqlite\//, "knows SQLite's files"],
];

test("no query says by itself what only SQLite knows; those that do are in sqlite/ and prepare.ts", () => {
  // The copy reads a file of SQLite, whatever storage is open.
  const own = new Set(["queries/prepare.ts", "index.ts", "copy/copy.ts"]);
  const outside = (file: string) => file.endsWith(".ts") && !file.startsWith("sqlite/") && !own.has(file);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(outside);
  const found = files.flatMap((file) => {
    const text = readFileSync(root + file, "utf8");
    return spelling.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${file} ${what}`);
  });
  expect(files.length).toBeGreaterThan(10);
  expect(found).toEqual([]);
  const wrong = [
    "db.select().from(table).get()",
    "await db.update(table).set(x)",
    "find.all()",
    "db\n  .run(x)",
    "sql`max(${a}, ${b})`",
    "sql`json_extract(a, b)`",
    "sql`x >= ${from.getTime()}`",
    "inArray(table.id, [...ids])",
  ];
  for (const text of wrong) expect([text, spelling.some(([pattern]) => pattern.test(text))]).toEqual([text, true]);
});
