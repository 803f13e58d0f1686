import { ArgsType, type ClassType, Field, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { DateTime } from "../scalars.js";
import { pageSize } from "../run/limits.js";
import { upTo } from "../texts.js";
import { MOST_CURSOR } from "./cursor.js";

const cursorLimit = upTo({ max: MOST_CURSOR });

export const OrderDirection = { ASC: "ASC", DESC: "DESC" } as const;
registerEnumType(OrderDirection, {
  name: "OrderDirection",
  description: "Sort direction.",
  valuesConfig: {
    ASC: { description: "Smallest or oldest first." },
    DESC: { description: "Largest or newest first." },
  },
});

@InputType({ description: "Half-open time interval. Both bounds are optional." })
export class DateTimeRange {
  @Field(() => DateTime, { nullable: true, description: "Inclusive lower bound." })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Exclusive upper bound." })
  until?: Date | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => String, {
    nullable: true,
    description: `Return what comes after this cursor (\`pageInfo.endCursor\`); ${cursorLimit}.`,
  })
  after?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `Return what comes before this cursor (\`pageInfo.startCursor\`); ${cursorLimit}.`,
  })
  before?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Page size from the start, 1 to ${pageSize.most}. ${pageSize.normal} when neither \`first\` nor \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `Page size from the end, 1 to ${pageSize.most}. Not together with \`first\`.`,
  })
  last?: number | null;
}

/** What lies outside a page; each costs a query where the page itself does not tell. */
export interface Beyond {
  hasNext(): boolean | Promise<boolean>;
  hasPrevious(): boolean | Promise<boolean>;
}

@ObjectType({ description: "Cursor window of a connection (Relay Cursor Connections specification)." })
export class PageInfo {
  constructor(
    private readonly cursors: { start: string | null; end: string | null },
    private readonly beyond: Beyond,
  ) {}

  @Field(() => String, {
    nullable: true,
    description: "Cursor of the first edge; pass it as `before` to go backwards.",
  })
  get startCursor(): string | null {
    return this.cursors.start;
  }

  @Field(() => String, { nullable: true, description: "Cursor of the last edge; pass it as `after` to go forwards." })
  get endCursor(): string | null {
    return this.cursors.end;
  }

  @Field(() => Boolean, { description: "Whether more edges exist after this page." })
  hasNextPage(): boolean | Promise<boolean> {
    return this.beyond.hasNext();
  }

  @Field(() => Boolean, { description: "Whether more edges exist before this page." })
  hasPreviousPage(): boolean | Promise<boolean> {
    return this.beyond.hasPrevious();
  }
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** One page of some type, with its window. */
export interface Page<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
  /** Costs a query, so it is asked only where it is selected. */
  totalCount(): Promise<number>;
}

const asIs = { simple: true };

/** A connection's object type and its edge's, `MeetingConnection` and `MeetingEdge` for `Meeting`. */
export function connectionOf<Node extends object>(node: ClassType<Node>, noun: string, plural: string) {
  @ObjectType(`${node.name}Edge`, { description: `${noun} and its cursor.`, simpleResolvers: true })
  class NodeEdge implements Edge<Node> {
    @Field(() => String, { description: "Opaque cursor." })
    cursor!: string;

    @Field(() => node, { description: `${noun}.` })
    node!: Node;
  }

  @ObjectType(`${node.name}Connection`, { description: `A page of ${plural}.` })
  class Connection {
    @Field(() => [NodeEdge], { ...asIs, description: `The ${plural} with their cursors.` })
    edges!: NodeEdge[];

    @Field(() => [node], { ...asIs, description: `The ${plural} alone, when cursors are not needed.` })
    nodes!: Node[];

    @Field(() => PageInfo, { ...asIs, description: "Window of this page." })
    pageInfo!: PageInfo;
  }
  Field(() => Int, { description: `Number of ${plural} that match the filter, over all pages.` })(
    Connection.prototype,
    "totalCount",
    { value: () => 0 },
  );
  return Connection;
}
