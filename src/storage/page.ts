import { and, asc, desc, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Handle } from "./database.js";

export type Direction = "ASC" | "DESC";

/** Where a row stands in an order: its sort value and, for ties, its id. */
export interface Position {
  value: string | number;
  id: string;
}

export interface PageRequest<Field extends string> {
  field: Field;
  direction: Direction;
  after?: Position | undefined;
  before?: Position | undefined;
  /** Rows to read, counted from the end of the window when `fromEnd`. */
  limit: number;
  fromEnd?: boolean;
}

export interface PagedTable<Field extends string> {
  table: SQLiteTable & { id: SQLiteColumn };
  /** What each order sorts by; never null, or rows would be lost between pages. */
  fields: Record<Field, SQL | SQLiteColumn>;
  /** Which rows belong to the list, with placeholders of its own. */
  scope: SQL | undefined;
}

type Variant = Pick<PageRequest<string>, "direction" | "fromEnd"> & { field: string; after: boolean; before: boolean };

const keyset = (sort: SQL | SQLiteColumn, id: SQLiteColumn, side: "<" | ">", name: string) =>
  sql`(${sort}, ${id}) ${sql.raw(side)} (${sql.placeholder(`${name}Value`)}, ${sql.placeholder(`${name}Id`)})`;

/**
 * A list that is read page by page from a position (keyset), never by counting rows off: inserts and deletions move
 * nothing. Each variant is prepared once.
 */
export function pagedList<Row, Field extends string>(db: Handle, { table, fields, scope }: PagedTable<Field>) {
  const prepared = new Map<string, { all(params: Record<string, unknown>): Promise<unknown[]> }>();

  function build({ field, direction, fromEnd, after, before }: Variant) {
    const sort = fields[field as Field];
    const upwards = direction === "ASC";
    const where = [
      scope,
      after ? keyset(sort, table.id, upwards ? ">" : "<", "after") : undefined,
      before ? keyset(sort, table.id, upwards ? "<" : ">", "before") : undefined,
    ];
    const order = upwards !== Boolean(fromEnd) ? asc : desc;
    const query = db
      .select()
      .from(table)
      .where(and(...where));
    return query.orderBy(order(sort), order(table.id)).limit(sql.placeholder("limit")).prepare();
  }

  return async (request: PageRequest<Field>, params: Record<string, unknown>): Promise<Row[]> => {
    const { field, direction, fromEnd = false, after, before, limit } = request;
    const variant = { field, direction, fromEnd, after: after !== undefined, before: before !== undefined };
    const name = JSON.stringify(variant);
    const query = prepared.get(name) ?? build(variant);
    prepared.set(name, query);
    const rows = await query.all({
      ...params,
      limit,
      afterValue: after?.value,
      afterId: after?.id,
      beforeValue: before?.value,
      beforeId: before?.id,
    });
    return (fromEnd ? rows.toReversed() : rows) as Row[];
  };
}
