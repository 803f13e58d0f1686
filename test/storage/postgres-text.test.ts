import { getTableColumns, getTableName, sql } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/pg-proxy";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import type { Handle, Tables } from "../../src/storage/database.js";
import type { Dialect } from "../../src/storage/dialect.js";
import { makeQueries } from "../../src/storage/queries/queries.js";
import * as sqliteTables from "../../src/storage/schema/sqlite.js";
import { askEverything } from "./every-query.js";

/** The same column as PostgreSQL would keep it. */
const columnOf: Record<string, (name: string) => pg.PgColumnBuilderBase> = {
  SQLiteText: (name) => pg.text(name),
  SQLiteTextJson: (name) => pg.jsonb(name),
  SQLiteInteger: (name) => pg.integer(name),
  SQLiteBoolean: (name) => pg.boolean(name),
  SQLiteTimestamp: (name) => pg.timestamp(name, { precision: 3, withTimezone: true }),
};

function postgresTable(table: SQLiteTable) {
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => {
    const build = columnOf[column.columnType];
    if (!build) throw new Error(`no kind of column for ${column.columnType}`);
    return [key, build(column.name)] as const;
  });
  return pg.pgTable(getTableName(table), Object.fromEntries(columns));
}

const postgresTables = Object.fromEntries(
  Object.entries(sqliteTables).map(([name, table]) => [name, postgresTable(table as SQLiteTable)]),
) as unknown as Tables;

const postgresDialect: Dialect = {
  greatest: (one, other) => sql`greatest(${one}, ${other})`,
  least: (one, other) => sql`least(${one}, ${other})`,
  milliseconds: (from, until) => sql`(extract(epoch from (${until} - ${from})) * 1000)`,
  orNever: (column) => sql`coalesce(${column}, '9999-12-31T23:59:59.999Z'::timestamptz)`,
  isAmong: (column, list) => sql`${column} in (select jsonb_array_elements_text(${list}::jsonb))`,
  unindexed: (column) => column,
  contains: (column, text) => sql`strpos(${column}, ${text}) > 0`,
  areOn: (column, names) => sql`not exists (select 1 from jsonb_array_elements_text(${names}::jsonb) as named
    where (${column} ->> named) is distinct from 'true')`,
  locking: (query) => (query as { for(strength: "update"): typeof query }).for("update"),
};

test("the same queries run on drizzle's PostgreSQL builders, with its own tables and words, and send no SQLite", async () => {
  const ran: { text: string; values: unknown[] }[] = [];
  const handle = drizzle(async (text, values) => {
    ran.push({ text, values });
    return { rows: text.includes('"coming"') ? [["7", "1"]] : [] };
  });
  const base = { db: handle as unknown as Handle, tables: postgresTables, dialect: postgresDialect };
  await askEverything(makeQueries(base), 3);
  expect(ran.length).toBeGreaterThan(70);
  for (const { text, values } of ran) {
    expect(text).not.toMatch(/\?|json_each|json_extract|instr\(|\+"|[^_]max\([^)]*,|[^_]min\([^)]*,/);
    // Each value has its own place, and an instant is sent as one, never as a number.
    expect(new Set(text.match(/\$\d+/g)).size).toBe(values.length);
    expect(values.filter((value) => typeof value === "number" && value > 1e11)).toEqual([]);
  }
  const lock = ran.filter(({ text }) => text.endsWith("for update"));
  expect(lock.map(({ text }) => /from "(\w+)"/.exec(text)?.[1])).toEqual(["sessions"]);
  expect(ran.filter(({ values }) => values.includes("2026-01-02T03:04:05.678Z")).length).toBeGreaterThan(10);
});
