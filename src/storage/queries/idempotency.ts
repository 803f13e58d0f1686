import { and, eq, lt, sql } from "drizzle-orm";
import type { LicenseId, QueryBase, Repeat, Tables } from "../database.js";
import { given, many, one, run, wholeRow, givenLimit } from "./prepare.js";

export type NewRepeat = Tables["idempotency"]["$inferInsert"];

export function idempotencyQueries({ db, tables: { idempotency: table } }: QueryBase) {
  const row = wholeRow<NewRepeat>(table);
  const find = one(() =>
    db
      .select()
      .from(table)
      .where(and(eq(table.licenseId, sql.placeholder("licenseId")), eq(table.key, sql.placeholder("key")))),
  );
  const put = run(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({ target: [table.licenseId, table.key], set: row.placeholders }),
  );
  const forget = many(() => {
    const over = db
      .select({ licenseId: table.licenseId, key: table.key })
      .from(table)
      .where(lt(table.expiresAt, given("before", table.expiresAt)))
      .limit(givenLimit);
    return db.delete(table).where(sql`(${table.licenseId}, ${table.key}) in ${over}`).returning({ key: table.key });
  });

  return {
    find: (licenseId: LicenseId, key: string): Promise<Repeat | undefined> => find({ licenseId, key }),
    /** In the place of one that is over, where there is one. */
    put: (repeat: NewRepeat): Promise<void> => put(row.valuesOf(repeat)),
    /** Those that were over before this, no more than `limit` of them. @returns how many */
    forget: async (before: Date, limit: number): Promise<number> => (await forget({ before, limit })).length,
  };
}
