import { and, asc, count, desc, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import { alias, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { type Reach, reachValues } from "./conditions.js";
import type { Handle } from "./database.js";

export type Direction = "ASC" | "DESC";

/** Where a row stands in an order: its sort value and, for ties, its id. */
export interface Position {
  value: string | number;
  id: string;
}

export interface PageRequest<Field extends string, Filter = unknown> {
  field: Field;
  direction: Direction;
  after?: Position | undefined;
  before?: Position | undefined;
  /** The rows at `after` and `before` belong to the window. */
  inclusive?: boolean;
  /** Rows to read, counted from the end of the window when `fromEnd`. */
  limit: number;
  fromEnd?: boolean;
  filter?: Filter | undefined;
}

type ListTable = SQLiteTable & { id: SQLiteColumn };

export interface PagedTable<Table extends ListTable, Field extends string, Filter> {
  table: Table;
  /** What each order sorts by; never null, or rows would be lost between pages. */
  fields(table: Table): Record<Field, SQL | SQLiteColumn>;
  /** Which rows belong to the list, with the placeholders of a `Reach`. */
  scope(table: Table): SQL | undefined;
  conditions(filter: Filter, table: Table): SQL | undefined;
  /** Where the list may also hang under a row of another table. */
  parent?: { table: ListTable; link(table: Table): SQLiteColumn };
}

export interface PagedList<Row, Field extends string, Filter> {
  page(reach: Reach, request: PageRequest<Field, Filter>): Promise<Row[]>;
  count(reach: Reach, filter?: Filter): Promise<number>;
  /** The same page of each parent's list, in one statement. */
  pagesOf(reach: Reach, parents: readonly string[], request: PageRequest<Field, Filter>): Promise<Row[]>;
  countsOf(reach: Reach, parents: readonly string[], filter?: Filter): Promise<{ parent: string; rows: number }[]>;
}

const keyset = (sort: SQL | SQLiteColumn, id: SQLiteColumn, side: string, name: string) =>
  sql`(${sort}, ${id}) ${sql.raw(side)} (${sql.placeholder(`${name}Value`)}, ${sql.placeholder(`${name}Id`)})`;

const valuesOf = ({ limit, after, before }: PageRequest<string>) => ({
  limit,
  afterValue: after?.value,
  afterId: after?.id,
  beforeValue: before?.value,
  beforeId: before?.id,
});

type Prepared = { all(values: Record<string, unknown>): Promise<unknown[]> };

/**
 * A list that is read page by page from a position (keyset), never by counting rows off: inserts and deletions move
 * nothing.
 */
export function pagedList<Row, Table extends ListTable, Field extends string, Filter>(
  db: Handle,
  { table, fields, scope, conditions, parent }: PagedTable<Table, Field, Filter>,
): PagedList<Row, Field, Filter> {
  const prepared = new Map<string, Prepared>();

  const window = (of: Table, request: PageRequest<Field, Filter>) => {
    const { field, direction, inclusive, after, before, filter } = request;
    const sort = fields(of)[field];
    const [onwards, back] = direction === "ASC" ? [">", "<"] : ["<", ">"];
    const or = inclusive ? "=" : "";
    return and(
      scope(of),
      filter && conditions(filter, of),
      after && keyset(sort, of.id, `${onwards}${or}`, "after"),
      before && keyset(sort, of.id, `${back}${or}`, "before"),
    );
  };
  const orderBy = (of: Table, { field, direction, fromEnd }: PageRequest<Field, Filter>) => {
    const order = (direction === "ASC") !== Boolean(fromEnd) ? asc : desc;
    return [order(fields(of)[field]), order(of.id)];
  };
  const inOrder = (rows: unknown[], { fromEnd }: PageRequest<Field, Filter>) =>
    (fromEnd ? rows.toReversed() : rows) as Row[];

  const build = (request: PageRequest<Field, Filter>, under?: SQL) =>
    db
      .select()
      .from(table as SQLiteTable)
      .where(and(under, window(table, request)))
      .orderBy(...orderBy(table, request))
      .limit(sql.placeholder("limit"))
      .prepare() as Prepared;

  /** Each variant is prepared once; one with a filter is not kept, for there are too many. */
  function variant(request: PageRequest<Field, Filter>, under?: SQL): Prepared {
    if (request.filter) return build(request, under);
    const { field, direction, inclusive, fromEnd, after, before } = request;
    const marks = [under, inclusive, fromEnd, after, before].map(Boolean);
    const name = [field, direction, ...marks].join();
    const known = prepared.get(name) ?? build(request, under);
    prepared.set(name, known);
    return known;
  }

  const link = (of: Table) => (parent as NonNullable<typeof parent>).link(of);

  /** For each parent the ids of its page are looked up along the index, then the rows by their ids. */
  function pagesOfMany(parents: readonly string[], request: PageRequest<Field, Filter>): Prepared {
    const above = parent?.table as ListTable;
    const inner = alias(table, "inner") as unknown as Table;
    const ids = db
      .select({ id: inner.id })
      .from(inner as SQLiteTable)
      .where(and(eq(link(inner), above.id), window(inner, request)))
      .orderBy(...orderBy(inner, request))
      .limit(sql.placeholder("limit"));
    return db
      .select(getTableColumns(table as SQLiteTable))
      .from(above as SQLiteTable)
      .innerJoin(table as SQLiteTable, inArray(table.id, ids))
      .where(inArray(above.id, [...parents]))
      .orderBy(...orderBy(table, request))
      .prepare();
  }

  return {
    async page(reach, request) {
      return inOrder(await variant(request).all({ ...reachValues(reach), ...valuesOf(request) }), request);
    },
    async count(reach, filter) {
      const where = and(scope(table), filter && conditions(filter, table));
      const query = db
        .select({ rows: count() })
        .from(table as SQLiteTable)
        .where(where);
      return (await query.all(reachValues(reach)))[0]?.rows ?? 0;
    },
    async pagesOf(reach, parents, request) {
      const [only] = parents;
      const query =
        parents.length === 1
          ? variant(request, eq(link(table), sql.placeholder("parent")))
          : pagesOfMany(parents, request);
      return inOrder(await query.all({ ...reachValues(reach), ...valuesOf(request), parent: only }), request);
    },
    async countsOf(reach, parents, filter) {
      const column = link(table);
      const where = and(scope(table), inArray(column, [...parents]), filter && conditions(filter, table));
      const query = db
        .select({ parent: column, rows: count() })
        .from(table as SQLiteTable)
        .where(where)
        .groupBy(column);
      return (await query.all(reachValues(reach))) as { parent: string; rows: number }[];
    },
  };
}
