import type { GraphQLResolveInfo } from "graphql";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { planOnce, planPage, readPage } from "../paging/read-page.js";
import type { Stay as StayRow } from "../../storage/index.js";
import { Stay } from "./stay.js";

export const StayConnection = connectionOf(Stay, "A stay", "stays");

/** The visits of one person in one session, in order: a line that breaks again and again leaves many. */
export function staysOf(
  context: Context,
  attendanceId: string,
  { page, info }: { page: PageArgs; info: GraphQLResolveInfo },
) {
  const { staysOf: lists } = context.loaders;
  const plan = planOnce(context, info, () =>
    planPage(context, page, {
      order: { field: "JOINED_AT" as const, direction: "ASC" as const },
      filter: () => undefined,
      value: (row: StayRow) => row.joinedAt.getTime(),
      asked: askedOfPage(info, Stay),
      node: (row: StayRow) => new Stay(row),
    }),
  );
  return readPage(plan, {
    list: (request) => lists.page(request).load(attendanceId),
    count: (where) => lists.count(where).load(attendanceId),
  });
}
