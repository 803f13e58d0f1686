import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { filterConditions, isOpenOne, isReached, type Reach, reachValues } from "./conditions.js";
import type { QueryBase, Session, Tables } from "../database.js";
import { type SessionFilter, sessionCount } from "./days/day-counts.js";
import { type PageRequest, pagedList } from "./lists/page.js";
import { given, givenColumns, givenList, many, mustChange, one, run, wholeRow, givenLimit } from "./prepare.js";
import { sessionSteps } from "./session-steps.js";
import { shownRow } from "./lists/shown-row.js";
import { NEVER_MS, OVER_ELSEWHERE, type StoredSettings } from "../schema/columns.js";

export type NewSession = Tables["sessions"]["$inferInsert"];
export type { SessionFilter };
export type SessionField = "STARTED_AT" | "ENDED_AT";

export const endedSortKey = ({ endedAt }: Session): number => endedAt?.getTime() ?? NEVER_MS;

/** What is looked at of an open session again and again. */
export type OpenSession = Pick<Session, "id" | "meetingId" | "status" | "engine" | "emptySince">;

/** One that is over, while its room elsewhere is still looked for. */
export type OverElsewhere = Pick<Session, "id" | "endCause">;

/** What few sessions of a license are is said by itself, so that an index finds them. */
interface StoredFilter extends SessionFilter {
  isFailed?: boolean;
  isOpen?: boolean;
}

function stored({ meetingId }: Reach, filter: SessionFilter | undefined): StoredFilter | undefined {
  if (!filter?.status?.length || meetingId !== null) return filter;
  const { status, ...others } = filter;
  if (status.every((each) => each === "FAILED")) return { ...others, isFailed: true };
  return status.some((each) => each === "ENDED" || each === "FAILED") ? filter : { ...filter, isOpen: true };
}

type Table = Tables["sessions"];
type Found = Promise<Session | undefined>;

function sessionList(base: QueryBase) {
  const { db, dialect, tables } = base;
  const { meetings, sessions } = tables;
  const { during, oneOf } = filterConditions(dialect);
  const openOfLicense = () => {
    const others = alias(sessions, "open");
    const ofLicense = eq(others.licenseId, sql.placeholder("reachLicenseId"));
    return db
      .select({ id: others.id })
      .from(others)
      .where(and(ofLicense, isOpenOne(dialect, others)));
  };
  const list = pagedList<Session, Table, SessionField, StoredFilter>(base, {
    table: sessions,
    fields: (of) => ({
      STARTED_AT: of.startedAt,
      ENDED_AT: { by: dialect.orNever(of.endedAt), like: of.endedAt },
    }),
    scope: (of, within, filter) =>
      within(filter?.isOpen ? dialect.unindexed(of.licenseId) : of.licenseId, (id) => eq(of.meetingId, id)),
    conditions: ({ startedAt, status, isFailed, isOpen }, of) =>
      and(
        during(of.startedAt, "startedAt", startedAt),
        oneOf(of.status, "status", status),
        isFailed ? sql`${of.status} = 'FAILED'` : undefined,
        isOpen ? inArray(of.id, openOfLicense()) : undefined,
      ),
    parent: {
      table: meetings,
      link: (of) => of.meetingId,
      isReached: isReached(dialect, meetings.licenseId, meetings.id),
    },
  });
  const counted = sessionCount(base);
  type Request = PageRequest<SessionField, SessionFilter>;
  return {
    list: (reach: Reach, request: Request) => list.page(reach, { ...request, filter: stored(reach, request.filter) }),
    skip: (reach: Reach, request: Request, rows: number) =>
      list.skip(reach, { ...request, filter: stored(reach, request.filter) }, rows),
    count: (reach: Reach, filter?: SessionFilter): Promise<number> =>
      reach.meetingId === null ? counted(reach.licenseId, filter) : list.count(reach, filter),
    listOfMeetings: list.pagesOf,
    countOfMeetings: list.countsOf,
  };
}

