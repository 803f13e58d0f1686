import Sqlite, { type Database } from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { seedGrowth } from "../../bench/growth/seed.js";
import { openStorage, type Storage } from "../../src/storage/index.js";
import { temporaryFolder } from "../helpers/boot.js";
import { statementsDuring } from "../helpers/rows.js";
import { askEveryList } from "./every-list.js";
import { askEverything } from "./every-query.js";

/** Tables of a row for each license, process or engine, and what a statement made itself. */
const few = new Set(["licenses", "instances", "engines", "json_each", "named", "coming", "parts", "CONSTANT"]);
/** Indexes of what is open now: as many as there are people in rooms. */
const openOnes = /USING (?:COVERING )?INDEX (?:sessions_open|sessions_one_open|stays_open|stays_one_open)$/;
/** An equality of something else than the license: a parent, a row, what is open. */
const narrow = /(?<!license_id)=\?/;
/** By the day, and of what is left of a period the days at its ends; the few sessions that last for hours. */
const daily = /license_days|sessions_long|started_at>\? AND started_at<\?|created_at>\? AND created_at<\?/;

/** The events between two, of which the second was found with a limit. */
const stretch = /^SEARCH events USING INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)$/;
/** Conditions that few rows of many may fulfil: walking along an order until enough do may take the whole license. */
const sparse = /instr\(|json_extract|"is_published" =|end = \?|in \(select "\w+" from "sessions"|"status" = 'FAILED'/;

/**
 * What in a plan reads more than the statement gives back: whole tables, a whole license that is sorted or not cut off
 * by a limit.
 */
function unboundedSteps(text: string, plan: readonly string[]): string[] {
  // Asks after rows below a new one, which there are none of, and only where a reference is broken already.
  if (text.startsWith("insert into")) return [];
  const isByDay = text.includes('"license_days"');
  const isCutOff = /limit (?:\?|cast|\d)/.test(text) && !plan.some((step) => step.startsWith("USE TEMP B-TREE"));
  return plan.filter((step) => {
    const [kind, table = ""] = step.split(" ");
    if ((kind !== "SCAN" && kind !== "SEARCH") || few.has(table)) return false;
    if (kind === "SCAN") return !openOnes.test(step);
    const by = /\((.*)\)$/.exec(step)?.[1];
    // The greatest key of a table is at its end.
    if (by === undefined) return !text.startsWith("select max(");
    const isOrdered = isCutOff && (step.includes("INDEX sessions_failed") || !sparse.test(text));
    return !narrow.test(by) && !isOrdered && !stretch.test(step) && !(isByDay && daily.test(step));
  });
}

const planOf = (db: Database, text: string): string[] => {
  const values = Array.from({ length: text.split("?").length - 1 }, () => "[]");
  return (db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]).map(({ detail }) => detail);
};

/** An empty database. @param use what to do with it before it is looked at */
async function made(use: (storage: Storage) => Promise<unknown> = async () => undefined): Promise<string> {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  await use(storage);
  await storage.close();
  return path;
}

function open(path: string): Database {
  const db = new Sqlite(path);
  onTestFinished(() => void db.close());
  return db;
}

test("no statement reads more than it gives back times a constant, in a small file and in a large one, both without statistics", async () => {
  const ran: string[] = [];
  const small = await made(async (storage) => {
    ran.push(...(await statementsDuring(() => storage.transaction((tx) => askEverything(tx, 3)))));
    ran.push(...(await statementsDuring(() => askEveryList(storage.read))));
  });
  const large = seedGrowth(temporaryFolder(), 1_000, () => {});
  // Of one connection's own table; and the one among all queries that is unbounded.
  const others = /\btouched\b|from "meetings" where [^]*instr\(/;
  const texts = [...new Set(ran)].filter((text) => !others.test(text));
  expect(texts.length).toBeGreaterThan(800);
  for (const path of [small, large]) {
    const db = open(path);
    expect(db.prepare("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'").all()).toEqual([]);
    const found = texts.flatMap((text) => {
      const plan = planOf(db, text);
      const steps = unboundedSteps(text, plan);
      return steps.length > 0 ? [{ text, steps }] : [];
    });
    expect(found).toEqual([]);
  }
});

/** What the file's own triggers run, each with what a row that changed gives it. */
function triggered(db: Database): string[] {
  const triggers = db.prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger'").pluck().all() as string[];
  return triggers.flatMap((sql) => {
    const [, head = "", body = ""] = /^([^]*?)\bBEGIN\b([^]*)\bEND$/.exec(sql.trim()) ?? [];
    const when = /\bWHEN\b([^]*)$/.exec(head)?.[1];
    const statements = body.split(";").map((text) => text.trim());
    return [...(when ? [`SELECT ${when}`] : []), ...statements.filter(Boolean)].map((text) =>
      text.replaceAll(/\b(?:NEW|OLD)\.[`"]?\w+[`"]?/g, "?"),
    );
  });
}

test("what triggers of the file run reads no more either, with each row that they follow", async () => {
  const db = open(await made());
  const texts = triggered(db);
  expect(texts.length).toBeGreaterThan(15);
  const found = texts.map((text) => [text, unboundedSteps(text, planOf(db, text))] as const);
  expect(found.filter(([, steps]) => steps.length > 0)).toEqual([]);
});

test("what would read a whole license or table is seen as such", async () => {
  const db = open(await made());
  for (const text of [
    "select * from meetings",
    "select * from sessions where license_id = ? and meeting_id in (select id from meetings where title = ?)",
    "select * from sessions where license_id = ? order by peak_present limit ?",
    "select * from attendances where full_name = ?",
    `select * from sessions where license_id = ? and instr(title, ?) > 0 order by started_at limit ?`,
    "select count(*) from sessions where license_id = ? and started_at > ? and started_at < ?",
    "delete from events where occurred_at < ?",
  ]) {
    expect([text, unboundedSteps(text, planOf(db, text)).length]).toEqual([
      text,
      expect.toSatisfy((n: number) => n > 0),
    ]);
  }
});

test("statistics of a file that was small, which would have whole tables read later, are gone at the next start", async () => {
  const path = await made();
  const tables = "SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'";
  const before = new Sqlite(path);
  before.exec("INSERT INTO instances (id, started_at, seen_at) VALUES ('i', 1, 1); ANALYZE");
  expect(before.prepare(tables).all().length).toBeGreaterThan(0);
  before.close();
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  await storage.close();
  expect(open(path).prepare(tables).all()).toEqual([]);
});

test("whoever deletes a row finds the rows below it by an index, so that nothing that is pruned reads a whole table", async () => {
  const db = open(await made());
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").pluck();
  const without = (tables.all() as string[]).flatMap((table) => {
    const keys = db.pragma(`foreign_key_list(${table})`) as { id: number; seq: number; from: string; table: string }[];
    const columnsOf = (id: number) => keys.filter((key) => key.id === id).map(({ from }) => from);
    const references = [...new Set(keys.map(({ id }) => id))].map(columnsOf);
    const indexes = (db.pragma(`index_list(${table})`) as { name: string; partial: number }[])
      .filter(({ partial }) => partial === 0)
      .map(({ name }) => (db.pragma(`index_info(${name})`) as { name: string }[]).map((column) => column.name));
    // By its parent alone, too: no parent has a row of another license.
    const isServed = (columns: string[]) =>
      indexes.some(
        (index) =>
          columns.every((column) => index.slice(0, columns.length).includes(column)) ||
          columns.some((column) => column !== "license_id" && column === index[0]),
      );
    return references.filter((columns) => !isServed(columns)).map((columns) => `${table} (${columns.join()})`);
  });
  expect(without).toEqual([]);
});
