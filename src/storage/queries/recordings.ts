import { and, asc, eq, getTableColumns, inArray, isNull, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import {
  filterConditions,
  type Interval,
  isReached,
  meetingOf,
  type Reach,
  reachValues,
  readFilter,
} from "./conditions.js";
import type { QueryBase, Recording, Tables } from "../database.js";
import { recordingCount } from "./day-counts.js";
import { pagedList } from "./page.js";
import { givenList, many, one, wholeRow } from "./prepare.js";

type NewRecording = Tables["recordings"]["$inferInsert"];
export type RecordingField = "CREATED_AT";

/** All given ones must hold. */
export interface RecordingFilter {
  createdAt?: Interval | undefined;
  isPublished?: boolean | undefined;
  meetingId?: string | undefined;
  status?: readonly Recording["status"][] | undefined;
}

type Table = Tables["recordings"];

/** What an engine may tell anew of a recording. */
const told = ["status", "isPublished", "playbackUrl", "durationSeconds"] as const;

/** New, or changed by what is told; no row where that was known, or the recording was deleted here. */
function noteRecording({ db, tables: { recordings: table } }: QueryBase) {
  const row = wholeRow<NewRecording>(table);
  const columns = getTableColumns(table);
  const inserted = (name: keyof typeof columns): SQL => sql.raw(`excluded.${columns[name].name}`);
  const isNews = or(...told.map((name) => sql`${columns[name]} IS DISTINCT FROM ${inserted(name)}`));
  const note = one(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({
        target: [table.engine, table.engineRecordingId],
        set: Object.fromEntries([...told, "updatedAt" as const].map((name) => [name, inserted(name)])),
        setWhere: and(eq(table.sessionId, inserted("sessionId")), isNull(table.deletedAt), isNews) as SQL,
      })
      .returning(),
  );
  return (recording: NewRecording): Promise<Recording | undefined> => note(row.valuesOf(recording));
}

export function recordingQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const { recordings: table, sessions } = tables;
  const { during, oneOf } = filterConditions(dialect);
  const seen = and(isReached(dialect, table.licenseId, meetingOf(sessions, table.sessionId)), isNull(table.deletedAt));
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
  const listOfSessions = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, dialect.isAmong(table.sessionId, givenList("sessionIds"))))
      .orderBy(asc(table.createdAt), asc(table.id)),
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
  const counted = recordingCount(base);

  return {
    find: (reach: Reach, id: string): Promise<Recording | undefined> => find({ id, ...reachValues(reach) }),
    findMany: (reach: Reach, ids: readonly string[]): Promise<Recording[]> => findMany({ ids, ...reachValues(reach) }),
    note: noteRecording(base),
    list: list.page,
    skip: list.skip,
    count: (reach: Reach, filter?: RecordingFilter): Promise<number> => {
      const { createdAt, ...others } = filter ?? {};
      const isByDay = reach.meetingId === null && readFilter(others).shape === "";
      return isByDay ? counted(reach.licenseId, createdAt) : list.count(reach, filter);
    },
    /** Oldest first within a session. */
    listOfSessions: (reach: Reach, sessionIds: readonly string[]): Promise<Recording[]> =>
      listOfSessions({ sessionIds, ...reachValues(reach) }),
  };
}
