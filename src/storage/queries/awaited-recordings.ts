import { and, asc, eq, lte, sql } from "drizzle-orm";
import type { AwaitedRecording, QueryBase, Session } from "../database.js";
import { given, givenLimit, many, run, wholeRow } from "./prepare.js";

/** Whom an engine is asked for, and since when the session has been over. */
export type DueSession = Pick<AwaitedRecording, "sessionId" | "dueAt" | "until"> & Pick<Session, "endedAt">;

/** Which sessions' recordings an engine is still asked for, and when. */
export function awaitedRecordingQueries({ db, dialect, tables }: QueryBase) {
  const { awaitedRecordings: table, sessions } = tables;
  const row = wholeRow<AwaitedRecording>(table);
  const expect = run(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({
        target: table.sessionId,
        set: {
          dueAt: sql`excluded.due_at`,
          until: dialect.greatest(table.until, sql`excluded.until`),
        },
      }),
  );
  const listDue = many(() =>
    db
      .select({ sessionId: table.sessionId, dueAt: table.dueAt, until: table.until, endedAt: sessions.endedAt })
      .from(table)
      .innerJoin(sessions, eq(sessions.id, table.sessionId))
      .where(and(eq(table.engine, sql.placeholder("engine")), lte(table.dueAt, given("now", table.dueAt))))
      .orderBy(asc(table.dueAt))
      .limit(givenLimit),
  );
  // As it was seen: what was told meanwhile asks for a look of its own.
  const asSeen = and(eq(table.sessionId, sql.placeholder("sessionId")), eq(table.dueAt, given("seen", table.dueAt)));
  const postpone = run(() =>
    db
      .update(table)
      .set({ dueAt: given("dueAt", table.dueAt) })
      .where(asSeen),
  );
  const giveUp = run(() => db.delete(table).where(asSeen));

  return {
    /** Known already, it is asked for at the new time, and until the later of both ends. */
    expect: (awaited: AwaitedRecording): Promise<void> => expect(row.valuesOf(awaited)),
    listDue: (engine: string, now: Date, limit: number): Promise<DueSession[]> => listDue({ engine, now, limit }),
    /** Nothing where it is due at another time than was seen. */
    postpone: ({ sessionId, dueAt: seen }: DueSession, dueAt: Date): Promise<void> =>
      postpone({ sessionId, seen, dueAt }),
    /** Likewise. */
    giveUp: ({ sessionId, dueAt: seen }: DueSession): Promise<void> => giveUp({ sessionId, seen }),
  };
}
