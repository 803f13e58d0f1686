import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { EndCause, QueryBase, Session, SessionStatus } from "../database.js";
import { given, givenColumns, one, type Values } from "./prepare.js";

type Found = Promise<Session | undefined>;
type OpenedRoom = Pick<Session, "emptySince" | "engineRoomId">;

/** The steps of a session's life: each happens only from the status before, so of two at once one does it. */
export function sessionSteps({ db, tables: { sessions: table } }: QueryBase) {
  const step = (from: SessionStatus, status: SessionStatus, sets: (keyof Session)[] = [], condition?: SQL) => {
    const update = one(() =>
      db
        .update(table)
        .set({ ...givenColumns<Partial<Session>>(table, sets), status })
        .where(and(eq(table.id, sql.placeholder("id")), eq(table.status, from), isNull(table.endedAt), condition))
        .returning(),
    );
    return (id: string, values: Values = {}): Found => update({ ...values, id });
  };
  const settleRunning = step("STARTING", "RUNNING", ["emptySince", "engineRoomId"]);
  const settleFailed = step("STARTING", "FAILED", ["failure", "endedAt", "endCause"]);
  const claimEnd = step("RUNNING", "ENDING");
  const claimEmptyEnd = step("RUNNING", "ENDING", [], eq(table.emptySince, given("emptySince", table.emptySince)));
  const unclaimEnd = step("ENDING", "RUNNING");
  const settleEnded = step("ENDING", "ENDED", ["endedAt", "endCause"]);

  return {
    settleRunning: (id: string, room: OpenedRoom) => settleRunning(id, { ...room }),
    settleFailed: (id: string, failure: string, endedAt: Date, endCause: EndCause) =>
      settleFailed(id, { failure, endedAt, endCause }),
    /** From here on nobody can enter. */
    claimEnd: (id: string) => claimEnd(id),
    /** The same, if the room has been empty ever since: somebody may just have entered. */
    claimEmptyEnd: (id: string, emptySince: Date) => claimEmptyEnd(id, { emptySince }),
    unclaimEnd: (id: string) => unclaimEnd(id),
    settleEnded: (id: string, endedAt: Date, endCause: EndCause) => settleEnded(id, { endedAt, endCause }),
  };
}
