import { and, desc, eq, sql } from "drizzle-orm";
import { isReached, meetingOf, type Reach, reachValues } from "./conditions.js";
import type { Attendance, Message, QueryBase, Tables } from "../database.js";
import { pagedList } from "./lists/page.js";
import { givenLimit, givenList, many, run, wholeRow } from "./prepare.js";

export type NewMessage = Tables["messages"]["$inferInsert"];
export type MessageField = "SENT_AT";

/** With whoever wrote it, as they are now. */
export interface WrittenMessage {
  message: Message;
  author: Attendance;
}

type Table = Tables["messages"];

function messageList(base: QueryBase) {
  const { messages, sessions } = base.tables;
  return pagedList<Message, Table, MessageField, undefined>(base, {
    table: messages,
    fields: (of) => ({ SENT_AT: of.sentAt }),
    conditions: () => undefined,
    parent: {
      table: sessions,
      link: (of) => of.sessionId,
      isReached: isReached(base.dialect, sessions.licenseId, sessions.meetingId),
    },
  });
}

export function messageQueries(base: QueryBase) {
  const { db, tables } = base;
  const { messages: table, attendances } = tables;
  const row = wholeRow<NewMessage>(table);
  const insert = run(() => db.insert(table).values(row.placeholders));
  const latest = many(() =>
    db
      .select({ message: table, author: attendances })
      .from(table)
      .innerJoin(attendances, eq(attendances.id, table.attendanceId))
      .where(eq(table.sessionId, sql.placeholder("sessionId")))
      .orderBy(desc(table.sentAt), desc(table.id))
      .limit(givenLimit),
  );
  const seen = isReached(base.dialect, table.licenseId, meetingOf(tables.sessions, table.sessionId));
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, base.dialect.isAmong(table.id, givenList("ids")))),
  );
  const list = messageList(base);

  return {
    findMany: (reach: Reach, ids: readonly string[]): Promise<Message[]> => findMany({ ids, ...reachValues(reach) }),
    insert: (message: NewMessage): Promise<void> => insert(row.valuesOf(message)),
    /** The last of a session, no more than `limit`, the latest first. */
    latest: (sessionId: string, limit: number): Promise<WrittenMessage[]> => latest({ sessionId, limit }),
    listOfSessions: list.pagesOf,
    countOfSessions: list.countsOf,
  };
}
