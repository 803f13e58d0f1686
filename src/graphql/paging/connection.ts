import { ArgsType, type ClassType, Field, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { Plain } from "../plain.js";
import { DateTime } from "../scalars.js";
import { pageSize } from "../run/limits.js";
import { upTo } from "../texts.js";
import { MOST_CURSOR } from "./cursor.js";
import { Page, PageInfo } from "./page.js";

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

/** A connection's object type and its edge's, `MeetingConnection` and `MeetingEdge` for `Meeting`; it shows a `Page`. */
export function connectionOf<Node extends object>(node: ClassType<Node>, noun: string, plural: string) {
  @ObjectType(`${node.name}Edge`, { description: `${noun} and its cursor.` })
  class NodeEdge {
    @Plain(() => String, { description: "Opaque cursor." })
    cursor!: string;

    @Plain(() => node, { description: `${noun}.` })
    node!: Node;
  }

  @ObjectType(`${node.name}Connection`, { description: `A page of ${plural}.` })
  class Connection {
    @Plain(() => [NodeEdge], { description: `The ${plural} with their cursors.` })
    edges!: NodeEdge[];

    @Plain(() => [node], { description: `The ${plural} alone, when cursors are not needed.` })
    nodes!: Node[];

    @Plain(() => PageInfo, { description: "Window of this page." })
    pageInfo!: PageInfo;
  }
  Plain(() => Int, { description: `Number of ${plural} that match the filter, over all pages.` })(
    Connection.prototype,
    "totalCount",
    { value: Page.prototype.totalCount },
  );
  return Connection;
}
