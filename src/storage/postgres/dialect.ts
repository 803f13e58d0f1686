import { Column, is, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Dialect } from "../dialect.js";
import { NEVER } from "../schema/postgres/columns.js";

/** Numbers come as texts in a JSON array, and PostgreSQL compares no number with a text. */
const among = (column: SQLWrapper): SQL =>
  is(column, Column) && column.dataType === "number" ? sql.raw("value::bigint") : sql.raw("value");

export const postgresDialect: Dialect = {
  greatest: (one, other) => sql`greatest(${one}, ${other})`,
  least: (one, other) => sql`least(${one}, ${other})`,
  milliseconds: (from, until) => sql`(extract(epoch from ${until} - ${from}) * 1000)`,
  orNever: (column) => sql`case when ${column} is null then ${sql.raw(NEVER)} else ${column} end`,
  // Read once into an array, by which an index is entered; a subquery in its place would be joined.
  isAmong: (column, list) =>
    sql`${column} = any(array(select ${among(column)} from jsonb_array_elements_text(${list}::jsonb)))`,
  // Joined, it would be run again for each row of the whole table.
  isOneOf: (column, query) => sql`${column} = any(array${query})`,
  // It counts rows, and needs no telling.
  unindexed: (column) => column,
  contains: (column, text) => sql`strpos(${column}, ${text}) > 0`,
  areOn: (column, names) => sql`not exists (select 1 from jsonb_array_elements_text(${names}::jsonb) as named
    where (${column} ->> named) is distinct from 'true')`,
  now: () => sql`statement_timestamp()`,
  isLongAgo: (instant, ms) => sql`${instant} < statement_timestamp() - ${ms}::bigint * interval '1 millisecond'`,
  countsChanges: false,
  locking: (query) => (query as { for(strength: "update"): typeof query }).for("update"),
};
