import { and, asc, eq, exists, isNull, ne, not, type SQL, sql } from "drizzle-orm";
import { isReached, meetingOf, type Reach } from "./conditions.js";
import type { QueryBase, Stay, Tables } from "../database.js";
import { type PageRequest, pagedList } from "./lists/page.js";
import { given, givenColumns, givenList, many, one, run, wholeRow, givenLimit, limitOf } from "./prepare.js";

export type NewStay = Tables["stays"]["$inferInsert"];

type Line = Pick<Stay, "instanceId" | "engineUserId">;

export type StayField = "JOINED_AT";

type Table = Tables["stays"];

/** What took another's place counts, what it took the place of is shown nowhere. */
const counting = { counts: true };

function stayList(base: QueryBase) {
  const { stays, attendances, sessions } = base.tables;
  const list = pagedList<Stay, Table, StayField, typeof counting>(base, {
    table: stays,
    fields: (of) => ({ JOINED_AT: of.joinedAt }),
    conditions: (_filter, of) => isNull(of.supersededAt),
    parent: {
      table: attendances,
      link: (of) => of.attendanceId,
      isReached: isReached(base.dialect, attendances.licenseId, meetingOf(sessions, attendances.sessionId)),
    },
  });
  return {
    listOfAttendances: (reach: Reach, ids: readonly string[], request: PageRequest<StayField, undefined>) =>
      list.pagesOf(reach, ids, { ...request, filter: counting }),
    countOfAttendances: (reach: Reach, ids: readonly string[]) => list.countsOf(reach, ids, counting),
  };
}

/** What is done to the stays of one person when more is known of them. */
function stayCorrections({ db, tables: { stays: table } }: QueryBase) {
  const byId = eq(table.id, sql.placeholder("id"));
  const listCounting = many(() =>
    db
      .select()
      .from(table)
      .where(and(eq(table.attendanceId, sql.placeholder("attendanceId")), isNull(table.supersededAt)))
      .orderBy(asc(table.joinedAt)),
  );
  const correct = run(() =>
    db
      .update(table)
      .set(givenColumns<Pick<Stay, "leftAt" | "source" | "engineUserId">>(table, ["leftAt", "source", "engineUserId"]))
      .where(byId),
  );
  const at = given("at", table.supersededAt);
  const supersede = run(() =>
    db
      .update(table)
      .set({ supersededAt: at, leftAt: sql`coalesce(${table.leftAt}, ${at})` })
      .where(byId),
  );
  return {
    /** In order. */
    listCounting: (attendanceId: string): Promise<Stay[]> => listCounting({ attendanceId }),
    correct: (id: string, known: Pick<Stay, "leftAt" | "source" | "engineUserId">): Promise<void> =>
      correct({ id, ...known }),
    /** It counts no more, and is open no more. */
    supersede: (id: string, instant: Date): Promise<void> => supersede({ id, at: instant }),
  };
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
  const listOpenOfSession = many(() => open(eq(table.sessionId, sql.placeholder("sessionId"))));
  const { instances } = base.tables;
  const isThere = and(
    eq(instances.id, table.instanceId),
    not(dialect.isLongAgo(instances.seenAt, sql.placeholder("lostMs"))),
  );
  const ofLost = () => not(exists(db.select({ id: instances.id }).from(instances).where(isThere)));
  const listOpenOfLost = many(() => open(and(ne(table.instanceId, instanceId), ofLost()) as SQL).limit(givenLimit));
  const anyOpenOf = one(() => open(eq(table.instanceId, instanceId)).limit(limitOf(1)));
  const insert = run(() => db.insert(table).values(row.placeholders));
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
    ...stayList(base),
    ...stayCorrections(base),
    listOpenOfSession: (sessionId: string): Promise<Stay[]> => listOpenOfSession({ sessionId }),
    /** Open stays that another process than this one saw, which was not seen itself for so long; no more than `limit`. */
    listOpenOfLost: (instance: string, lostMs: number, limit: number): Promise<Stay[]> =>
      listOpenOfLost({ instanceId: instance, lostMs, limit }),
    /** Whether this process sees anyone inside. */
    hasOpenOf: async (instance: string): Promise<boolean> => (await anyOpenOf({ instanceId: instance })) !== undefined,
    insert: (stay: NewStay): Promise<void> => insert(row.valuesOf(stay)),
    /** The same stay goes on, seen by the process and over the line that are given now. */
    carryOn: (id: string, line: Line): Promise<void> => carryOn({ id, ...line }),
    close: (id: string, leftAt: Date, source: Stay["source"]): Promise<void> => close({ id, leftAt, source }),
  };
}
