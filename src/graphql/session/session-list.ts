import type { GraphQLResolveInfo } from "graphql";
import { Field, InputType, registerEnumType } from "type-graphql";
import type { Session as SessionRow } from "../../storage/index.js";
import type { Direction } from "../../storage/queries/lists/page.js";
import { endedSortKey, type SessionField, type SessionFilter as StoredFilter } from "../../storage/queries/sessions.js";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, DateTimeRange, OrderDirection, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { directionOf, orderOr } from "../paging/cursor.js";
import { entries, filterFaults } from "../paging/filter-faults.js";
import { planOnce, planPage, readPage } from "../paging/read-page.js";
import { entriesAtMost } from "../texts.js";
import { Session, SessionStatus, storedStatuses } from "./session.js";

const SessionOrderField = { ENDED_AT: "ENDED_AT", STARTED_AT: "STARTED_AT" } as const;
registerEnumType(SessionOrderField, {
  name: "SessionOrderField",
  description: "Sort keys of sessions.",
  valuesConfig: {
    ENDED_AT: {
      description: "When ended; running sessions last. One that ends while you page moves, and may be missed.",
    },
    STARTED_AT: { description: "When started." },
  },
});

const usual = { field: "STARTED_AT", direction: "DESC" } as const;

@InputType({ description: "Sort order of sessions. Ties are broken by id." })
export class SessionOrder {
  @Field(() => OrderDirection, { nullable: true, description: directionOf(usual) })
  direction?: Direction | null;

  @Field(() => SessionOrderField, { description: "Sort key." })
  field!: SessionField;
}

@InputType({ description: "Conditions on sessions; all given ones must hold." })
export class SessionFilter {
  @Field(() => DateTimeRange, { nullable: true, description: "Started in this interval." })
  startedAt?: DateTimeRange | null;

  @Field(() => [SessionStatus], {
    nullable: true,
    description: `In one of these states, ${entriesAtMost}; an empty list means any.`,
  })
  status?: SessionStatus[] | null;
}

export const sessionOrderArg = { nullable: true, description: "Sort order.", defaultValue: usual };

export const SessionConnection = connectionOf(Session, "A session", "sessions");

const sortValue: Record<SessionField, (row: SessionRow) => number> = {
  STARTED_AT: (row) => row.startedAt.getTime(),
  ENDED_AT: endedSortKey,
};

const stored = (filter: SessionFilter | null | undefined): StoredFilter | undefined =>
  filter
    ? { startedAt: filter.startedAt ?? undefined, status: [...new Set(filter.status)].flatMap(storedStatuses) }
    : undefined;

export interface SessionListArgs {
  page: PageArgs;
  order: SessionOrder | null;
  filter: SessionFilter | null | undefined;
  info: GraphQLResolveInfo;
}

function planOf(context: Context, { page, order: asked, filter, info }: SessionListArgs) {
  const order = orderOr(asked, usual);
  return planPage(context, page, {
    order,
    filter: () => stored(filter),
    faults: filterFaults(context, { status: entries(filter?.status) }),
    value: sortValue[order.field],
    asked: askedOfPage(info, Session),
    node: (row: SessionRow) => new Session(row),
  });
}

/** The runs of one meeting. */
export function sessionsOf(context: Context, meetingId: string, args: SessionListArgs) {
  const { sessionsOf: lists } = context.loaders;
  const plan = planOnce(context, args.info, () => planOf(context, args));
  return readPage(plan, {
    list: (request) => lists.page(request).load(meetingId),
    count: (where) => lists.count(where).load(meetingId),
  });
}

/** The runs of all meetings. */
export function allSessions(context: Context, args: SessionListArgs) {
  const { sessions } = context.read;
  const { reach } = context.caller;
  return readPage(planOf(context, args), {
    list: (request) => sessions.list(reach, request),
    count: (where) => sessions.count(reach, where),
  });
}
