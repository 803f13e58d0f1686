import { and, asc, count, eq, gt, lte, max, type SQL, sql } from "drizzle-orm";
import { isReached, type Reach, reachValues } from "./conditions.js";
import type { Event, LicenseId, QueryBase, Tables } from "../database.js";
import { givenList, many, one, run, wholeRow, givenLimit, limitOf } from "./prepare.js";

export type NewEvent = Omit<Tables["events"]["$inferInsert"], "seq">;

/** What of an event tells whom it concerns. */
export type EventMark = Pick<Event, "seq" | "licenseId" | "type" | "meetingId">;

export interface EventRange {
  /** Begins after this `seq`. */
  after: number;
  types: readonly string[];
  meetingId: string | null;
  limit: number;
}

/** What happened to these licenses between two looks. */
export interface EventsBetween {
  after: number;
  /** The last that is looked at. */
  until: number;
  licenseIds: readonly LicenseId[];
  types: readonly string[];
}

export interface EventStep {
  rows: Event[];
  /** What comes after this `seq` was not looked at. */
  until: number;
  /** Nothing is left to be read now. */
  isLast: boolean;
}

/** A license may have millions of events of which a follower wants a few: looking at more at once would hold up others. */
export const EVENTS_A_STEP = 1_000;

/** Reading on from an event, in steps of bounded size: among a license's, or among those of one of its meetings. */
function eventSteps({ db, tables: { events: table }, dialect }: QueryBase) {
  const afterSeq = gt(table.seq, sql.placeholder("after"));
  const seen = isReached(dialect, table.licenseId, table.meetingId);
  const stepsAmong = (rows: SQL) => ({
    ahead: one(() => {
      const coming = db
        .select({ seq: table.seq })
        .from(table)
        .where(and(rows, afterSeq))
        .orderBy(asc(table.seq))
        .limit(limitOf(EVENTS_A_STEP))
        .as("coming");
      return db.select({ seq: max(coming.seq), looked: count() }).from(coming);
    }),
    list: many(() => {
      const inStep = and(afterSeq, lte(table.seq, sql.placeholder("until")));
      return db
        .select()
        .from(table)
        .where(and(rows, seen, inStep, dialect.isAmong(table.type, givenList("types"))))
        .orderBy(asc(table.seq))
        .limit(givenLimit);
    }),
  });
  const ofLicense = stepsAmong(eq(table.licenseId, sql.placeholder("reachLicenseId")));
  const ofMeeting = stepsAmong(eq(table.meetingId, sql.placeholder("meetingId")));

  return {
    /** Oldest first; looks at no more than `EVENTS_A_STEP` rows, however few of them fit. */
    stepAfter: async (reach: Reach, range: EventRange): Promise<EventStep> => {
      const { after, limit } = range;
      const only = range.meetingId ?? reach.meetingId;
      const { ahead, list } = only === null ? ofLicense : ofMeeting;
      const values = { ...reachValues(reach), ...range, meetingId: only };
      const { seq: until, looked } = (await ahead(values)) ?? { seq: null, looked: 0 };
      if (until === null) return { rows: [], until: after, isLast: true };
      const rows = await list({ ...values, until });
      const isFull = rows.length === limit;
      return { rows, until: isFull ? (rows.at(-1)?.seq ?? until) : until, isLast: !isFull && looked < EVENTS_A_STEP };
    },
  };
}

export function eventQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const table = tables.events;
  const row = wholeRow<NewEvent>(table, ["seq"]);
  const append = run(() => db.insert(table).values(row.placeholders));
  const marksAfter = many(() =>
    db
      .select({ seq: table.seq, licenseId: table.licenseId, type: table.type, meetingId: table.meetingId })
      .from(table)
      .where(gt(table.seq, sql.placeholder("after")))
      .orderBy(asc(table.seq))
      .limit(givenLimit),
  );
  const listBetween = many(() =>
    db
      .select()
      .from(table)
      .where(
        and(
          gt(table.seq, sql.placeholder("after")),
          lte(table.seq, sql.placeholder("until")),
          dialect.isAmong(dialect.unindexed(table.licenseId), givenList("licenseIds")),
          dialect.isAmong(table.type, givenList("types")),
        ),
      )
      .orderBy(asc(table.seq)),
  );
  const latest = one(() => db.select({ seq: max(table.seq) }).from(table));
  const seqOf = one(() =>
    db
      .select({ seq: table.seq })
      .from(table)
      .where(and(isReached(dialect, table.licenseId, table.meetingId), eq(table.id, sql.placeholder("id")))),
  );

  return {
    ...eventSteps(base),
    /** Call it inside the transaction that does what the event tells of. */
    append: (event: NewEvent): Promise<void> => append(row.valuesOf(event)),
    /** Everybody's, oldest first, no more than `limit` of them. */
    marksAfter: (after: number, limit: number): Promise<EventMark[]> => marksAfter({ after, limit }),
    /** Oldest first; looks at every row between. */
    listBetween: (between: EventsBetween): Promise<Event[]> => listBetween({ ...between }),
    /** 0 where nothing has happened yet. */
    latestSeq: async (): Promise<number> => (await latest())?.seq ?? 0,
    /** undefined where the caller knows no such event. */
    seqOf: async (reach: Reach, id: string): Promise<number | undefined> =>
      (await seqOf({ id, ...reachValues(reach) }))?.seq,
  };
}
