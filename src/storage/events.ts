import { and, asc, eq, gt, inArray, max, sql } from "drizzle-orm";
import { type Reach, reachValues, withinReach } from "./conditions.js";
import type { Event, Handle, LicenseId } from "./database.js";
import { events as table } from "./schema/sqlite.js";

export type NewEvent = Omit<typeof table.$inferInsert, "seq">;

/** What of an event tells whom it concerns. */
export type EventMark = Pick<Event, "seq" | "licenseId" | "type">;

export interface EventRange {
  /** Begins after this `seq`. */
  after: number;
  types: readonly string[];
  meetingId: string | null;
  limit: number;
}

export function eventQueries(db: Handle) {
  const marksAfter = db
    .select({ seq: table.seq, licenseId: table.licenseId, type: table.type })
    .from(table)
    .where(gt(table.seq, sql.placeholder("after")))
    .orderBy(asc(table.seq))
    .prepare();
  const latest = db
    .select({ seq: max(table.seq) })
    .from(table)
    .prepare();
  const within = withinReach(table.licenseId, table.meetingId);

  return {
    /** Call it inside the transaction that does what the event tells of. */
    append: async (event: NewEvent): Promise<void> => {
      await db.insert(table).values(event).run();
    },
    /** Whether such a thing has ever happened to this license. */
    has: async (licenseId: LicenseId, type: string): Promise<boolean> => {
      const ofType = and(eq(table.licenseId, licenseId), eq(table.type, type));
      return (await db.select({ seq: table.seq }).from(table).where(ofType).limit(1).get()) !== undefined;
    },
    /** Everybody's, oldest first. */
    marksAfter: async (after: number): Promise<EventMark[]> => marksAfter.all({ after }),
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
    /** Oldest first. */
    listAfter: async (reach: Reach, { after, types, meetingId, limit }: EventRange): Promise<Event[]> =>
      db
        .select()
        .from(table)
        .where(
          and(
            within,
            gt(table.seq, after),
            inArray(table.type, [...types]),
            meetingId === null ? undefined : eq(table.meetingId, meetingId),
          ),
        )
        .orderBy(asc(table.seq))
        .limit(limit)
        .all(reachValues(reach)),
  };
}
