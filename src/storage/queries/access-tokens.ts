import { and, eq, lt, sql } from "drizzle-orm";
import type { AccessToken, LicenseId, QueryBase, Tables } from "../database.js";
import { given, many, one, wholeRow, givenLimit } from "./prepare.js";

export type NewAccessToken = Tables["accessTokens"]["$inferInsert"];

export function accessTokenQueries({ db, dialect, tables: { accessTokens: table } }: QueryBase) {
  const byId = eq(table.id, sql.placeholder("id"));
  const row = wholeRow<NewAccessToken>(table);
  const find = one(() => db.select().from(table).where(byId));
  const insert = one(() => db.insert(table).values(row.placeholders).returning());
  const revoke = one(() =>
    db
      .update(table)
      .set({ revokedAt: sql`coalesce(${table.revokedAt}, ${given("at", table.revokedAt)})` })
      .where(and(eq(table.licenseId, sql.placeholder("licenseId")), byId))
      .returning(),
  );
  const forget = many(() => {
    const over = db
      .select({ id: table.id })
      .from(table)
      .where(lt(table.expiresAt, given("at", table.expiresAt)))
      .limit(givenLimit);
    return db.delete(table).where(dialect.isOneOf(table.id, over)).returning({ id: table.id });
  });

  return {
    /** By the id inside a token whose signature is ours: that is its right. */
    find: (id: string): Promise<AccessToken | undefined> => find({ id }),
    insert: async (token: NewAccessToken): Promise<AccessToken> => (await insert(row.valuesOf(token))) as AccessToken,
    /** undefined when the license has no such token. Keeps the first instant when it is repeated. */
    revoke: (licenseId: LicenseId, id: string, at: Date): Promise<AccessToken | undefined> =>
      revoke({ licenseId, id, at }),
    /** Those that have been over since before `at`, no more than `limit` of them. @returns how many */
    forget: async (at: Date, limit: number): Promise<number> => (await forget({ at, limit })).length,
  };
}
