import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Handle, LicenseId, Recording } from "./database.js";
import { recordings as table } from "./schema/sqlite.js";

const ofLicense = and(eq(table.licenseId, sql.placeholder("licenseId")), isNull(table.deletedAt));

export function recordingQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(ofLicense, eq(table.id, sql.placeholder("id"))))
    .prepare();

  return {
    find: async (licenseId: LicenseId, id: string): Promise<Recording | undefined> => find.get({ licenseId, id }),
    /** Oldest first within a session. */
    listOfSessions: async (licenseId: LicenseId, sessionIds: readonly string[]): Promise<Recording[]> =>
      db
        .select()
        .from(table)
        .where(and(eq(table.licenseId, licenseId), inArray(table.sessionId, [...sessionIds]), isNull(table.deletedAt)))
        .orderBy(asc(table.createdAt), asc(table.id))
        .all(),
  };
}
