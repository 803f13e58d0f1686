import { and, eq, isNull, not, sql } from "drizzle-orm";
import type { QueryBase, Session } from "../database.js";
import type { Living } from "./instances.js";
import { givenColumns, givenList, many, one, run } from "./prepare.js";

/** Which server runs a session's room, where several serve one database. */
export function homeQueries({ db, tables: { instances, sessions }, dialect }: QueryBase) {
  const isOpen = isNull(sessions.endedAt);
  const find = one(() =>
    db
      .select({ id: instances.id, address: instances.address })
      .from(sessions)
      .innerJoin(instances, eq(instances.id, sessions.homeId))
      .where(
        and(
          eq(sessions.id, sql.placeholder("sessionId")),
          isNull(instances.endedAt),
          not(dialect.isLongAgo(instances.seenAt, sql.placeholder("deadMs"))),
        ),
      ),
  );
  const list = many(() =>
    db
      .select({ id: sessions.id, homeId: sessions.homeId })
      .from(sessions)
      .where(dialect.isAmong(sessions.id, givenList("ids"))),
  );
  const set = run(() =>
    db
      .update(sessions)
      .set(givenColumns<Pick<Session, "homeId">>(sessions, ["homeId"]))
      .where(and(eq(sessions.id, sql.placeholder("id")), isOpen)),
  );
  const leaveAll = run(() =>
    db
      .update(sessions)
      .set({ homeId: null })
      .where(and(eq(sessions.homeId, sql.placeholder("homeId")), isOpen)),
  );

  return {
    /** Undefined where nobody runs it, or whoever did has not said for so long that it lives. */
    find: (sessionId: string, deadMs: number): Promise<Living | undefined> => find({ sessionId, deadMs }),
    list: (sessionIds: readonly string[]): Promise<Pick<Session, "id" | "homeId">[]> => list({ ids: sessionIds }),
    set: (id: string, homeId: string): Promise<void> => set({ id, homeId }),
    /** Whoever is asked for them next may run the rooms of this server. */
    leaveAll: (homeId: string): Promise<void> => leaveAll({ homeId }),
  };
}
