import {
  type Column,
  type DriverValueEncoder,
  getTableColumns,
  type Placeholder,
  type SQL,
  sql,
  type Table,
} from "drizzle-orm";
import type { Demand, QueryBase } from "../database.js";
import { withLazyRows, withPlainRows } from "./rows.js";

/** By the names of the placeholders. */
export type Values = Record<string, unknown>;

/** What the builders of every database have in common. PostgreSQL's `prepare` also takes a name. */
interface Builder<Row> {
  prepare(): { execute(values: Values): PromiseLike<Row[]> };
}

export type Many<Row> = (values?: Values) => Promise<Row[]>;
export type One<Row> = (values?: Values) => Promise<Row | undefined>;
export type Run = (values?: Values) => Promise<void>;

type Prepared<Row> = ReturnType<Builder<Row>["prepare"]>;

const preparing =
  (withRows: <Query>(query: Query) => Query) =>
  <Row>(build: () => Builder<Row>): Many<Row> => {
    let prepared: Prepared<Row> | undefined;
    return async (values = {}) => {
      prepared ??= withRows(build().prepare());
      return prepared.execute(values);
    };
  };

/** Built and prepared once, at its first use: most processes use few of all queries there are. */
export const many = preparing(withPlainRows);

/** Likewise, for a list that is shown: its rows can't be spread. */
export const listed = preparing(withLazyRows);

export function one<Row>(build: () => Builder<Row>): One<Row> {
  const rows = many(build);
  return async (values) => (await rows(values))[0];
}

export function run(build: () => { prepare(): { execute(values: Values): PromiseLike<unknown> } }): Run {
  const rows = many(build as () => Builder<unknown>);
  return async (values) => void (await rows(values));
}

const refuseAtOnce: Demand = async (rows, refused) => {
  if ((await rows).length === 0) throw refused();
};

interface Change extends Builder<unknown> {
  returning(fields: { changed: SQL }): Builder<unknown>;
}

/**
 * Changes a row, or the work is refused; perhaps only after what it goes on with, and then none of that is stored. SQLite makes
 * a table for the rows that a change gives back, which takes longer than to change one, and counts them anyway.
 * @throws what `refused` gives
 */
export function mustChange(
  { dialect, demand = refuseAtOnce }: QueryBase,
  build: () => unknown,
): (values: Values, refused: () => unknown) => Promise<void> {
  if (dialect.countsChanges) {
    const counted = many(build as () => Builder<never>);
    return async (values, refused) => {
      if (((await counted(values)) as unknown as { changes: number }).changes === 0) throw refused();
    };
  }
  const rows = many(() => (build() as Change).returning({ changed: sql`1` }));
  return (values, refused) => demand(rows(values), refused);
}

/** Filters and selections multiply the shapes of a query; so many of them are kept prepared. */
export const MOST_SHAPES = 200;

/**
 * One query in several shapes, each prepared at its first use under its name.
 * @param most so many are kept; of more, the one made first is made anew when it is asked for again
 */
export function shapes<Query>(most: number): (name: string, make: () => Query) => Query {
  const known = new Map<string, Query>();
  return (name, make) => {
    const query = known.get(name) ?? make();
    if (!known.has(name)) {
      if (known.size >= most) known.delete(known.keys().next().value as string);
      known.set(name, query);
    }
    return query;
  };
}

/** A column's own way from a value to what is stored, which knows no null. */
const orNull = (encoder: DriverValueEncoder<unknown, unknown>): DriverValueEncoder<unknown, unknown> => ({
  mapToDriverValue: (value) => (value === null || value === undefined ? null : encoder.mapToDriverValue(value)),
});

/** A value that each run tells anew, sent as this column keeps it (an instant, a flag, JSON). */
export const given = (name: string, column: DriverValueEncoder<unknown, unknown>): SQL =>
  sql`${sql.param(sql.placeholder(name), orNull(column))}`;

/** A list of texts, sent as one JSON array, so that a query is the same for a list of any length. */
export const givenList = (name: string): SQL => given(name, { mapToDriverValue: (value) => JSON.stringify(value) });

/** `limit` takes any expression; drizzle's types know two of them. */
const asLimit = (rows: SQL) => rows as unknown as Placeholder;

/**
 * How many rows, told at each run. Not as a bare parameter: SQLite looks at the limit's value to plan, and would plan the
 * statement anew whenever it is told one, which takes longer than reading ten rows.
 */
export const givenLimit = asLimit(sql`cast(${sql.placeholder("limit")} as integer)`);

/** Always so many rows; drizzle itself would make a parameter of the number. */
export const limitOf = (rows: number) => asLimit(sql`${sql.raw(String(rows))}`);

/** Placeholders for these columns of the table, by their own names. */
export const givenColumns = <Row>(table: Table, keys: readonly (keyof Row & string)[]): Row => {
  const columns = getTableColumns(table) as Record<string, Column>;
  return Object.fromEntries(keys.map((key) => [key, given(key, columns[key] as Column)])) as Row;
};

/** A whole row to insert: placeholders for all its columns, and the values for them, defaults where it has none. */
export function wholeRow<Row extends object>(table: Table & { $inferInsert: Row }, except: readonly string[] = []) {
  const columns = Object.entries(getTableColumns(table) as Record<string, Column>).filter(
    ([key]) => !except.includes(key),
  );
  return {
    placeholders: givenColumns<Row>(table, columns.map(([key]) => key) as (keyof Row & string)[]),
    valuesOf: (row: Row): Values => {
      const values: Values = {};
      for (const [key, { default: byDefault }] of columns) values[key] = row[key as keyof Row] ?? byDefault ?? null;
      return values;
    },
  };
}
