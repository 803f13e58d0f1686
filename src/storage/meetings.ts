import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Handle, LicenseId, Meeting } from "./database.js";
import { type PageRequest, pagedList } from "./page.js";
import { meetings as table } from "./schema/sqlite.js";

export type NewMeeting = typeof table.$inferInsert;
export type MeetingChange = Partial<
  Pick<Meeting, "title" | "titleKey" | "moderatorPassword" | "welcomeText" | "settings">
>;
export type MeetingField = "CREATED_AT" | "UPDATED_AT" | "TITLE";

const ofLicense = and(eq(table.licenseId, sql.placeholder("licenseId")), isNull(table.deletedAt));

const live = (licenseId: LicenseId, id: string) =>
  and(eq(table.licenseId, licenseId), eq(table.id, id), isNull(table.deletedAt));

export function meetingQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(ofLicense, eq(table.id, sql.placeholder("id"))))
    .prepare();
  const list = pagedList<Meeting, MeetingField>(db, {
    table,
    fields: { CREATED_AT: table.createdAt, UPDATED_AT: table.updatedAt, TITLE: table.titleKey },
    scope: ofLicense,
  });

  return {
    find: async (licenseId: LicenseId, id: string): Promise<Meeting | undefined> => find.get({ licenseId, id }),
    findMany: async (licenseId: LicenseId, ids: readonly string[]): Promise<Meeting[]> =>
      db
        .select()
        .from(table)
        .where(and(eq(table.licenseId, licenseId), inArray(table.id, [...ids]), isNull(table.deletedAt)))
        .all(),
    list: (licenseId: LicenseId, page: PageRequest<MeetingField>): Promise<Meeting[]> => list(page, { licenseId }),
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
        .where(live(licenseId, id))
        .returning()
        .get(),
    markDeleted: async (licenseId: LicenseId, id: string, deletedAt: Date): Promise<void> => {
      await db.update(table).set({ deletedAt, updatedAt: deletedAt }).where(live(licenseId, id)).run();
    },
  };
}
