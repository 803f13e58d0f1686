import { and, asc, count, eq, inArray, isNotNull, isNull, max, ne, sql } from "drizzle-orm";
import { contains, meetingOf, oneOf, type Reach, reachValues, withinReach } from "./conditions.js";
import type { Attendance, Handle, Role } from "./database.js";
import { pagedList } from "./page.js";
import { sessions, attendances as table } from "./schema/sqlite.js";

export type NewAttendance = typeof table.$inferInsert;
export type AttendanceField = "JOINED_AT" | "FULL_NAME";

/** All given ones must hold. */
export interface AttendanceFilter {
  /** Made by the rule that made the name's own key. */
  fullNameKeyContains?: string | undefined;
  isPresent?: boolean | undefined;
  role?: readonly Role[] | undefined;
}

const within = (of: typeof table) => withinReach(of.licenseId, meetingOf(of.sessionId));

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
  const list = pagedList<Attendance, typeof table, AttendanceField, AttendanceFilter>(db, {
    table,
    fields: (of) => ({ JOINED_AT: of.joinedAt, FULL_NAME: of.fullNameKey }),
    scope: within,
    conditions: ({ fullNameKeyContains, isPresent, role }, of) =>
      and(
        contains(of.fullNameKey, fullNameKeyContains),
        isPresent === undefined ? undefined : isPresent ? isNull(of.leftAt) : isNotNull(of.leftAt),
        oneOf(of.role, role),
      ),
    parent: { table: sessions, link: (of) => of.sessionId },
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
    findMany: async (reach: Reach, ids: readonly string[]): Promise<Attendance[]> =>
      db
        .select()
        .from(table)
        .where(and(within(table), inArray(table.id, [...ids])))
        .all(reachValues(reach)),
    listOfSessions: list.pagesOf,
    countOfSessions: list.countsOf,
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
