import { and, eq, exists, inArray, isNotNull, isNull, not, sql } from "drizzle-orm";
import { contains, during, type Interval, isOn, type Reach, reachValues, withinReach } from "./conditions.js";
import type { Handle, LicenseId, Meeting } from "./database.js";
import { pagedList } from "./page.js";
import { meetings as table, sessions } from "./schema/sqlite.js";

export type NewMeeting = typeof table.$inferInsert;
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

const live = (of: typeof table) => and(withinReach(of.licenseId, of.id), isNull(of.deletedAt));

export function meetingQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(live(table), eq(table.id, sql.placeholder("id"))))
    .prepare();
  const findAny = db
    .select()
    .from(table)
    .where(and(withinReach(table.licenseId, table.id), eq(table.id, sql.placeholder("id"))))
    .prepare();
  const hasOpenSession = (of: typeof table) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(sessions)
        .where(and(eq(sessions.meetingId, of.id), isNull(sessions.endedAt))),
    );
  const list = pagedList<Meeting, typeof table, MeetingField, MeetingFilter>(db, {
    table,
    fields: (of) => ({ CREATED_AT: of.createdAt, UPDATED_AT: of.updatedAt, TITLE: of.titleKey }),
    scope: live,
    conditions: ({ createdAt, isRunning, settingsEnabled = [], titleKeyContains }, of) =>
      and(
        during(of.createdAt, createdAt),
        isRunning === undefined ? undefined : isRunning ? hasOpenSession(of) : not(hasOpenSession(of)),
        ...settingsEnabled.map((name) => isOn(of.settings, name)),
        contains(of.titleKey, titleKeyContains),
        titleKeyContains ? isNotNull(of.title) : undefined,
      ),
  });
  const one = (reach: Reach, id: string) => ({ ...reachValues(reach), id });

  return {
    find: async (reach: Reach, id: string): Promise<Meeting | undefined> => find.get(one(reach, id)),
    findMany: async (reach: Reach, ids: readonly string[]): Promise<Meeting[]> =>
      db
        .select()
        .from(table)
        .where(and(live(table), inArray(table.id, [...ids])))
        .all(reachValues(reach)),
    /** Also a deleted one. */
    findAny: async (reach: Reach, id: string): Promise<Meeting | undefined> => findAny.get(one(reach, id)),
    list: list.page,
    count: list.count,
    insert: async (row: NewMeeting): Promise<Meeting> => db.insert(table).values(row).returning().get(),
    update: async (
      licenseId: LicenseId,
      id: string,
      change: MeetingChange,
      updatedAt: Date,
    ): Promise<Meeting | undefined> =>
      db
        .update(table)
        .set({ ...change, updatedAt })
        .where(liveOf(licenseId, id))
        .returning()
        .get(),
    markDeleted: async (licenseId: LicenseId, id: string, deletedAt: Date): Promise<void> => {
      await db.update(table).set({ deletedAt, updatedAt: deletedAt }).where(liveOf(licenseId, id)).run();
    },
  };
}

/** Of a row that was found within the caller's reach in the same transaction. */
const liveOf = (licenseId: LicenseId, id: string) =>
  and(eq(table.licenseId, licenseId), eq(table.id, id), isNull(table.deletedAt));
