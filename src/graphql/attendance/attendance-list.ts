import type { GraphQLResolveInfo } from "graphql";
import { Field, InputType, registerEnumType } from "type-graphql";
import { limits } from "../../domain/checks.js";
import type { AttendanceField, AttendanceFilter as StoredFilter } from "../../storage/queries/attendances.js";
import { type Attendance as AttendanceRow, type Role as StoredRole, sortKey } from "../../storage/index.js";
import type { Direction } from "../../storage/queries/lists/page.js";
import { Attendance, Role } from "./attendance.js";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, OrderDirection, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { directionOf, orderOr } from "../paging/cursor.js";
import { entries, filterFaults, search } from "../paging/filter-faults.js";
import { planOnce, planPage, readPage } from "../paging/read-page.js";
import { entriesAtMost, upTo } from "../texts.js";

const AttendanceOrderField = { FULL_NAME: "FULL_NAME", JOINED_AT: "JOINED_AT" } as const;
registerEnumType(AttendanceOrderField, {
  name: "AttendanceOrderField",
  description: "Sort keys of attendances.",
  valuesConfig: { FULL_NAME: { description: "Name." }, JOINED_AT: { description: "When joined." } },
});

const usual = { field: "JOINED_AT", direction: "ASC" } as const;

@InputType({ description: "Sort order of attendances. Ties are broken by id." })
export class AttendanceOrder {
  @Field(() => OrderDirection, { nullable: true, description: directionOf(usual) })
  direction?: Direction | null;

  @Field(() => AttendanceOrderField, { description: "Sort key." })
  field!: AttendanceField;
}

@InputType({ description: "Conditions on attendances; all given ones must hold." })
export class AttendanceFilter {
  @Field(() => String, { nullable: true, description: `Name contains this text, ${upTo(limits.name)}, ignoring case.` })
  fullNameContains?: string | null;

  @Field(() => Boolean, { nullable: true, description: "Still in the session." })
  isPresent?: boolean | null;

  @Field(() => [Role], {
    nullable: true,
    description: `In one of these roles, ${entriesAtMost}; an empty list means any.`,
  })
  role?: StoredRole[] | null;
}

export const attendanceOrderArg = { nullable: true, description: "Sort order.", defaultValue: usual };

export const AttendanceConnection = connectionOf(Attendance, "An attendance", "attendances");

const sortValue: Record<AttendanceField, (row: AttendanceRow) => string | number> = {
  JOINED_AT: (row) => row.joinedAt.getTime(),
  FULL_NAME: (row) => row.fullNameKey,
};

function stored(filter: AttendanceFilter | null | undefined): StoredFilter | undefined {
  if (!filter) return undefined;
  const { fullNameContains, isPresent, role } = filter;
  return {
    fullNameKeyContains: fullNameContains ? sortKey(fullNameContains) : undefined,
    isPresent: isPresent ?? undefined,
    role: [...new Set(role)],
  };
}

export interface AttendanceListArgs {
  page: PageArgs;
  order: AttendanceOrder | null;
  filter: AttendanceFilter | null | undefined;
  info: GraphQLResolveInfo;
}

function planOf(context: Context, { page, order: asked, filter, info }: AttendanceListArgs) {
  const order = orderOr(asked, usual);
  return planPage(context, page, {
    order,
    filter: () => stored(filter),
    faults: filterFaults(context, {
      fullNameContains: search(filter?.fullNameContains, limits.name),
      role: entries(filter?.role),
    }),
    value: sortValue[order.field],
    asked: askedOfPage(info, Attendance),
    node: (row: AttendanceRow) => new Attendance(row),
  });
}

/** The people of one session. */
export function attendancesOf(context: Context, sessionId: string, args: AttendanceListArgs) {
  const { attendancesOf: lists } = context.loaders;
  const plan = planOnce(context, args.info, () => planOf(context, args));
  return readPage(plan, {
    list: (request) => lists.page(request).load(sessionId),
    count: (where) => lists.count(where).load(sessionId),
  });
}
