import { and, asc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Handle, Stay } from "./database.js";
import { stays as table } from "./schema/sqlite.js";

export type NewStay = typeof table.$inferInsert;

const openLive = and(isNull(table.leftAt), eq(table.source, "LIVE"));

export function stayQueries(db: Handle) {
  const findOpen = db
    .select()
    .from(table)
    .where(and(eq(table.attendanceId, sql.placeholder("attendanceId")), openLive))
    .prepare();

  return {
    findOpen: async (attendanceId: string): Promise<Stay | undefined> => findOpen.get({ attendanceId }),
    listOfAttendances: async (ids: readonly string[]): Promise<Stay[]> =>
      db
        .select()
        .from(table)
        .where(inArray(table.attendanceId, [...ids]))
        .orderBy(asc(table.joinedAt), asc(table.id))
        .all(),
    listOpenOfSession: async (sessionId: string): Promise<Stay[]> =>
      db
        .select()
        .from(table)
        .where(and(eq(table.sessionId, sessionId), openLive))
        .all(),
    /** Open stays that were seen by another process than this one. */
    listOpenOfOthers: async (instanceId: string): Promise<Stay[]> =>
      db
        .select()
        .from(table)
        .where(and(openLive, ne(table.instanceId, instanceId)))
        .all(),
    insert: async (row: NewStay): Promise<Stay> => db.insert(table).values(row).returning().get(),
    /** The same stay goes on under the process that sees it now. */
    adopt: async (id: string, instanceId: string): Promise<void> => {
      await db.update(table).set({ instanceId }).where(eq(table.id, id)).run();
    },
    close: async (id: string, leftAt: Date, source: Stay["source"] = "LIVE"): Promise<void> => {
      await db
        .update(table)
        .set({ leftAt, source })
        .where(and(eq(table.id, id), isNull(table.leftAt)))
        .run();
    },
  };
}
