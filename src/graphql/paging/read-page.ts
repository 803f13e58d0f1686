import type { GraphQLResolveInfo } from "graphql";
import type { PageRequest, Position } from "../../storage/queries/lists/page.js";
import type { PageAsked } from "./asked.js";
import type { PageArgs } from "./connection.js";
import type { Context } from "../context.js";
import { decodeCursor, encodeCursor, type Order } from "./cursor.js";
import { Page } from "./page.js";
import { badArgument } from "../run/codes.js";
import { pageSize } from "../run/limits.js";

/** What a list is, whosever it is. */
export interface ListSource<Row, F extends string, Filter, Node> {
  order: Order<F>;
  /** Asked only where nothing is wrong with it. */
  filter(): Filter | undefined;
  /** What is wrong with the filter, to be told with what is wrong with the page. */
  faults?: readonly string[];
  asked: PageAsked;
  /** What the row sorts by. */
  value(row: Row): string | number;
  node(row: Row): Node;
}

/** How its rows are read. */
interface Reading<Row, F extends string, Filter> {
  list(page: PageRequest<F, Filter>): Promise<Row[]>;
  count(filter: Filter | undefined): Promise<number>;
}

interface Window {
  size: number;
  fromEnd: boolean;
  after: Position | undefined;
  before: Position | undefined;
}

/** What is asked of a list, read and checked. */
interface Plan<Row, F extends string, Filter, Node> extends Window {
  source: ListSource<Row, F, Filter, Node>;
  request: PageRequest<F, Filter>;
}

/** @throws GraphQLError BAD_USER_INPUT saying all that is wrong with the arguments */
function readArgs(
  { pageLimit, say }: Context,
  { first, last, after, before }: PageArgs,
  { order, faults: others = [] }: { order: Order<string>; faults?: readonly string[] },
): Window {
  const faults = [...others];
  if (first != null && last != null) faults.push(say("error.firstAndLast"));
  for (const [field, size] of Object.entries({ first, last })) {
    if (size != null && (size < 1 || size > pageLimit)) faults.push(say("error.pageSize", { field, limit: pageLimit }));
  }
  const [from, until] = Object.entries({ after, before }).map(([field, cursor]) => {
    if (cursor == null) return undefined;
    const position = decodeCursor(cursor, order);
    if (typeof position === "object") return position;
    faults.push(say(position, { field }));
    return undefined;
  });
  if (faults.length > 0) throw badArgument(faults.join(" "));
  // null is what clients send for "the first page"; it means left out.
  return { size: first ?? last ?? pageSize.normal, fromEnd: last != null, after: from, before: until };
}

/** @throws GraphQLError BAD_USER_INPUT saying all that is wrong with the arguments and the filter */
export function planPage<Row, F extends string, Filter, Node>(
  context: Context,
  args: PageArgs,
  source: ListSource<Row, F, Filter, Node>,
): Plan<Row, F, Filter, Node> {
  const window = readArgs(context, args, source);
  const { size, fromEnd, after, before } = window;
  const { field, direction } = source.order;
  const { names, isBare } = source.asked;
  const limit = size + 1;
  const request = { filter: source.filter(), after, before, fromEnd, limit, field, direction, names, isBare };
  return { source, request, ...window };
}

/** A field asks the same of each object that it stands under, so that is read and checked for the first of them only. */
export function planOnce<P>(
  context: Context,
  { fieldNodes, variableValues: variables }: GraphQLResolveInfo,
  make: () => P,
): P {
  const [node] = fieldNodes;
  // Merged from several places it may be merged otherwise under another name.
  if (fieldNodes.length !== 1) return make();
  const before = context.plans.get(node);
  if (before?.variables === variables) return before?.plan as P;
  const plan = make();
  context.plans.set(node, { variables, plan });
  return plan;
}

/** Reads one page; one row more than asked for tells whether there is another one in that direction. */
export async function readPage<Row extends { id: string }, F extends string, Filter, Node>(
  { source, request, size, fromEnd, after, before }: Plan<Row, F, Filter, Node>,
  { list, count }: Reading<Row, F, Filter>,
): Promise<Page<Node>> {
  const { order, value, node } = source;
  const found = await list(request);
  const hasMore = found.length > size;
  const rows = fromEnd ? found.slice(-size) : found.slice(0, size);

  // Whether any row stands at the cursor or on its far side: that is outside the page, whatever the page holds.
  const beyond = { filter: request.filter, inclusive: true, limit: 1, names: [], ...order };
  const anyUpTo = async (cursor: Position | undefined) =>
    cursor !== undefined && (await list({ ...beyond, before: cursor })).length > 0;
  const anyFrom = async (cursor: Position | undefined) =>
    cursor !== undefined && (await list({ ...beyond, after: cursor })).length > 0;
  // Kept, also where it fails: who asks again, as who tells errors does, is told and nothing is read.
  let next: Promise<boolean> | undefined;
  let previous: Promise<boolean> | undefined;
  let counted: Promise<number> | undefined;
  return new Page(rows, {
    node,
    cursor: (row) => encodeCursor(order, { value: value(row), id: row.id }),
    hasNext: () => (hasMore && !fromEnd) || (next ??= anyFrom(before)),
    hasPrevious: () => (hasMore && fromEnd) || (previous ??= anyUpTo(after)),
    count: () => (counted ??= count(request.filter)),
  });
}
