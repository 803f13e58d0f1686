import { and, eq, lt, sql } from "drizzle-orm";
import type { Handle, LicenseId, Repeat } from "./database.js";
import { idempotency as table } from "./schema/sqlite.js";

export type NewRepeat = typeof table.$inferInsert;

export function idempotencyQueries(db: Handle) {
  const find = db
    .select()
    .from(table)
    .where(and(eq(table.licenseId, sql.placeholder("licenseId")), eq(table.key, sql.placeholder("key"))))
    .prepare();

  return {
    find: async (licenseId: LicenseId, key: string): Promise<Repeat | undefined> => find.get({ licenseId, key }),
    /** In the place of one that is over, where there is one. */
    put: async (row: NewRepeat): Promise<void> => {
      await db
        .insert(table)
        .values(row)
        .onConflictDoUpdate({ target: [table.licenseId, table.key], set: row })
        .run();
    },
    forget: async (before: Date): Promise<void> => {
      await db.delete(table).where(lt(table.expiresAt, before)).run();
    },
  };
}
