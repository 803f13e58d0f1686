import { and, eq, exists, inArray, isNotNull, isNull, not, sql } from "drizzle-orm";
import {
  filterConditions,
  type Interval,
  isOpenOne,
  isReached,
  type Reach,
  reachValues,
  readFilter,
} from "./conditions.js";
import type { LicenseId, Meeting, QueryBase, Tables } from "../database.js";
import { type PagedList, pagedList } from "./lists/page.js";
import { given, givenColumns, givenList, many, type One, one, run, shapes, wholeRow } from "./prepare.js";
import { shownRow } from "./lists/shown-row.js";

export type NewMeeting = Tables["meetings"]["$inferInsert"];
export type MeetingChange = Partial<
  Pick<Meeting, "title" | "titleKey" | "moderatorPassword" | "welcomeText" | "settings">
>;
export type MeetingField = "CREATED_AT" | "UPDATED_AT" | "TITLE";

/** All given ones must hold. */
export interface MeetingFilter {
  createdAt?: Interval | undefined;
  isRunning?: boolean | undefined;
  /** All of these switches are on. */
  settingsEnabled?: readonly string[] | undefined;
  /** Made by the rule that made the title's own key. */
  titleKeyContains?: string | undefined;
}

type Table = Tables["meetings"];

/** As a list has it, which was asked for its columns by name. */
export type ListedMeeting = Meeting & { isRunning?: boolean };

const hasOpenSessionIn =
  ({ db, tables: { sessions } }: QueryBase) =>
  (of: Table) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(sessions)
        .where(and(eq(sessions.meetingId, of.id), isNull(sessions.endedAt))),
    );

const isRunningIn = (base: QueryBase, of: Table) => sql`${hasOpenSessionIn(base)(of)}`.mapWith(Boolean);

function meetingList(base: QueryBase) {
  const { db, dialect, tables } = base;
  const { sessions } = tables;
  const { during, contains, areOn } = filterConditions(dialect);
  const hasOpenSession = hasOpenSessionIn(base);
  /** Few run of many: they are found by the license's open sessions. */
  const isRunningNow = (of: Table) => {
    const ofLicense = eq(sessions.licenseId, sql.placeholder("reachLicenseId"));
    const running = db.select({ id: sessions.meetingId }).from(sessions);
    return inArray(of.id, running.where(and(ofLicense, isOpenOne(dialect, sessions))));
  };
  return pagedList<ListedMeeting, Table, MeetingField, MeetingFilter>(base, {
    table: tables.meetings,
    fields: (of) => ({ CREATED_AT: of.createdAt, UPDATED_AT: of.updatedAt, TITLE: of.titleKey }),
    scope: (of, within, filter) => {
      const license = filter?.isRunning ? dialect.unindexed(of.licenseId) : of.licenseId;
      return and(
        within(license, (meetingId) => eq(of.id, meetingId)),
        isNull(of.deletedAt),
      );
    },
    computed: (of) => ({ isRunning: isRunningIn(base, of) }),
    conditions: ({ createdAt, isRunning, settingsEnabled, titleKeyContains }, of) =>
      and(
        during(of.createdAt, "createdAt", createdAt),
        isRunning === undefined ? undefined : isRunning ? isRunningNow(of) : not(hasOpenSession(of)),
        areOn(of.settings, "settingsEnabled", settingsEnabled),
        contains(of.titleKey, "titleKeyContains", titleKeyContains),
        titleKeyContains ? isNotNull(of.title) : undefined,
      ),
  });
}

/** How many there are of a whole license stands in its row. */
function meetingCount(
  { db, tables: { licenses } }: QueryBase,
  counted: PagedList<Meeting, MeetingField, MeetingFilter>["count"],
) {
  const all = one(() =>
    db
      .select({ rows: licenses.meetingCount })
      .from(licenses)
      .where(eq(licenses.id, sql.placeholder("licenseId"))),
  );
  return async (reach: Reach, filter: MeetingFilter = {}): Promise<number> => {
    const { shape } = readFilter(filter);
    if (reach.meetingId !== null || (shape !== "" && shape !== "isRunning=false")) return counted(reach, filter);
    const whole = all({ licenseId: reach.licenseId });
    if (shape === "") return (await whole)?.rows ?? 0;
    // Both are asked before either is waited for, so that they see one moment where there is one.
    const [found, running] = await Promise.all([whole, counted(reach, { isRunning: true })]);
    return (found?.rows ?? 0) - running;
  };
}

export function meetingQueries(base: QueryBase) {
  const { db, dialect, tables } = base;
  const table = tables.meetings;
  const byId = eq(table.id, sql.placeholder("id"));
  /** Of a row that was found within the caller's reach in the same transaction. */
  const liveOne = and(eq(table.licenseId, sql.placeholder("licenseId")), byId, isNull(table.deletedAt));
  const row = wholeRow<NewMeeting>(table);
  const seen = isReached(dialect, table.licenseId, table.id);
  const live = isNull(table.deletedAt);
  const find = one(() =>
    db
      .select()
      .from(table)
      .where(and(seen, live, byId)),
  );
  const findShown = shownRow<ListedMeeting, Table>(base, {
    table,
    where: and(seen, live, byId),
    computed: { isRunning: isRunningIn(base, table) },
  });
  const findAny = one(() => db.select().from(table).where(and(seen, byId)));
  const findMany = many(() =>
    db
      .select()
      .from(table)
      .where(and(seen, live, dialect.isAmong(table.id, givenList("ids")))),
  );
  const insert = run(() => db.insert(table).values(row.placeholders));
  const updates = shapes<One<Meeting>>(50);
  const updateOf = (keys: (keyof MeetingChange)[]) =>
    one(() =>
      db
        .update(table)
        .set(givenColumns<MeetingChange & { updatedAt: Date }>(table, [...keys, "updatedAt"]))
        .where(liveOne)
        .returning(),
    );
  const markDeleted = run(() => {
    const at = given("deletedAt", table.deletedAt);
    return db.update(table).set({ deletedAt: at, updatedAt: at }).where(liveOne);
  });
  const list = meetingList(base);

  return {
    find: (reach: Reach, id: string): Promise<Meeting | undefined> => find({ id, ...reachValues(reach) }),
    /** With what is named only. */
    findShown: (reach: Reach, id: string, names: readonly string[]): Promise<ListedMeeting | undefined> =>
      findShown({ id, ...reachValues(reach) }, names),
    findMany: (reach: Reach, ids: readonly string[]): Promise<Meeting[]> => findMany({ ids, ...reachValues(reach) }),
    /** Also a deleted one. */
    findAny: (reach: Reach, id: string): Promise<Meeting | undefined> => findAny({ id, ...reachValues(reach) }),
    list: list.page,
    skip: list.skip,
    count: meetingCount(base, list.count),
    insert: async (meeting: NewMeeting): Promise<Meeting> => {
      const whole = row.valuesOf(meeting);
      await insert(whole);
      // Read back, it would be the same again.
      return whole as Meeting;
    },
    /** Writes what `change` names and leaves the rest as it is. */
    update: (
      licenseId: LicenseId,
      id: string,
      change: MeetingChange,
      updatedAt: Date,
    ): Promise<Meeting | undefined> => {
      const keys = (Object.keys(change) as (keyof MeetingChange)[]).filter((key) => change[key] !== undefined);
      const update = updates(keys.toSorted().join(), () => updateOf(keys));
      return update({ ...change, updatedAt, licenseId, id });
    },
    markDeleted: (licenseId: LicenseId, id: string, deletedAt: Date): Promise<void> =>
      markDeleted({ licenseId, id, deletedAt }),
  };
}
