import { and, asc, eq, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Handle, License, LicenseId, StoredSettings } from "./database.js";
import { licenses as table } from "./schema/sqlite.js";

export type NewLicense = typeof table.$inferInsert;
export type LicenseChange = Partial<
  Pick<License, "name" | "expiresAt" | "revokedAt" | "revokedBy" | "maxMeetings" | "maxRunning" | "maxAttendance">
>;

const byId = eq(table.id, sql.placeholder("id"));

export function licenseQueries(db: Handle) {
  const findByKeyHash = db
    .select()
    .from(table)
    .where(eq(table.keyHash, sql.placeholder("keyHash")))
    .prepare();
  const find = db.select().from(table).where(byId).prepare();
  const claimMeeting = db
    .update(table)
    .set({ meetingCount: sql`${table.meetingCount} + 1` })
    .where(and(byId, or(isNull(table.maxMeetings), lt(table.meetingCount, table.maxMeetings))))
    .returning({ id: table.id })
    .prepare();
  const claimRunning = db
    .update(table)
    .set({ runningCount: sql`${table.runningCount} + 1` })
    .where(and(byId, or(isNull(table.maxRunning), lt(table.runningCount, table.maxRunning))))
    .returning({ id: table.id })
    .prepare();
  const releaseMeeting = db
    .update(table)
    .set({ meetingCount: sql`${table.meetingCount} - 1` })
    .where(byId)
    .prepare();
  const releaseRunning = db
    .update(table)
    .set({ runningCount: sql`${table.runningCount} - 1` })
    .where(byId)
    .prepare();

  return {
    findByKeyHash: async (keyHash: string): Promise<License | undefined> => findByKeyHash.get({ keyHash }),
    find: async (id: LicenseId): Promise<License | undefined> => find.get({ id }),
    list: async (): Promise<License[]> => db.select().from(table).orderBy(asc(table.createdAt), asc(table.id)).all(),
    insert: async (row: NewLicense): Promise<License> => db.insert(table).values(row).returning().get(),
    update: async (id: LicenseId, change: LicenseChange, updatedAt: Date): Promise<License | undefined> =>
      db
        .update(table)
        .set({ ...change, updatedAt })
        .where(eq(table.id, id))
        .returning()
        .get(),
    /** For good. Keeps the first instant when it is repeated. */
    revoke: async (id: LicenseId, at: Date): Promise<License | undefined> =>
      db
        .update(table)
        .set({
          revokedAt: sql`coalesce(${table.revokedAt}, ${at.getTime()})`,
          revokedBy: "OPERATOR",
          updatedAt: at,
        })
        .where(eq(table.id, id))
        .returning()
        .get(),
    /** Demo keys of an earlier secret stop working. */
    revokeOtherDemos: async (keep: string, at: Date): Promise<void> => {
      await db
        .update(table)
        .set({ revokedAt: at, revokedBy: "NEW_SECRET", updatedAt: at })
        .where(and(eq(table.isDemo, true), ne(table.keyHash, keep), isNull(table.revokedAt)))
        .run();
    },
    setGeneralSettings: async (id: LicenseId, generalSettings: StoredSettings, updatedAt: Date): Promise<void> => {
      await db.update(table).set({ generalSettings, updatedAt }).where(eq(table.id, id)).run();
    },
    /** Takes one of the license's meeting rooms; false when all are taken. */
    claimMeeting: async (id: LicenseId): Promise<boolean> => (await claimMeeting.get({ id })) !== undefined,
    releaseMeeting: async (id: LicenseId): Promise<void> => {
      await releaseMeeting.run({ id });
    },
    /** Takes one of the sessions that may run at once; false when all are taken. */
    claimRunning: async (id: LicenseId): Promise<boolean> => (await claimRunning.get({ id })) !== undefined,
    releaseRunning: async (id: LicenseId): Promise<void> => {
      await releaseRunning.run({ id });
    },
  };
}
