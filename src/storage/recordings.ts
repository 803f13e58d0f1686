import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { during, type Interval, meetingOf, oneOf, type Reach, reachValues, withinReach } from "./conditions.js";
import type { Handle, Recording } from "./database.js";
import { pagedList } from "./page.js";
import { recordings as table } from "./schema/sqlite.js";

export type RecordingField = "CREATED_AT";

/** All given ones must hold. */
export interface RecordingFilter {
  createdAt?: Interval | undefined;
  isPublished?: boolean | undefined;
  meetingId?: string | undefined;
  status?: readonly Recording["status"][] | undefined;
}

const live = (of: typeof table) => and(withinReach(of.licenseId, meetingOf(of.sessionId)), isNull(of.deletedAt));

export function recordingQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(live(table), eq(table.id, sql.placeholder("id"))))
    .prepare();
  const list = pagedList<Recording, typeof table, RecordingField, RecordingFilter>(db, {
    table,
    fields: (of) => ({ CREATED_AT: of.createdAt }),
    scope: live,
    conditions: ({ createdAt, isPublished, meetingId, status }, of) =>
      and(
        during(of.createdAt, createdAt),
        isPublished === undefined ? undefined : eq(of.isPublished, isPublished),
        meetingId === undefined ? undefined : sql`${meetingOf(of.sessionId)} = ${meetingId}`,
        oneOf(of.status, status),
      ),
  });

  return {
    find: async (reach: Reach, id: string): Promise<Recording | undefined> => find.get({ ...reachValues(reach), id }),
    findMany: async (reach: Reach, ids: readonly string[]): Promise<Recording[]> =>
      db
        .select()
        .from(table)
        .where(and(live(table), inArray(table.id, [...ids])))
        .all(reachValues(reach)),
    list: list.page,
    count: list.count,
    /** Oldest first within a session. */
    listOfSessions: async (reach: Reach, sessionIds: readonly string[]): Promise<Recording[]> =>
      db
        .select()
        .from(table)
        .where(and(live(table), inArray(table.sessionId, [...sessionIds])))
        .orderBy(asc(table.createdAt), asc(table.id))
        .all(reachValues(reach)),
  };
}
