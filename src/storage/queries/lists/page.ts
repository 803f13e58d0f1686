import { and, asc, count, desc, eq, exists, type SQL, sql } from "drizzle-orm";
import { alias, type SQLiteColumn, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { readFilter, type Reach, type Within, withinOf, withReach } from "../conditions.js";
import type { QueryBase } from "../../database.js";
import {
  type Computed,
  type Direction,
  isComputed,
  keyset,
  type PageRequest,
  type Position,
  readRequest,
} from "./page-request.js";
import { givenLimit, givenList, limitOf, listed, type Many, many, MOST_SHAPES, shapes } from "../prepare.js";
import { selectionOf } from "./selection.js";

export type { Direction, PageRequest, Position };

type ListTable = SQLiteTable & { id: SQLiteColumn };

export interface PagedTable<Table extends ListTable, Field extends string, Filter> {
  table: Table;
  /** What each order sorts by; never null, or rows would be lost between pages. */
  fields(table: Table): Record<Field, SQLiteColumn | Computed>;
  /** Which rows a whole license's list has; there is none where this is left out. */
  scope?(table: Table, within: Within, filter: Filter | undefined): SQL | undefined;
  /** From which entries there are; their values are placeholders (`filterConditions`). */
  conditions(filter: Filter, table: Table): SQL | undefined;
  /** What a row has besides its columns where it is asked for by name. */
  computed?(table: Table): Record<string, SQL>;
  parent?: Parent<Table>;
}

/** Where a list hangs under a row of another table. A row belongs to the license and the meeting of what it hangs under. */
interface Parent<Table> {
  table: ListTable;
  link(table: Table): SQLiteColumn;
  /** Whether a caller sees the parent. */
  isReached: SQL;
}

export interface PagedList<Row, Field extends string, Filter> {
  page(reach: Reach, request: PageRequest<Field, Filter>): Promise<Row[]>;
  /** Where the row stands that is so many rows on, in the direction in which is read; undefined where there are fewer. */
  skip(reach: Reach, request: PageRequest<Field, Filter>, rows: number): Promise<Position | undefined>;
  count(reach: Reach, filter?: Filter): Promise<number>;
  /** The same page of each parent's list, in one statement. */
  pagesOf(reach: Reach, parents: readonly string[], request: PageRequest<Field, Filter>): Promise<Row[]>;
  countsOf(reach: Reach, parents: readonly string[], filter?: Filter): Promise<{ parent: string; rows: number }[]>;
}

/** The statements of a list, not yet prepared. */
function listStatements<Table extends ListTable, Field extends string, Filter>(
  { db }: QueryBase,
  { table, fields, scope, conditions, computed, parent }: PagedTable<Table, Field, Filter>,
) {
  type Request = PageRequest<Field, Filter>;
  const source = table as SQLiteTable;

  const window = (of: Table, { field, direction, inclusive, fromEnd, after, before, upTo, filter }: Request) => {
    const sort = fields(of)[field];
    const [onwards, back] = direction === "ASC" ? [">", "<"] : ["<", ">"];
    const or = inclusive ? "=" : "";
    return and(
      filter && conditions(filter, of),
      after && keyset(sort, of.id, `${onwards}${or}`, "after"),
      before && keyset(sort, of.id, `${back}${or}`, "before"),
      upTo && keyset(sort, of.id, `${fromEnd ? onwards : back}=`, "upTo"),
    );
  };
  const orderBy = (of: Table, { field, direction, fromEnd }: Request) => {
    const order = (direction === "ASC") !== Boolean(fromEnd) ? asc : desc;
    const sort = fields(of)[field];
    return [order(isComputed(sort) ? sort.by : sort), order(of.id)];
  };
  const columns = ({ field, names, isBare }: Request, isOfMany: boolean) => {
    const sort: SQLiteColumn | Computed = fields(table)[field];
    const always = isBare ? [] : [table.id, isComputed(sort) ? sort.like : sort];
    if (isOfMany && parent) always.push(parent.link(table));
    return selectionOf(source, { names, always, computed: computed?.(table) ?? {} });
  };
  const page = (of: SQL | undefined, request: Request) =>
    listed(() =>
      db
        .select(columns(request, false))
        .from(source)
        .where(and(of, window(table, request)))
        .orderBy(...orderBy(table, request))
        .limit(givenLimit),
    );

  /** Of the row after so many. */
  const position = (of: SQL | undefined, request: Request) => {
    const sort = fields(table)[request.field];
    return many(() =>
      db
        .select({ value: isComputed(sort) ? sort.by : sort, id: table.id })
        .from(source)
        .where(and(of, window(table, request)))
        .orderBy(...orderBy(table, request))
        .limit(limitOf(1))
        .offset(sql.placeholder("skipped")),
    );
  };

  return {
    window,
    orderBy,
    columns,
    page,
    pageOfReach: (within: Within, request: Request) => page(scope?.(table, within, request.filter), request),
    positionOfReach: (within: Within, request: Request) => position(scope?.(table, within, request.filter), request),
    count: (within: Within, filter: Filter | undefined) =>
      many(() =>
        db
          .select({ rows: count() })
          .from(source)
          .where(and(scope?.(table, within, filter), filter && conditions(filter, table))),
      ),
  };
}

/** The statements of a list that hangs under parents: whether a caller sees a parent is asked of the parent, once. */
function childStatements<Table extends ListTable, Field extends string, Filter>(
  base: QueryBase,
  paged: PagedTable<Table, Field, Filter>,
  { window, orderBy, columns, page }: ReturnType<typeof listStatements<Table, Field, Filter>>,
) {
  type Request = PageRequest<Field, Filter>;
  const { db, dialect } = base;
  const { table, conditions } = paged;
  const { table: above, link, isReached } = paged.parent as Parent<Table>;
  const parents = above as SQLiteTable;

  const pageOfOne = (request: Request) => {
    const parent = sql.placeholder("parent");
    const seen = db
      .select({ one: sql`1` })
      .from(parents)
      .where(and(eq(above.id, parent), isReached));
    return page(and(eq(link(table), parent), exists(seen)), request);
  };

  /** For each parent the ids of its page are looked up along the index, then the rows by their ids. */
  const pagesOfMany = (request: Request) => {
    const inner = alias(table, "inner") as unknown as Table;
    return listed(() => {
      const ids = db
        .select({ id: inner.id })
        .from(inner as SQLiteTable)
        .where(and(eq(link(inner), above.id), window(inner, request)))
        .orderBy(...orderBy(inner, request))
        .limit(givenLimit);
      return db
        .select(columns(request, true))
        .from(parents)
        .innerJoin(table as SQLiteTable, dialect.isOneOf(table.id, ids))
        .where(and(dialect.isAmong(above.id, givenList("parents")), isReached))
        .orderBy(...orderBy(table, request));
    });
  };

  const counts = (filter: Filter | undefined) =>
    many(() => {
      const rows = db
        .select({ rows: count() })
        .from(table as SQLiteTable)
        .where(and(eq(link(table), above.id), filter && conditions(filter, table)));
      return db
        .select({ parent: above.id, rows: sql<number>`${rows}`.mapWith(Number) })
        .from(parents)
        .where(and(dialect.isAmong(above.id, givenList("parents")), isReached));
    });

  return { pageOfOne, pagesOfMany, counts };
}

/**
 * A list that is read page by page from a position (keyset), never by counting rows off: inserts and deletions move
 * nothing.
 */
export function pagedList<Row, Table extends ListTable, Field extends string, Filter>(
  base: QueryBase,
  paged: PagedTable<Table, Field, Filter>,
): PagedList<Row, Field, Filter> {
  const { dialect } = base;
  const prepared = shapes<Many<unknown>>(MOST_SHAPES);
  const statements = listStatements(base, paged);
  const children = paged.parent && childStatements(base, paged, statements);
  const under = () => children as NonNullable<typeof children>;
  const inOrder = (rows: unknown[], { fromEnd }: PageRequest<Field>) => (fromEnd ? rows.toReversed() : rows) as Row[];
  const ofReach = (reach: Reach, shape: string, make: (within: Within) => Many<unknown>) =>
    prepared(`${reach.meetingId === null} ${shape}`, () => make(withinOf(dialect, reach)));

  return {
    async page(reach, request) {
      const { shape, values } = readRequest(request);
      const query = ofReach(reach, shape, (within) => statements.pageOfReach(within, request));
      return inOrder(await query(withReach(reach, values)), request);
    },
    async skip(reach, request, rows) {
      const { shape, values } = readRequest(request);
      const query = ofReach(reach, `skip ${shape}`, (within) => statements.positionOfReach(within, request));
      const [found] = await query(withReach(reach, Object.assign(values, { skipped: rows - 1 })));
      if (!found) return undefined;
      const { value, id } = found as { value: Date | string | number; id: string };
      return { value: value instanceof Date ? value.getTime() : value, id };
    },
    async count(reach, filter) {
      const { shape, values } = readFilter(filter as object | undefined);
      const query = ofReach(reach, `count ${shape}`, (within) => statements.count(within, filter));
      return ((await query(withReach(reach, values))) as { rows: number }[])[0]?.rows ?? 0;
    },
    async pagesOf(reach, parents, request) {
      const isOne = parents.length === 1;
      const { shape, values } = readRequest(request);
      const query = prepared(`${isOne ? "one" : "many"} ${shape}`, () =>
        isOne ? under().pageOfOne(request) : under().pagesOfMany(request),
      );
      return inOrder(await query(withReach(reach, Object.assign(values, { parents, parent: parents[0] }))), request);
    },
    async countsOf(reach, parents, filter) {
      const { shape, values } = readFilter(filter as object | undefined);
      const query = prepared(`counts ${shape}`, () => under().counts(filter));
      return (await query(withReach(reach, Object.assign(values, { parents })))) as { parent: string; rows: number }[];
    },
  };
}
