import {
  and,
  asc,
  type Column,
  count,
  desc,
  eq,
  getTableColumns,
  inArray,
  is,
  SQL,
  type SQLWrapper,
  sql,
} from "drizzle-orm";
import { alias, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { readFilter, type Reach, reachValues } from "./conditions.js";
import type { QueryBase } from "../database.js";
import { given, givenList, type Many, many, shapes } from "./prepare.js";

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
  /** The rows at `after` and `before` belong to the window. */
  inclusive?: boolean;
  /** Rows to read, counted from the end of the window when `fromEnd`. */
  limit: number;
  fromEnd?: boolean;
  filter?: Filter | undefined;
}

type ListTable = SQLiteTable & { id: SQLiteColumn };

/** Something to sort by that is not a column itself, and the column whose kind of value it has. */
interface Computed {
  by: SQL;
  like: SQLiteColumn;
}

export interface PagedTable<Table extends ListTable, Field extends string, Filter> {
  table: Table;
  /** What each order sorts by; never null, or rows would be lost between pages. */
  fields(table: Table): Record<Field, SQLiteColumn | Computed>;
  /**
   * Which rows belong to the list, with the placeholders of a `Reach`.
   * @param license the column to compare with the caller's license; the table's own when left out, where it has one
   */
  scope(table: Table, license?: SQLWrapper): SQL | undefined;
  /** From which entries there are; their values are placeholders (`filterConditions`). */
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

/** Filters multiply the shapes of a list; so many of them are kept prepared. */
const MOST_SHAPES = 200;

const isComputed = (sort: SQLiteColumn | Computed): sort is Computed => "by" in sort && is(sort.by, SQL);

const instantOf = (column: Column) => ({
  mapToDriverValue: (value: unknown) =>
    column.mapToDriverValue(column.dataType === "date" ? new Date(value as number) : value),
});

function keyset(sort: SQLiteColumn | Computed, id: SQLiteColumn, side: string, name: string): SQL {
  const [by, like] = isComputed(sort) ? [sort.by, sort.like] : [sort, sort];
  const value = given(`${name}Value`, instantOf(like));
  return sql`(${by}, ${id}) ${sql.raw(side)} (${value}, ${sql.placeholder(`${name}Id`)})`;
}

/** Requests of one shape run the same statement with other values. */
function readRequest({ field, direction, inclusive, fromEnd, limit, after, before, filter }: PageRequest<string>) {
  const { shape, values } = readFilter(filter as object | undefined);
  const marks = [inclusive, fromEnd, after, before].map(Boolean);
  const bounds = { afterValue: after?.value, afterId: after?.id, beforeValue: before?.value, beforeId: before?.id };
  return { shape: [field, direction, ...marks, shape].join(), values: { limit, ...bounds, ...values } };
}

/** The statements of a list, not yet prepared. */
function listStatements<Table extends ListTable, Field extends string, Filter>(
  { db, dialect }: QueryBase,
  { table, fields, scope, conditions, parent }: PagedTable<Table, Field, Filter>,
) {
  type Request = PageRequest<Field, Filter>;
  const source = table as SQLiteTable;
  const link = (of: Table) => (parent as NonNullable<typeof parent>).link(of);

  const window = (of: Table, { field, direction, inclusive, after, before, filter }: Request) => {
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
  const orderBy = (of: Table, { field, direction, fromEnd }: Request) => {
    const order = (direction === "ASC") !== Boolean(fromEnd) ? asc : desc;
    const sort = fields(of)[field];
    return [order(isComputed(sort) ? sort.by : sort), order(of.id)];
  };

  const pageOf = (request: Request, isUnderParent: boolean) =>
    many(() =>
      db
        .select()
        .from(source)
        .where(and(isUnderParent ? eq(link(table), sql.placeholder("parent")) : undefined, window(table, request)))
        .orderBy(...orderBy(table, request))
        .limit(sql.placeholder("limit")),
    );

  /** For each parent the ids of its page are looked up along the index, then the rows by their ids. */
  function pagesOfMany(request: Request) {
    const above = parent?.table as ListTable;
    const inner = alias(table, "inner") as unknown as Table;
    return many(() => {
      const ids = db
        .select({ id: inner.id })
        .from(inner as SQLiteTable)
        .where(and(eq(link(inner), above.id), window(inner, request)))
        .orderBy(...orderBy(inner, request))
        .limit(sql.placeholder("limit"));
      return db
        .select(getTableColumns(source))
        .from(above as SQLiteTable)
        .innerJoin(source, inArray(table.id, ids))
        .where(dialect.isAmong(above.id, givenList("parents")))
        .orderBy(...orderBy(table, request));
    });
  }

  const counted = (filter: Filter | undefined) =>
    many(() =>
      db
        .select({ rows: count() })
        .from(source)
        .where(and(scope(table), filter && conditions(filter, table))),
    );
  const countedByParent = (filter: Filter | undefined) =>
    many(() => {
      const { licenseId } = table as Table & { licenseId?: SQLiteColumn };
      const reached = scope(table, licenseId && dialect.unindexed(licenseId));
      const within = dialect.isAmong(link(table), givenList("parents"));
      return db
        .select({ parent: link(table), rows: count() })
        .from(source)
        .where(and(reached, within, filter && conditions(filter, table)))
        .groupBy(link(table));
    });

  return { pageOf, pagesOfMany, counted, countedByParent };
}

/**
 * A list that is read page by page from a position (keyset), never by counting rows off: inserts and deletions move
 * nothing.
 */
export function pagedList<Row, Table extends ListTable, Field extends string, Filter>(
  base: QueryBase,
  paged: PagedTable<Table, Field, Filter>,
): PagedList<Row, Field, Filter> {
  const prepared = shapes<Many<unknown>>(MOST_SHAPES);
  const { pageOf, pagesOfMany, counted, countedByParent } = listStatements(base, paged);
  const inOrder = (rows: unknown[], { fromEnd }: PageRequest<Field>) => (fromEnd ? rows.toReversed() : rows) as Row[];

  return {
    async page(reach, request) {
      const { shape, values } = readRequest(request);
      const query = prepared(shape, () => pageOf(request, false));
      return inOrder(await query({ ...reachValues(reach), ...values }), request);
    },
    async count(reach, filter) {
      const { shape, values } = readFilter(filter as object | undefined);
      const query = prepared(`count ${shape}`, () => counted(filter));
      return ((await query({ ...reachValues(reach), ...values })) as { rows: number }[])[0]?.rows ?? 0;
    },
    async pagesOf(reach, parents, request) {
      const isOne = parents.length === 1;
      const { shape, values } = readRequest(request);
      const query = prepared(`${isOne ? "one" : "many"} ${shape}`, () =>
        isOne ? pageOf(request, true) : pagesOfMany(request),
      );
      const under = { parents, parent: parents[0] };
      return inOrder(await query({ ...reachValues(reach), ...values, ...under }), request);
    },
    async countsOf(reach, parents, filter) {
      const { shape, values } = readFilter(filter as object | undefined);
      const query = prepared(`counts ${shape}`, () => countedByParent(filter));
      return (await query({ ...reachValues(reach), ...values, parents })) as { parent: string; rows: number }[];
    },
  };
}
