import { and, asc, eq, inArray, isNull, lte, type SQL, sql } from "drizzle-orm";
import { during, type Interval, oneOf, type Reach, reachValues, withinReach } from "./conditions.js";
import type { EndCause, Handle, Session, SessionStatus } from "./database.js";
import { pagedList } from "./page.js";
import { meetings, sessions as table } from "./schema/sqlite.js";

export type NewSession = typeof table.$inferInsert;
export type SessionField = "STARTED_AT" | "ENDED_AT";

/** Stands for the end of a session that still runs, so that sorting by the end loses no row to a null. */
const FAR_FUTURE = 253_402_300_799_999;

export const endedSortKey = (session: Session): number => session.endedAt?.getTime() ?? FAR_FUTURE;

const open = isNull(table.endedAt);
const byId = eq(table.id, sql.placeholder("id"));
const within = (of: typeof table) => withinReach(of.licenseId, of.meetingId);

/** All given ones must hold. */
export interface SessionFilter {
  startedAt?: Interval | undefined;
  status?: readonly SessionStatus[] | undefined;
}

export function sessionQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(within(table), byId))
    .prepare();
  const findAnyones = db.select().from(table).where(byId).prepare();
  const findOpen = db
    .select()
    .from(table)
    .where(and(within(table), eq(table.meetingId, sql.placeholder("meetingId")), open))
    .prepare();
  const list = pagedList<Session, typeof table, SessionField, SessionFilter>(db, {
    table,
    fields: (of) => ({
      STARTED_AT: of.startedAt,
      ENDED_AT: sql`coalesce(${of.endedAt}, ${sql.raw(String(FAR_FUTURE))})`,
    }),
    scope: within,
    conditions: ({ startedAt, status }, of) => and(during(of.startedAt, startedAt), oneOf(of.status, status)),
    parent: { table: meetings, link: (of) => of.meetingId },
  });

  /** A step of the session's life: happens only from `from`, so of two at once one does it. */
  const step = async (
    id: string,
    from: SessionStatus,
    change: Partial<Session>,
    condition?: SQL,
  ): Promise<Session | undefined> =>
    db
      .update(table)
      .set(change)
      .where(and(eq(table.id, id), eq(table.status, from), open, condition))
      .returning()
      .get();

  return {
    find: async (reach: Reach, id: string): Promise<Session | undefined> => find.get({ ...reachValues(reach), id }),
    findMany: async (reach: Reach, ids: readonly string[]): Promise<Session[]> =>
      db
        .select()
        .from(table)
        .where(and(within(table), inArray(table.id, [...ids])))
        .all(reachValues(reach)),
    /** For visitors and the operator, who come without a license: the signed link, or the shell, is their right. */
    findAnyones: async (id: string): Promise<Session | undefined> => findAnyones.get({ id }),
    findOpen: async (reach: Reach, meetingId: string): Promise<Session | undefined> =>
      findOpen.get({ ...reachValues(reach), meetingId }),
    findOpenOfMeetings: async (reach: Reach, meetingIds: readonly string[]): Promise<Session[]> =>
      db
        .select()
        .from(table)
        .where(and(within(table), inArray(table.meetingId, [...meetingIds]), open))
        .all(reachValues(reach)),
    list: list.page,
    count: list.count,
    listOfMeetings: list.pagesOf,
    countOfMeetings: list.countsOf,
    listOpen: async (): Promise<Session[]> =>
      db.select().from(table).where(open).orderBy(asc(table.startedAt), asc(table.id)).all(),
    /** Running sessions whose room has been empty since `before` or longer. */
    listEmptySince: async (before: Date): Promise<Session[]> =>
      db
        .select()
        .from(table)
        .where(and(open, eq(table.status, "RUNNING"), lte(table.emptySince, before)))
        .all(),
    /** Nothing when the meeting already has an open session. */
    insert: async (row: NewSession): Promise<Session | undefined> =>
      db.insert(table).values(row).onConflictDoNothing().returning().get(),
    settleRunning: (id: string, emptySince: Date) => step(id, "STARTING", { status: "RUNNING", emptySince }),
    settleFailed: (id: string, failure: string, endedAt: Date, endCause: EndCause) =>
      step(id, "STARTING", { status: "FAILED", failure, endedAt, endCause }),
    /** From here on nobody can enter. */
    claimEnd: (id: string) => step(id, "RUNNING", { status: "ENDING" }),
    /** The same, if the room has really been empty since `before`: somebody may just have entered. */
    claimEmptyEnd: (id: string, before: Date) =>
      step(id, "RUNNING", { status: "ENDING" }, lte(table.emptySince, before)),
    unclaimEnd: (id: string) => step(id, "ENDING", { status: "RUNNING" }),
    settleEnded: (id: string, endedAt: Date, endCause: EndCause) =>
      step(id, "ENDING", { status: "ENDED", endedAt, endCause }),
    noteEmpty: async (id: string, emptySince: Date): Promise<void> => {
      await db
        .update(table)
        .set({ emptySince })
        .where(and(eq(table.id, id), open))
        .run();
    },
    notePresent: async (id: string, present: number): Promise<void> => {
      await db
        .update(table)
        .set({ emptySince: null, peakPresent: sql`max(${table.peakPresent}, ${present})` })
        .where(and(eq(table.id, id), open))
        .run();
    },
  };
}
