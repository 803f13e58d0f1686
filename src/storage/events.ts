import { and, asc, count, eq, gt, inArray, lte, max, sql } from "drizzle-orm";
import { type Reach, reachValues, withinReach } from "./conditions.js";
import type { Event, Handle } from "./database.js";
import { events as table } from "./schema/sqlite.js";

export type NewEvent = Omit<typeof table.$inferInsert, "seq">;

/** What of an event tells whom it concerns. */
export type EventMark = Pick<Event, "seq" | "licenseId" | "type" | "meetingId">;

export interface EventRange {
  /** Begins after this `seq`. */
  after: number;
  types: readonly string[];
  meetingId: string | null;
  limit: number;
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

export function eventQueries(db: Handle) {
  const marksAfter = db
    .select({ seq: table.seq, licenseId: table.licenseId, type: table.type, meetingId: table.meetingId })
    .from(table)
    .where(gt(table.seq, sql.placeholder("after")))
    .orderBy(asc(table.seq))
    .limit(sql.placeholder("limit"))
    .prepare();
  const latest = db
    .select({ seq: max(table.seq) })
    .from(table)
    .prepare();
  const coming = db
    .select({ seq: table.seq })
    .from(table)
    .where(and(eq(table.licenseId, sql.placeholder("reachLicenseId")), gt(table.seq, sql.placeholder("after"))))
    .orderBy(asc(table.seq))
    .limit(EVENTS_A_STEP)
    .as("coming");
  const ahead = db
    .select({ seq: max(coming.seq), looked: count() })
    .from(coming)
    .prepare();
  const within = withinReach(table.licenseId, table.meetingId);

  return {
    /** Call it inside the transaction that does what the event tells of. */
    append: async (event: NewEvent): Promise<void> => {
      await db.insert(table).values(event).run();
    },
    /** Everybody's, oldest first, no more than `limit` of them. */
    marksAfter: async (after: number, limit: number): Promise<EventMark[]> => marksAfter.all({ after, limit }),
    /** 0 where nothing has happened yet. */
    latestSeq: async (): Promise<number> => (await latest.get())?.seq ?? 0,
    /** undefined where the caller knows no such event. */
    seqOf: async (reach: Reach, id: string): Promise<number | undefined> =>
      (
        await db
          .select({ seq: table.seq })
          .from(table)
          .where(and(within, eq(table.id, id)))
          .get(reachValues(reach))
      )?.seq,
    /** Oldest first; looks at no more than `EVENTS_A_STEP` rows, however few of them fit. */
    stepAfter: async (reach: Reach, { after, types, meetingId, limit }: EventRange): Promise<EventStep> => {
      const { seq: until, looked } = (await ahead.get({ ...reachValues(reach), after })) ?? { seq: null, looked: 0 };
      if (until === null) return { rows: [], until: after, isLast: true };
      const rows = await db
        .select()
        .from(table)
        .where(
          and(
            within,
            gt(table.seq, after),
            lte(table.seq, until),
            inArray(table.type, [...types]),
            meetingId === null ? undefined : eq(table.meetingId, meetingId),
          ),
        )
        .orderBy(asc(table.seq))
        .limit(limit)
        .all(reachValues(reach));
      const isFull = rows.length === limit;
      return { rows, until: isFull ? (rows.at(-1)?.seq ?? until) : until, isLast: !isFull && looked < EVENTS_A_STEP };
    },
  };
}
