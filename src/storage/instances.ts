import { eq, inArray } from "drizzle-orm";
import type { Handle, Instance } from "./database.js";
import { instances as table } from "./schema/sqlite.js";

export function instanceQueries(db: Handle) {
  return {
    insert: async (id: string, at: Date): Promise<void> => {
      await db.insert(table).values({ id, startedAt: at, seenAt: at }).run();
    },
    beat: async (id: string, seenAt: Date): Promise<void> => {
      await db.update(table).set({ seenAt }).where(eq(table.id, id)).run();
    },
    end: async (id: string, at: Date): Promise<void> => {
      await db.update(table).set({ seenAt: at, endedAt: at }).where(eq(table.id, id)).run();
    },
    findMany: async (ids: readonly string[]): Promise<Instance[]> =>
      db
        .select()
        .from(table)
        .where(inArray(table.id, [...ids]))
        .all(),
  };
}
