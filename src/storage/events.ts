import type { Handle } from "./database.js";
import { events as table } from "./schema/sqlite.js";

export type NewEvent = Omit<typeof table.$inferInsert, "seq">;

export function eventQueries(db: Handle) {
  return {
    /** Call it inside the transaction that does what the event tells of. */
    append: async (event: NewEvent): Promise<void> => {
      await db.insert(table).values(event).run();
    },
  };
}
