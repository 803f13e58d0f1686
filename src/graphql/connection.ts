import { ArgsType, type ClassType, Field, Int, ObjectType, registerEnumType } from "type-graphql";
import { isUuid } from "../domain/checks.js";
import type { Direction, PageRequest, Position } from "../storage/page.js";
import type { Context } from "./context.js";
import { badArgument } from "./faults.js";

export const OrderDirection = { ASC: "ASC", DESC: "DESC" } as const;
registerEnumType(OrderDirection, {
  name: "OrderDirection",
  description: "Sort direction.",
  valuesConfig: {
    ASC: { description: "Smallest or oldest first." },
    DESC: { description: "Largest or newest first." },
  },
});

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: "Page size, 1 to 100; 20 when left out." })
  first?: number | null;

  @Field(() => String, { nullable: true, description: "Return what comes after this cursor (`pageInfo.endCursor`)." })
  after?: string | null;
}

export interface Order<F extends string> {
  field: F;
  direction: Direction;
}

const DEFAULT_PAGE = 20;

/** Opaque to clients; inside: the order it belongs to, the row's sort value, its id. */
const encodeCursor = ({ field, direction }: Order<string>, { value, id }: Position): string =>
  Buffer.from(JSON.stringify([field, direction, value, id])).toString("base64url");

/** The orders that sort by a text; the others sort by an instant. */
const textFields: ReadonlySet<string> = new Set(["TITLE", "FULL_NAME"]);

function decodeCursor(cursor: string, order: Order<string>, say: Context["say"]): Position {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    throw badArgument(say("error.cursor", { field: "after" }));
  }
  const [field, direction, value, id] = Array.isArray(parts) ? (parts as unknown[]) : [];
  const position = { value, id } as Position;
  // Written anew it must be the same text: decoding alone forgives letters that do not belong there.
  const isOurs = cursor === encodeCursor({ field: String(field), direction: direction as Direction }, position);
  const isValue = typeof value === "string" || Number.isSafeInteger(value);
  if (!isOurs || !isValue || typeof id !== "string" || !isUuid(id))
    throw badArgument(say("error.cursor", { field: "after" }));
  if (field !== order.field || direction !== order.direction)
    throw badArgument(say("error.cursorOrder", { field: "after" }));
  if ((typeof value === "string") !== textFields.has(order.field))
    throw badArgument(say("error.cursor", { field: "after" }));
  return position;
}

@ObjectType({ description: "Cursor window of a connection (Relay Cursor Connections specification)." })
export class PageInfo {
  constructor(
    private readonly cursors: { start: string | null; end: string | null },
    readonly hasNextPage: boolean,
    private readonly findPrevious: () => Promise<boolean>,
  ) {}

  @Field(() => String, { nullable: true, description: "Cursor of the first row." })
  get startCursor(): string | null {
    return this.cursors.start;
  }

  @Field(() => String, { nullable: true, description: "Cursor of the last row; pass it as `after` to go on." })
  get endCursor(): string | null {
    return this.cursors.end;
  }

  /** Costs a query, so it is asked only where it is selected. */
  @Field(() => Boolean, { name: "hasPreviousPage", description: "Whether rows exist before this page." })
  hasPreviousPage(): Promise<boolean> {
    return this.findPrevious();
  }
}
Field(() => Boolean, { description: "Whether more rows exist after this page." })(PageInfo.prototype, "hasNextPage");

/** One page of some type: `nodes` and their window. */
export interface Page<Node> {
  nodes: Node[];
  pageInfo: PageInfo;
}

/** A connection's object type, `MeetingConnection` for `Meeting`. */
export function connectionOf<Node extends object>(node: ClassType<Node>, plural: string) {
  @ObjectType(`${node.name}Connection`, { description: `A page of ${plural}.`, simpleResolvers: true })
  class Connection implements Page<Node> {
    @Field(() => [node], { description: `The ${plural}.` })
    nodes!: Node[];

    @Field(() => PageInfo, { description: "Window of this page." })
    pageInfo!: PageInfo;
  }
  return Connection;
}

export interface PageSource<Row, F extends string, Node> {
  order: Order<F>;
  list(page: PageRequest<F>): Promise<Row[]>;
  position(row: Row): Position;
  node(row: Row): Node;
}

/** Reads one page; one row more than asked for tells whether there is a next one. */
export async function readPage<Row, F extends string, Node>(
  { pageLimit, say }: Context,
  args: PageArgs,
  { order, list, position, node }: PageSource<Row, F, Node>,
): Promise<Page<Node>> {
  // null is what clients send for "the first page"; it means left out.
  const first = args.first ?? DEFAULT_PAGE;
  if (first < 1 || first > pageLimit) throw badArgument(say("error.pageSize", { field: "first", limit: pageLimit }));
  const from = args.after == null ? undefined : decodeCursor(args.after, order, say);
  const found = await list({ ...order, after: from, limit: first + 1 });
  const rows = found.slice(0, first);
  const cursorOf = (row: Row | undefined) => (row ? encodeCursor(order, position(row)) : null);
  const findPrevious = async () => {
    const head = rows[0];
    // Nothing after the cursor: then whatever there is lies before it.
    const before = head ? position(head) : undefined;
    return (await list({ ...order, before, limit: 1, fromEnd: true })).length > 0;
  };
  const cursors = { start: cursorOf(rows[0]), end: cursorOf(rows.at(-1)) };
  return { nodes: rows.map(node), pageInfo: new PageInfo(cursors, found.length > first, findPrevious) };
}
