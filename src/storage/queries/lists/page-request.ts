import { type Column, is, SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { readFilter } from "../conditions.js";
import { given } from "../prepare.js";

export type Direction = "ASC" | "DESC";

/** Where a row stands in an order: its sort value (milliseconds for an instant) and, for ties, its id. */
export interface Position {
  value: string | number;
  id: string;
}

export interface PageRequest<Field extends string, Filter = unknown> {
  field: Field;
  direction: Direction;
  after?: Position | undefined;
  before?: Position | undefined;
  /** The last row of the window's part that is looked at, in the direction in which it is read. */
  upTo?: Position | undefined;
  /** The rows at `after` and `before` belong to the window. */
  inclusive?: boolean;
  /** Rows to read, counted from the end of the window when `fromEnd`. */
  limit: number;
  fromEnd?: boolean;
  filter?: Filter | undefined;
  /** What the rows must have besides their id and what they sort by, in a fixed order; all columns when left out. */
  names?: readonly string[] | undefined;
  /** Not even those two, where nobody asks a row for its place in the list. */
  isBare?: boolean;
}

/** Something to sort by that is not a column itself, and the column whose kind of value it has. */
export interface Computed {
  by: SQL;
  like: SQLiteColumn;
}

export const isComputed = (sort: SQLiteColumn | Computed): sort is Computed => "by" in sort && is(sort.by, SQL);

const instantOf = (column: Column) => ({
  mapToDriverValue: (value: unknown) =>
    column.mapToDriverValue(column.dataType === "date" ? new Date(value as number) : value),
});

/**
 * Rows on one side of a position in an order.
 * @param name the placeholders' beginning: `<name>Value` and `<name>Id`
 */
export function keyset(sort: SQLiteColumn | Computed, id: SQLiteColumn, side: string, name: string): SQL {
  const [by, like] = isComputed(sort) ? [sort.by, sort.like] : [sort, sort];
  const value = given(`${name}Value`, instantOf(like));
  const pair = sql`(${by}, ${id}) ${sql.raw(side)} (${value}, ${sql.placeholder(`${name}Id`)})`;
  // An index of something computed is not entered by a pair.
  return isComputed(sort) ? sql`(${by} ${sql.raw(side.startsWith("<") ? "<=" : ">=")} ${value} and ${pair})` : pair;
}

/** Requests of one shape run the same statement with other values. */
export function readRequest(request: PageRequest<string>) {
  const { field, direction, inclusive, fromEnd, limit, after, before, upTo, filter, names, isBare } = request;
  const { shape, values } = readFilter(filter as object | undefined);
  const marks = [inclusive, fromEnd, after, before, upTo, isBare].map(Boolean);
  return {
    shape: [field, direction, ...marks, shape, names?.join("+")].join(),
    values: {
      limit,
      upToValue: upTo?.value,
      upToId: upTo?.id,
      afterValue: after?.value,
      afterId: after?.id,
      beforeValue: before?.value,
      beforeId: before?.id,
      ...values,
    },
  };
}
