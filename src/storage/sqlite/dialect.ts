import { sql } from "drizzle-orm";
import { NEVER_MS } from "../schema/columns.js";
import type { Dialect } from "../dialect.js";

export const sqliteDialect: Dialect = {
  greatest: (one, other) => sql`max(${one}, ${other})`,
  least: (one, other) => sql`min(${one}, ${other})`,
  // Instants are stored as milliseconds.
  milliseconds: (from, until) => sql`(${until} - ${from})`,
  // A constant in the text: a value that is told at each run would fit no index.
  orNever: (column) => sql`case when ${column} is null then ${sql.raw(NEVER_MS.toString())} else ${column} end`,
  isAmong: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  isOneOf: (column, query) => sql`${column} in ${query}`,
  // It takes any list for 25 values and any license for ten rows, and would read all rows of the license.
  unindexed: (column) => sql`+${column}`,
  // Not LIKE, which refuses long patterns and folds the case of ASCII.
  contains: (column, text) => sql`instr(${column}, ${text}) > 0`,
  areOn: (column, names) => sql`not exists (select 1 from json_each(${names}) as named
    where json_extract(${column}, '$."' || named.value || '"') is not true)`,
  now: (given) => sql`${given}`,
  isLongAgo: (_instant, ms) => sql`${ms} >= 0`,
  countsChanges: true,
  // There is one writing connection, and its transactions run one after the other.
  locking: (query) => query,
};
