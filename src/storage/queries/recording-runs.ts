import { and, asc, desc, eq, isNull, sql } from "drizzle-orm";
import { isReached, meetingOf, type Reach, reachValues } from "./conditions.js";
import type { QueryBase, RecordingRun, Tables } from "../database.js";
import { given, givenList, limitOf, many, one, run, wholeRow } from "./prepare.js";

export type NewRecordingRun = Tables["recordingRuns"]["$inferInsert"];

/** How a run stopped. */
export interface RecordingStop {
  at: Date;
  cause: NonNullable<RecordingRun["stopCause"]>;
  /** Whoever said so. */
  by?: string | undefined;
}

export function recordingRunQueries({ db, dialect, tables }: QueryBase) {
  const { recordingRuns: table, sessions } = tables;
  const row = wholeRow<NewRecordingRun>(table);
  const insert = run(() => db.insert(table).values(row.placeholders));
  const isOpen = and(eq(table.sessionId, sql.placeholder("sessionId")), isNull(table.stoppedAt));
  const latest = one(() =>
    db
      .select()
      .from(table)
      .where(eq(table.sessionId, sql.placeholder("sessionId")))
      .orderBy(desc(table.startedAt), desc(table.id))
      .limit(limitOf(1)),
  );
  const find = one(() =>
    db
      .select()
      .from(table)
      .where(eq(table.id, sql.placeholder("id"))),
  );
  const stop = one(() =>
    db
      .update(table)
      .set({
        stoppedAt: given("at", table.stoppedAt),
        stopCause: given("cause", table.stopCause),
        stoppedBy: given("by", table.stoppedBy),
      })
      .where(isOpen)
      .returning(),
  );
  const seen = isReached(dialect, table.licenseId, meetingOf(sessions, table.sessionId));
  const listOfSessions = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, dialect.isAmong(table.sessionId, givenList("sessionIds"))))
      .orderBy(asc(table.startedAt), asc(table.id)),
  );

  return {
    insert: (recordingRun: NewRecordingRun): Promise<void> => insert(row.valuesOf(recordingRun)),
    find: (id: string): Promise<RecordingRun | undefined> => find({ id }),
    /** The one that began last: where one goes on, that one. */
    latest: (sessionId: string): Promise<RecordingRun | undefined> => latest({ sessionId }),
    /** @returns it; undefined where none goes on */
    stop: (sessionId: string, { at, cause, by }: RecordingStop): Promise<RecordingRun | undefined> =>
      stop({ sessionId, at, cause, by: by ?? null }),
    listOfSessions: (reach: Reach, sessionIds: readonly string[]): Promise<RecordingRun[]> =>
      listOfSessions({ sessionIds, ...reachValues(reach) }),
  };
}
