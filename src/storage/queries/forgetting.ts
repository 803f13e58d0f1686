import { and, asc, eq, exists, gt, gte, isNotNull, isNull, lt, max, ne, not, notInArray, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { LicenseId, QueryBase } from "../database.js";
import { given, givenLimit, givenList, many, run } from "./prepare.js";

type ListTable = SQLiteTable & { id: SQLiteColumn };

/** Sessions that are taken up in one go; one that many were in takes several. */
const SESSIONS_A_STEP = 50;

/** Sessions of a license that have been over since before an instant, with all that hangs under them. */
function sessionForgetting({ db, dialect, tables }: QueryBase) {
  const { sessions, attendances, stays, recordings, awaitedRecordings, recordingRuns, messages, notes } = tables;
  const instant = given("before", sessions.endedAt);
  // In the words of the index that keeps them in this order.
  const ended = dialect.orNever(sessions.endedAt);
  const hasNews = exists(
    db
      .select({ one: sql`1` })
      .from(recordings)
      .where(and(eq(recordings.sessionId, sessions.id), gte(recordings.updatedAt, instant))),
  );
  const listOver = many(() =>
    db
      .select({ id: sessions.id, engine: sessions.engine })
      .from(sessions)
      .where(and(eq(sessions.licenseId, sql.placeholder("licenseId")), sql`${ended} < ${instant}`, not(hasNews)))
      .orderBy(asc(ended), asc(sessions.id))
      .limit(givenLimit),
  );
  /** No more than `limit` of what hangs under a session. @returns how many */
  const below = (table: ListTable & { sessionId: SQLiteColumn }) => {
    const forget = many(() => {
      const some = db
        .select({ id: table.id })
        .from(table as SQLiteTable)
        .where(eq(table.sessionId, sql.placeholder("sessionId")))
        .limit(givenLimit);
      return db.delete(table).where(dialect.isOneOf(table.id, some)).returning({ id: table.id });
    });
    return async (sessionId: string, limit: number) => (await forget({ sessionId, limit })).length;
  };
  const children = [below(messages), below(recordingRuns), below(stays), below(attendances), below(recordings)];
  const giveUp = run(() => db.delete(awaitedRecordings).where(eq(awaitedRecordings.sessionId, sql.placeholder("id"))));
  const forgetNotes = run(() => db.delete(notes).where(eq(notes.sessionId, sql.placeholder("id"))));
  const forget = many(() =>
    db
      .delete(sessions)
      .where(and(eq(sessions.id, sql.placeholder("id")), isNotNull(sessions.endedAt)))
      .returning({ id: sessions.id }),
  );

  const over = (licenseId: LicenseId, before: Date) => listOver({ licenseId, before, limit: SESSIONS_A_STEP });
  /** As many rows as there are, and no more than `limit`: what hangs below first. @returns how many */
  const forgetSome = async (licenseId: LicenseId, before: Date, limit: number): Promise<number> => {
    let left = limit;
    for (const { id } of await over(licenseId, before)) {
      for (const child of children) if (left > 0) left -= await child(id, left);
      if (left <= 0) break;
      await giveUp({ id });
      await forgetNotes({ id });
      left -= (await forget({ id })).length;
      if (left <= 0) break;
    }
    return limit - left;
  };
  return { over, forgetSome };
}

/** The oldest ones. */
function eventForgetting({ db, dialect, tables: { events } }: QueryBase) {
  // Looked at by number and not by time, so that no more are than are asked for.
  const oldest = many(() =>
    db
      .select({ seq: events.seq, occurredAt: events.occurredAt })
      .from(events)
      .where(gt(events.seq, 0))
      .orderBy(asc(events.seq))
      .limit(givenLimit),
  );
  const latest = many(() => db.select({ seq: max(events.seq) }).from(events));
  const forget = many(() =>
    db
      .delete(events)
      .where(dialect.isAmong(events.seq, givenList("seqs")))
      .returning({ seq: events.seq }),
  );
  return async (before: Date, limit: number): Promise<number> => {
    // The last one stays: from it a start learns how late it was.
    const last = (await latest())[0]?.seq;
    const over = (await oldest({ limit })).filter(({ seq, occurredAt }) => occurredAt < before && seq !== last);
    if (over.length === 0) return 0;
    return (await forget({ seqs: over.map(({ seq }) => seq) })).length;
  };
}

/** Processes that are long gone, but this one. */
function instanceForgetting({ db, dialect, tables: { instances, stays } }: QueryBase) {
  const forget = many(() => {
    // Whom it saw inside left when it was last alive: as long as somebody is to be counted out, that is asked for.
    const needed = db
      .select({ id: stays.instanceId })
      .from(stays)
      .where(and(isNull(stays.leftAt), isNotNull(stays.instanceId)));
    const over = db
      .select({ id: instances.id })
      .from(instances)
      .where(
        and(
          lt(instances.seenAt, given("before", instances.seenAt)),
          ne(instances.id, sql.placeholder("self")),
          notInArray(instances.id, needed),
        ),
      )
      .limit(givenLimit);
    return db.delete(instances).where(dialect.isOneOf(instances.id, over)).returning({ id: instances.id });
  });
  return async (self: string, before: Date, limit: number): Promise<number> =>
    (await forget({ self, before, limit })).length;
}

/** Where a walk along deleted meetings goes on. */
export interface DeletedPlace {
  at: Date;
  id: string;
}

/** Meetings that were deleted, once nothing is left below them: what is, may still be shown. */
function meetingForgetting({ db, dialect, tables: { meetings, sessions, accessTokens } }: QueryBase) {
  const { id, deletedAt } = meetings;
  const one = { one: sql`1` };
  const hasSessions = exists(db.select(one).from(sessions).where(eq(sessions.meetingId, id)));
  const isTokens = and(eq(accessTokens.licenseId, meetings.licenseId), eq(accessTokens.meetingId, id));
  const hasTokens = exists(db.select(one).from(accessTokens).where(isTokens));
  const next = many(() =>
    db
      .select({ id, at: deletedAt, isNeeded: sql`${hasSessions} or ${hasTokens}`.mapWith(Boolean) })
      .from(meetings)
      .where(
        and(
          isNotNull(deletedAt),
          sql`(${deletedAt}, ${id}) > (${given("at", deletedAt)}, ${sql.placeholder("id")})`,
          lt(deletedAt, given("before", deletedAt)),
        ),
      )
      .orderBy(asc(deletedAt), asc(id))
      .limit(givenLimit),
  );
  const forget = run(() => db.delete(meetings).where(dialect.isAmong(id, givenList("ids"))));
  /**
   * Looks at so many of those that were deleted before an instant.
   * @param from where the last step ended
   * @returns where the next one begins; nothing, where there is no next
   */
  return async (before: Date, limit: number, from?: DeletedPlace): Promise<DeletedPlace | undefined> => {
    const found = await next({ before, limit, at: new Date(0), id: "", ...from });
    const ids = found.filter(({ isNeeded }) => !isNeeded).map((meeting) => meeting.id);
    if (ids.length > 0) await forget({ ids });
    const last = found.length < limit ? undefined : found.at(-1);
    return last?.at ? { at: last.at, id: last.id } : undefined;
  };
}

/** What is over is removed, no more than `limit` rows in one go; each tells how many. */
export const forgettingQueries = (base: QueryBase) => {
  const { over, forgetSome } = sessionForgetting(base);
  return {
    sessions: forgetSome,
    /** Those that `sessions` takes up first. */
    listOver: over,
    meetings: meetingForgetting(base),
    events: eventForgetting(base),
    instances: instanceForgetting(base),
  };
};
