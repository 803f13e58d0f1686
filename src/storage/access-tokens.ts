import { and, eq, lt, sql } from "drizzle-orm";
import type { AccessToken, Handle, LicenseId } from "./database.js";
import { accessTokens as table } from "./schema/sqlite.js";

export type NewAccessToken = typeof table.$inferInsert;

export function accessTokenQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(eq(table.id, sql.placeholder("id")))
    .prepare();

  return {
    /** By the id inside a token whose signature is ours: that is its right. */
    find: async (id: string): Promise<AccessToken | undefined> => find.get({ id }),
    insert: async (row: NewAccessToken): Promise<AccessToken> => db.insert(table).values(row).returning().get(),
    /** undefined when the license has no such token. Keeps the first instant when it is repeated. */
    revoke: async (licenseId: LicenseId, id: string, at: Date): Promise<AccessToken | undefined> =>
      db
        .update(table)
        .set({ revokedAt: sql`coalesce(${table.revokedAt}, ${at.getTime()})` })
        .where(and(eq(table.licenseId, licenseId), eq(table.id, id)))
        .returning()
        .get(),
    /** Those that have been over since before `at`. */
    forget: async (at: Date): Promise<void> => {
      await db.delete(table).where(lt(table.expiresAt, at)).run();
    },
  };
}
