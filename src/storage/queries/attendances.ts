import { and, asc, count, eq, isNotNull, isNull, max, ne, sql } from "drizzle-orm";
import { filterConditions, isReached, meetingOf, type Reach, reachValues } from "./conditions.js";
import type { Attendance, QueryBase, Role, Tables } from "../database.js";
import { pagedList } from "./lists/page.js";
import { given, givenColumns, givenList, many, one, wholeRow } from "./prepare.js";

export type NewAttendance = Tables["attendances"]["$inferInsert"];
export type AttendanceField = "JOINED_AT" | "FULL_NAME";

/** All given ones must hold. */
export interface AttendanceFilter {
  /** Made by the rule that made the name's own key. */
  fullNameKeyContains?: string | undefined;
  isPresent?: boolean | undefined;
  role?: readonly Role[] | undefined;
}

type Table = Tables["attendances"];
type Known = Pick<Attendance, "joinedAt" | "leftAt" | "seconds">;

function attendanceList(base: QueryBase) {
  const { attendances, sessions } = base.tables;
  const { contains, oneOf } = filterConditions(base.dialect);
  return pagedList<Attendance, Table, AttendanceField, AttendanceFilter>(base, {
    table: attendances,
    fields: (of) => ({ JOINED_AT: of.joinedAt, FULL_NAME: of.fullNameKey }),
    conditions: ({ fullNameKeyContains, isPresent, role }, of) =>
      and(
        contains(of.fullNameKey, "fullNameKeyContains", fullNameKeyContains),
        isPresent === undefined ? undefined : isPresent ? isNull(of.leftAt) : isNotNull(of.leftAt),
        oneOf(of.role, "role", role),
      ),
    parent: {
      table: sessions,
      link: (of) => of.sessionId,
      isReached: isReached(base.dialect, sessions.licenseId, sessions.meetingId),
    },
  });
}

/** What moderators change of people. */
function moderation({ db, tables: { attendances: table } }: QueryBase) {
  const byId = eq(table.id, sql.placeholder("id"));
  const remove = one(() =>
    db
      .update(table)
      .set({ removedAt: given("removedAt", table.removedAt) })
      .where(and(byId, isNull(table.removedAt)))
      .returning(),
  );
  const setRole = one(() =>
    db
      .update(table)
      .set(givenColumns<Pick<NewAttendance, "role">>(table, ["role"]))
      .where(and(byId, ne(table.role, sql.placeholder("role"))))
      .returning(),
  );

  return {
    /** Nothing where they were removed before. */
    remove: (id: string, removedAt: Date): Promise<Attendance | undefined> => remove({ id, removedAt }),
    /** Nothing where it is theirs already. */
    setRole: (id: string, role: Role): Promise<Attendance | undefined> => setRole({ id, role }),
  };
}

export function attendanceQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const table = tables.attendances;
  const seen = isReached(dialect, table.licenseId, meetingOf(tables.sessions, table.sessionId));
  const byId = eq(table.id, sql.placeholder("id"));
  const ofSession = eq(table.sessionId, sql.placeholder("sessionId"));
  const inside = and(ofSession, isNull(table.leftAt));
  const row = wholeRow<NewAttendance>(table);
  const find = one(() => db.select().from(table).where(byId));
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, dialect.isAmong(table.id, givenList("ids")))),
  );
  // Counted in the index alone, which does not know whose its rows are; then that one is looked up.
  const self = db.select({ self: count() }).from(table).where(and(byId, inside));
  const countOthers = one(() =>
    db
      .select({ others: sql`count(*) - ${self}`.mapWith(Number) })
      .from(table)
      .where(inside),
  );
  const lastLeaving = one(() =>
    db
      .select({ at: max(table.leftAt) })
      .from(table)
      .where(ofSession),
  );
  const listInside = many(() => db.select().from(table).where(inside).orderBy(asc(table.joinedAt), asc(table.id)));
  const listNamed = many(() =>
    db
      .select()
      .from(table)
      .where(and(ofSession, eq(table.fullNameKey, sql.placeholder("fullNameKey"))))
      .orderBy(asc(table.joinedAt)),
  );
  const enter = one(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({ target: table.id, set: { leftAt: null }, setWhere: isNull(table.removedAt) })
      .returning(),
  );
  const settle = one(() => {
    const known = givenColumns<Known>(table, ["joinedAt", "leftAt", "seconds"]);
    return db.insert(table).values(row.placeholders).onConflictDoUpdate({ target: table.id, set: known }).returning();
  });
  const leave = one(() =>
    db
      .update(table)
      .set({
        leftAt: given("leftAt", table.leftAt),
        seconds: sql`${table.seconds} + ${given("seconds", table.seconds)}`,
      })
      .where(and(byId, isNull(table.leftAt)))
      .returning(),
  );
  const list = attendanceList(base);

  return {
    find: (id: string): Promise<Attendance | undefined> => find({ id }),
    findMany: (reach: Reach, ids: readonly string[]): Promise<Attendance[]> => findMany({ ids, ...reachValues(reach) }),
    /** People inside the room, `id` not counted. */
    countOthersInside: async (sessionId: string, id: string): Promise<number> =>
      (await countOthers({ sessionId, id }))?.others ?? 0,
    /** When the latest of those who are gone left. */
    lastLeaving: async (sessionId: string): Promise<Date | null> => (await lastLeaving({ sessionId }))?.at ?? null,
    listInside: (sessionId: string): Promise<Attendance[]> => listInside({ sessionId }),
    /** By the key of their names; who came first comes first. */
    listNamed: (sessionId: string, fullNameKey: string): Promise<Attendance[]> => listNamed({ sessionId, fullNameKey }),
    listOfSessions: list.pagesOf,
    countOfSessions: list.countsOf,
    /** The first entry writes the row; coming back only marks it present again. Nothing where they were removed. */
    enter: (attendance: NewAttendance): Promise<Attendance | undefined> => enter(row.valuesOf(attendance)),
    /** Whatever it was before: the first name and role stay, the times are these. */
    settle: async (attendance: NewAttendance & Known): Promise<Attendance> =>
      (await settle(row.valuesOf(attendance))) as Attendance,
    ...moderation(base),
    leave: (id: string, leftAt: Date, seconds: number): Promise<Attendance | undefined> =>
      leave({ id, leftAt, seconds }),
  };
}