function sessionReads(base: QueryBase) {
  const { db, dialect } = base;
  const table = base.tables.sessions;
  const open = isNull(table.endedAt);
  const byId = eq(table.id, sql.placeholder("id"));
  const where = (...conditions: (SQL | undefined)[]) =>
    db
      .select()
      .from(table)
      .where(and(...conditions));
  const seen = isReached(dialect, table.licenseId, table.meetingId);
  const find = one(() => where(seen, byId));
  const findShown = shownRow<Session, Table>(base, { table, where: and(seen, byId) });
  const findMany = many(() => where(seen, dialect.isAmong(table.id, givenList("ids"))));
  const findAnyones = one(() => where(byId));
  const lock = one(() => dialect.locking(where(byId)));
  const findOpen = one(() => where(seen, eq(table.meetingId, sql.placeholder("meetingId")), open));
  const findOpenOfMeetings = many(() => where(seen, dialect.isAmong(table.meetingId, givenList("meetingIds")), open));
  const listOpen = many(() => where(open).orderBy(asc(table.startedAt), asc(table.id)));
  const listOpenAfter = many(() =>
    db
      .select({
        id: table.id,
        meetingId: table.meetingId,
        status: table.status,
        engine: table.engine,
        emptySince: table.emptySince,
      })
      .from(table)
      .where(and(open, gt(table.meetingId, sql.placeholder("after"))))
      .orderBy(asc(table.meetingId))
      .limit(givenLimit),
  );
  const listOverElsewhere = many(() =>
    db
      .select({ id: table.id, endCause: table.endCause })
      .from(table)
      .where(
        and(
          eq(table.engine, sql.placeholder("engine")),
          gte(table.endedAt, given("since", table.endedAt)),
          sql.raw(OVER_ELSEWHERE),
        ),
      )
      .orderBy(desc(table.endedAt))
      .limit(givenLimit),
  );
  const findRoom = one(() =>
    where(eq(table.engine, sql.placeholder("engine")), eq(table.engineRoomId, sql.placeholder("engineRoomId")), open),
  );
  const listEnded = many(() => where(dialect.isAmong(table.id, givenList("ids")), isNotNull(table.endedAt)));

  return {
    find: (reach: Reach, id: string): Found => find({ id, ...reachValues(reach) }),
    /** With what is named only. */
    findShown: (reach: Reach, id: string, names: readonly string[]): Found =>
      findShown({ id, ...reachValues(reach) }, names),
    findMany: (reach: Reach, ids: readonly string[]): Promise<Session[]> => findMany({ ids, ...reachValues(reach) }),
    /** For visitors and the operator, who come without a license: the signed link, or the shell, is their right. */
    findAnyones: (id: string): Found => findAnyones({ id }),
    /**
     * The same inside a transaction, where nobody else changes the session, or counts and lets in its people, until
     * this transaction ends.
     */
    lock: (id: string): Found => lock({ id }),
    findOpen: (reach: Reach, meetingId: string): Found => findOpen({ meetingId, ...reachValues(reach) }),
    findOpenOfMeetings: (reach: Reach, meetingIds: readonly string[]): Promise<Session[]> =>
      findOpenOfMeetings({ meetingIds, ...reachValues(reach) }),
    listOpen: (): Promise<Session[]> => listOpen(),
    /** Of meetings after this one, of which each has one at most; in the meetings' order. */
    listOpenAfter: (meetingId: string, limit: number): Promise<OpenSession[]> =>
      listOpenAfter({ after: meetingId, limit }),
    /** Of an engine elsewhere, since this instant; the latest first. */
    listOverElsewhere: (engine: string, since: Date, limit: number): Promise<OverElsewhere[]> =>
      listOverElsewhere({ engine, since, limit }),
    /** The open session whose room has this id at its engine. */
    findRoom: (engine: string, engineRoomId: string): Found => findRoom({ engine, engineRoomId }),
    /** Which of these are over. */
    listEnded: (ids: readonly string[]): Promise<Session[]> => listEnded({ ids }),
  };
}

export function sessionQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const table = tables.sessions;
  const row = wholeRow<NewSession>(table);
  const openOne = and(eq(table.id, sql.placeholder("id")), isNull(table.endedAt));
  const insert = mustChange(base, () => db.insert(table).values(row.placeholders).onConflictDoNothing());
  const noteEmpty = run(() =>
    db
      .update(table)
      .set({ emptySince: given("emptySince", table.emptySince) })
      .where(openOne),
  );
  const setSettings = one(() =>
    db
      .update(table)
      .set(givenColumns<Pick<NewSession, "settings">>(table, ["settings"]))
      .where(and(eq(table.id, sql.placeholder("id")), eq(table.status, "RUNNING")))
      .returning(),
  );
  const notePresent = run(() =>
    db
      .update(table)
      .set({ emptySince: null, peakPresent: dialect.greatest(table.peakPresent, given("present", table.peakPresent)) })
      .where(openOne),
  );

  return {
    ...sessionList(base),
    ...sessionReads(base),
    ...sessionSteps(base),
    /** @throws Error where the meeting has an open session already, which who inserts one has looked for */
    insert: async (session: NewSession): Promise<Session> => {
      const whole = row.valuesOf(session);
      await insert(whole, () => new Error("an open session appeared inside this transaction"));
      return whole as Session;
    },
    noteEmpty: (id: string, emptySince: Date): Promise<void> => noteEmpty({ id, emptySince }),
    /** Nothing where it does not run. */
    setSettings: (id: string, settings: StoredSettings): Found => setSettings({ id, settings }),
    notePresent: (id: string, present: number): Promise<void> => notePresent({ id, present }),
  };
}
