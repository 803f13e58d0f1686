import { and, asc, count, eq, isNull, max, ne, sql } from "drizzle-orm";
import type { Attendance, Handle, LicenseId } from "./database.js";
import { type PageRequest, pagedList } from "./page.js";
import { attendances as table } from "./schema/sqlite.js";

export type NewAttendance = typeof table.$inferInsert;
export type AttendanceField = "JOINED_AT" | "FULL_NAME";

const inside = and(eq(table.sessionId, sql.placeholder("sessionId")), isNull(table.leftAt));

export function attendanceQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(eq(table.id, sql.placeholder("id")))
    .prepare();
  const countOthers = db
    .select({ others: count() })
    .from(table)
    .where(and(inside, ne(table.id, sql.placeholder("id"))))
    .prepare();
  const listInside = db.select().from(table).where(inside).orderBy(asc(table.joinedAt), asc(table.id)).prepare();
  const list = pagedList<Attendance, AttendanceField>(db, {
    table,
    fields: { JOINED_AT: table.joinedAt, FULL_NAME: table.fullNameKey },
    scope: and(eq(table.licenseId, sql.placeholder("licenseId")), eq(table.sessionId, sql.placeholder("sessionId"))),
  });

  return {
    find: async (id: string): Promise<Attendance | undefined> => find.get({ id }),
    /** People inside the room, `id` not counted. */
    countOthersInside: async (sessionId: string, id: string): Promise<number> =>
      (await countOthers.get({ sessionId, id }))?.others ?? 0,
    /** When the latest of those who are gone left. */
    lastLeaving: async (sessionId: string): Promise<Date | null> =>
      (
        await db
          .select({ at: max(table.leftAt) })
          .from(table)
          .where(eq(table.sessionId, sessionId))
          .get()
      )?.at ?? null,
    listInside: async (sessionId: string): Promise<Attendance[]> => listInside.all({ sessionId }),
    listOfSession: (
      licenseId: LicenseId,
      sessionId: string,
      page: PageRequest<AttendanceField>,
    ): Promise<Attendance[]> => list(page, { licenseId, sessionId }),
    /** The first entry writes the row; coming back only marks it present again. */
    enter: async (row: NewAttendance): Promise<Attendance> =>
      db
        .insert(table)
        .values(row)
        .onConflictDoUpdate({ target: table.id, set: { leftAt: null } })
        .returning()
        .get(),
    leave: async (id: string, leftAt: Date, seconds: number): Promise<Attendance | undefined> =>
      db
        .update(table)
        .set({ leftAt, seconds: sql`${table.seconds} + ${seconds}` })
        .where(and(eq(table.id, id), isNull(table.leftAt)))
        .returning()
        .get(),
  };
}
