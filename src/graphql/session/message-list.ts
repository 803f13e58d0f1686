import type { GraphQLResolveInfo } from "graphql";
import { askedOfPage } from "../paging/asked.js";
import { connectionOf, type PageArgs } from "../paging/connection.js";
import type { Context } from "../context.js";
import { planOnce, planPage, readPage } from "../paging/read-page.js";
import type { Message as MessageRow } from "../../storage/index.js";
import { Message } from "./message.js";

export const MessageConnection = connectionOf(Message, "A message", "messages");

/** What was written to everyone in one session, in order. */
export function messagesOf(
  context: Context,
  sessionId: string,
  { page, info }: { page: PageArgs; info: GraphQLResolveInfo },
) {
  const { messagesOf: lists } = context.loaders;
  const plan = planOnce(context, info, () =>
    planPage(context, page, {
      order: { field: "SENT_AT" as const, direction: "ASC" as const },
      filter: () => undefined,
      value: (row: MessageRow) => row.sentAt.getTime(),
      asked: askedOfPage(info, Message),
      node: (row: MessageRow) => new Message(row),
    }),
  );
  return readPage(plan, {
    list: (request) => lists.page(request).load(sessionId),
    count: (where) => lists.count(where).load(sessionId),
  });
}
