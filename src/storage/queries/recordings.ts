import { and, asc, eq, inArray, isNull, lt, type SQLWrapper, sql } from "drizzle-orm";
import {
  filterConditions,
  type Interval,
  isReached,
  meetingOf,
  type Reach,
  reachValues,
  readFilter,
} from "./conditions.js";
import type { LicenseId, QueryBase, Recording, Tables } from "../database.js";
import { recordingCount } from "./days/day-counts.js";
import { pagedList } from "./lists/page.js";
import { given, givenLimit, givenList, many, one } from "./prepare.js";
import { recordingChanges } from "./recording-changes.js";

export type RecordingField = "CREATED_AT";

/** All given ones must hold. */
export interface RecordingFilter {
  createdAt?: Interval | undefined;
  isPublished?: boolean | undefined;
  meetingId?: string | undefined;
  status?: readonly Recording["status"][] | undefined;
}

type Table = Tables["recordings"];

export function recordingQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const { recordings: table, sessions } = tables;
  const { during, oneOf } = filterConditions(dialect);
  const reached = isReached(dialect, table.licenseId, meetingOf(sessions, table.sessionId));
  const seen = and(reached, isNull(table.deletedAt));
  const ofMeeting = (of: Table, meetingId: SQLWrapper) =>
    inArray(of.sessionId, db.select({ id: sessions.id }).from(sessions).where(eq(sessions.meetingId, meetingId)));
  const find = one(() =>
    db
      .select()
      .from(table)
      .where(and(seen, eq(table.id, sql.placeholder("id")))),
  );
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, dialect.isAmong(table.id, givenList("ids")))),
  );
  const findAny = many(() =>
    db
      .select()
      .from(table)
      .where(and(reached, dialect.isAmong(table.id, givenList("ids")))),
  );
  const listOfSessions = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, dialect.isAmong(table.sessionId, givenList("sessionIds"))))
      .orderBy(asc(sql`coalesce(${table.startedAt}, ${table.createdAt})`), asc(table.id)),
  );
  const list = pagedList<Recording, Table, RecordingField, RecordingFilter>(base, {
    table,
    fields: (of) => ({ CREATED_AT: of.createdAt }),
    scope: (of, within, filter) =>
      and(
        // One meeting's are found by its sessions.
        within(filter?.meetingId ? dialect.unindexed(of.licenseId) : of.licenseId, (id) => ofMeeting(of, id)),
        isNull(of.deletedAt),
      ),
    conditions: ({ createdAt, isPublished, meetingId, status }, of) =>
      and(
        during(of.createdAt, "createdAt", createdAt),
        isPublished === undefined ? undefined : eq(of.isPublished, isPublished),
        meetingId ? ofMeeting(of, sql.placeholder("meetingId")) : undefined,
        oneOf(of.status, "status", status),
      ),
  });
  const listBefore = many(() =>
    db
      .select()
      .from(table)
      .where(
        and(
          eq(table.licenseId, sql.placeholder("licenseId")),
          eq(table.engine, sql.placeholder("engine")),
          isNull(table.deletedAt),
          lt(table.createdAt, given("before", table.createdAt)),
        ),
      )
      .orderBy(asc(table.createdAt), asc(table.id))
      .limit(givenLimit),
  );
  const counted = recordingCount(base);

  return {
    find: (reach: Reach, id: string): Promise<Recording | undefined> => find({ id, ...reachValues(reach) }),
    findMany: (reach: Reach, ids: readonly string[]): Promise<Recording[]> => findMany({ ids, ...reachValues(reach) }),
    /** Those that were deleted among them. */
    findAny: (reach: Reach, ids: readonly string[]): Promise<Recording[]> => findAny({ ids, ...reachValues(reach) }),
    ...recordingChanges(base),
    list: list.page,
    /** Of one engine, the oldest first. */
    listBefore: (licenseId: LicenseId, of: { engine: string; before: Date; limit: number }): Promise<Recording[]> =>
      listBefore({ licenseId, ...of }),
    skip: list.skip,
    count: (reach: Reach, filter?: RecordingFilter): Promise<number> => {
      const { createdAt, ...others } = filter ?? {};
      const isByDay = reach.meetingId === null && readFilter(others).shape === "";
      return isByDay ? counted(reach.licenseId, createdAt) : list.count(reach, filter);
    },
    /** In the order in which they were recorded, as far as that is known; else in which they were received. */
    listOfSessions: (reach: Reach, sessionIds: readonly string[]): Promise<Recording[]> =>
      listOfSessions({ sessionIds, ...reachValues(reach) }),
  };
}
