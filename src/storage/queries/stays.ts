import { and, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import { isReached, meetingOf } from "./conditions.js";
import type { QueryBase, Stay, Tables } from "../database.js";
import { pagedList } from "./page.js";
import { givenColumns, givenList, many, one, run, wholeRow, givenLimit, limitOf } from "./prepare.js";

export type NewStay = Tables["stays"]["$inferInsert"];

type Line = Pick<Stay, "instanceId" | "engineUserId">;

export type StayField = "JOINED_AT";

type Table = Tables["stays"];

function stayList(base: QueryBase) {
  const { stays, attendances, sessions } = base.tables;
  return pagedList<Stay, Table, StayField, undefined>(base, {
    table: stays,
    fields: (of) => ({ JOINED_AT: of.joinedAt }),
    conditions: () => undefined,
    parent: {
      table: attendances,
      link: (of) => of.attendanceId,
      isReached: isReached(base.dialect, attendances.licenseId, meetingOf(sessions, attendances.sessionId)),
    },
  });
}

export function stayQueries(base: QueryBase) {
  const { db, dialect } = base;
  const table = base.tables.stays;
  const byId = eq(table.id, sql.placeholder("id"));
  const instanceId = sql.placeholder("instanceId");
  const row = wholeRow<NewStay>(table);
  const open = (condition: SQL) =>
    db
      .select()
      .from(table)
      .where(and(condition, isNull(table.leftAt)));
  const findOpen = one(() => open(eq(table.attendanceId, sql.placeholder("attendanceId"))));
  const findOpenOfAttendances = many(() => open(dialect.isAmong(table.attendanceId, givenList("ids"))));
  const list = stayList(base);
  const listOpenOfSession = many(() => open(eq(table.sessionId, sql.placeholder("sessionId"))));
  const listOpenOfOthers = many(() => open(ne(table.instanceId, instanceId)).limit(givenLimit));
  const anyOpenOf = one(() => open(eq(table.instanceId, instanceId)).limit(limitOf(1)));
  const insert = one(() => db.insert(table).values(row.placeholders).returning());
  const carryOn = run(() =>
    db
      .update(table)
      .set(givenColumns<Line>(table, ["instanceId", "engineUserId"]))
      .where(byId),
  );
  const close = run(() =>
    db
      .update(table)
      .set(givenColumns<Pick<NewStay, "leftAt" | "source">>(table, ["leftAt", "source"]))
      .where(and(byId, isNull(table.leftAt))),
  );

  return {
    findOpen: (attendanceId: string): Promise<Stay | undefined> => findOpen({ attendanceId }),
    findOpenOfAttendances: (ids: readonly string[]): Promise<Stay[]> => findOpenOfAttendances({ ids }),
    listOfAttendances: list.pagesOf,
    countOfAttendances: list.countsOf,
    listOpenOfSession: (sessionId: string): Promise<Stay[]> => listOpenOfSession({ sessionId }),
    /** Open stays that were seen by another process than this one, no more than `limit` of them. */
    listOpenOfOthers: (instance: string, limit: number): Promise<Stay[]> =>
      listOpenOfOthers({ instanceId: instance, limit }),
    /** Whether this process sees anyone inside. */
    hasOpenOf: async (instance: string): Promise<boolean> => (await anyOpenOf({ instanceId: instance })) !== undefined,
    insert: async (stay: NewStay): Promise<Stay> => (await insert(row.valuesOf(stay))) as Stay,
    /** The same stay goes on, seen by the process and over the line that are given now. */
    carryOn: (id: string, line: Line): Promise<void> => carryOn({ id, ...line }),
    close: (id: string, leftAt: Date, source: Stay["source"]): Promise<void> => close({ id, leftAt, source }),
  };
}
