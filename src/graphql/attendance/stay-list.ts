import type { GraphQLResolveInfo } from "graphql";
import { columnsAsked } from "../paging/asked.js";
import { connectionOf, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { readPage } from "../paging/read-page.js";
import { Stay } from "./stay.js";

export const StayConnection = connectionOf(Stay, "A stay", "stays");

/** The visits of one person in one session, in order: a line that breaks again and again leaves many. */
export function staysOf(
  context: Context,
  attendanceId: string,
  { page, info }: { page: PageArgs; info: GraphQLResolveInfo },
) {
  const { staysOf: lists } = context.loaders;
  return readPage(context, page, {
    order: { field: "JOINED_AT" as const, direction: "ASC" as const },
    filter: () => undefined,
    list: (request) => lists.page(request).load(attendanceId),
    count: (where) => lists.count(where).load(attendanceId),
    value: (row) => row.joinedAt.getTime(),
    columns: columnsAsked(info, Stay),
    node: (row) => new Stay(row),
  });
}
