import { and, eq, sql } from "drizzle-orm";
import type { Notes, QueryBase, Tables } from "../database.js";
import { isReached, meetingOf, type Reach, reachValues } from "./conditions.js";
import { givenList, many, one, run, wholeRow } from "./prepare.js";

type NewNotes = Tables["notes"]["$inferInsert"];

/** Notes as they are shown; the document is their engine's alone, and larger. */
export type ShownNotes = Pick<Notes, "sessionId" | "text" | "updatedAt">;

export function noteQueries({ db, dialect, tables }: QueryBase) {
  const { notes: table, sessions } = tables;
  const row = wholeRow<NewNotes>(table);
  const keep = run(() =>
    db
      .insert(table)
      .values(row.placeholders)
      .onConflictDoUpdate({
        target: table.sessionId,
        set: { document: sql`excluded.document`, text: sql`excluded.text`, updatedAt: sql`excluded.updated_at` },
      }),
  );
  const document = one(() =>
    db
      .select({ document: table.document })
      .from(table)
      .where(eq(table.sessionId, sql.placeholder("sessionId"))),
  );
  const seen = isReached(dialect, table.licenseId, meetingOf(sessions, table.sessionId));
  const findMany = many(() =>
    db
      .select({ sessionId: table.sessionId, text: table.text, updatedAt: table.updatedAt })
      .from(table)
      .where(and(seen, dialect.isAmong(table.sessionId, givenList("ids")))),
  );

  return {
    /** In the place of those that were kept before. */
    keep: (notes: NewNotes): Promise<void> => keep(row.valuesOf(notes)),
    document: async (sessionId: string): Promise<string | undefined> => (await document({ sessionId }))?.document,
    /** By their sessions. */
    findMany: (reach: Reach, ids: readonly string[]): Promise<ShownNotes[]> => findMany({ ids, ...reachValues(reach) }),
  };
}
