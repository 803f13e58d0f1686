import { drizzle } from "drizzle-orm/pg-proxy";
import { expect, test } from "vitest";
import type { Handle, Tables } from "../../src/storage/database.js";
import { postgresDialect } from "../../src/storage/postgres/dialect.js";
import { makeQueries } from "../../src/storage/queries/queries.js";
import * as postgresTables from "../../src/storage/schema/postgres.js";
import { askEverything } from "../storage/every-query.js";

test("the same queries run on drizzle's PostgreSQL builders, with its own tables and words, and send no SQLite", async () => {
  const ran: { text: string; values: unknown[] }[] = [];
  const handle = drizzle(async (text, values) => {
    ran.push({ text, values });
    return { rows: text.includes('"coming"') ? [["7", "1"]] : [] };
  });
  const base = {
    db: handle as unknown as Handle,
    tables: postgresTables as unknown as Tables,
    dialect: postgresDialect,
  };
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
