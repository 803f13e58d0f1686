import Sqlite from "better-sqlite3";
import { getTableName, is, sql, Table } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, onTestFinished, test } from "vitest";
import { openStorage } from "../../src/storage/index.js";
import { withPlainRows } from "../../src/storage/queries/rows.js";
import * as schema from "../../src/storage/schema/sqlite.js";
import { temporaryFolder } from "../helpers/boot.js";
import { askEverything } from "./every-query.js";

test("rows are what drizzle itself makes of them, for every table and for values that are computed", async () => {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  onTestFinished(() => storage.close());
  await storage.transaction((tx) => askEverything(tx, 2));
  const connection = new Sqlite(path);
  onTestFinished(() => void connection.close());
  const db = drizzle(connection);
  const tables = Object.values(schema).filter((one) => is(one, Table)) as SQLiteTable[];
  const read = tables.map((table) => {
    const whole = () => db.select().from(table).prepare();
    return { name: getTableName(table), rows: withPlainRows(whole()).all(), own: whole().all() };
  });
  for (const { name, rows, own } of read) expect([name, rows]).toEqual([name, own]);
  expect(read.filter(({ rows }) => rows.length > 0).length).toBeGreaterThanOrEqual(9);

  const { sessions } = schema;
  const computed = () =>
    db
      .select({
        at: sessions.startedAt,
        flag: sql`1`.mapWith(Boolean),
        named: sql<number>`2`.as("named"),
        none: sql`null`.mapWith(Boolean),
      })
      .from(sessions)
      .prepare();
  expect(withPlainRows(computed()).all()).toEqual(computed().all());
  expect(computed().all()[0]).toMatchObject({ flag: true, named: 2, none: null });
  // What is made of several tables stays drizzle's.
  const joined = () => db.select().from(schema.meetings).leftJoin(sessions, sql`false`).prepare();
  expect(withPlainRows(joined()).all()).toEqual(joined().all());
});
