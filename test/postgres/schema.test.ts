import { type Column, getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { expect, expectTypeOf, test } from "vitest";
import * as postgres from "../../src/storage/schema/postgres.js";
import * as sqlite from "../../src/storage/schema/sqlite.js";
import { owners } from "../../src/storage/sqlite/touched-licenses.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";

type Rows<Tables> = {
  [Name in keyof Tables]: Tables[Name] extends { $inferSelect: infer Read; $inferInsert: infer Written }
    ? { read: Read; written: Written }
    : never;
};

/** SQLite counts a primary key up by itself; on PostgreSQL that is a default. */
const describedBy = ({ name, notNull, hasDefault, primary }: Column) => ({
  name,
  notNull,
  hasDefault: hasDefault && !primary,
  primary,
});

const tablesOf = (schema: Record<string, unknown>) =>
  Object.entries(schema).flatMap(([name, table]) => {
    if (!is(table, Table)) return [];
    const columns = Object.entries(getTableColumns(table)).map(([key, column]) => [key, describedBy(column)]);
    return [{ name, table: getTableName(table), columns: Object.fromEntries(columns) as object }];
  });

test("both databases have the same tables, columns and rows", () => {
  // Does not compile where a table, a column or its kind of value is not the same.
  expectTypeOf<Rows<typeof postgres>>().toEqualTypeOf<Rows<typeof sqlite>>();
  expect(tablesOf(postgres)).toEqual(tablesOf(sqlite));
});

test("texts are compared by their bytes, instants keep milliseconds and their zone, JSON and flags are their own kinds", async () => {
  const url = await postgresDatabase();
  const columns = await askPostgres<{ type: string; collation: string; digits: number | null }>(
    url,
    `SELECT data_type AS type, coalesce(collation_name, '') AS collation,
      datetime_precision AS digits FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '__drizzle_migrations'`,
  );
  const kinds = new Set(columns.map((kind) => JSON.stringify(Object.values(kind))));
  expect([...kinds].toSorted()).toEqual([
    '["bigint","",null]',
    '["boolean","",null]',
    '["jsonb","",null]',
    '["text","C",null]',
    '["timestamp with time zone","",3]',
  ]);
});

test("whose data is changed is noted there for the tables for which it is noted on SQLite, and a changed engine is told", async () => {
  const watched = await askPostgres<{ of: string }>(
    await postgresDatabase(),
    "SELECT tgrelid::regclass::text AS of FROM pg_trigger WHERE tgname = 'touched'",
  );
  const owned = new Map<string, unknown>(Object.entries(owners).filter(([, owner]) => owner !== null));
  const named = tablesOf(postgres).flatMap(({ name, table }) => (owned.has(name) ? [table] : []));
  expect(watched.map(({ of }) => of).toSorted()).toEqual([...named, "engines"].toSorted());
});
