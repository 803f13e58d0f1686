import { and, asc, eq, gt } from "drizzle-orm";
import type { Event, Handle, LicenseId } from "./database.js";
import { events as table } from "./schema/sqlite.js";

export type NewEvent = Omit<typeof table.$inferInsert, "seq">;

export function eventQueries(db: Handle) {
  return {
    /** Call it inside the transaction that does what the event tells of. */
    append: async (event: NewEvent): Promise<void> => {
      await db.insert(table).values(event).run();
    },
    listAfter: async (licenseId: LicenseId, seq: number, limit: number): Promise<Event[]> =>
      db
        .select()
        .from(table)
        .where(and(eq(table.licenseId, licenseId), gt(table.seq, seq)))
        .orderBy(asc(table.seq))
        .limit(limit)
        .all(),
  };
}
