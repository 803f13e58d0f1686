import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { EndCause, QueryBase, Session, SessionStatus } from "../database.js";
import { given, givenColumns, mustChange, one, type Values } from "./prepare.js";

type Found = Promise<Session | undefined>;
type OpenedRoom = Pick<Session, "emptySince" | "engineRoomId">;

/** The steps of a session's life: each happens only from the status before, so of two at once one does it. */
export function sessionSteps(base: QueryBase) {
  const { db } = base;
  const table = base.tables.sessions;
  const moving = (from: SessionStatus, status: SessionStatus, sets: (keyof Session)[] = [], condition?: SQL) =>
    db
      .update(table)
      .set({ ...givenColumns<Partial<Session>>(table, sets), status })
      .where(and(eq(table.id, sql.placeholder("id")), eq(table.status, from), isNull(table.endedAt), condition));
  const step = (...how: Parameters<typeof moving>) => {
    const update = one(() => moving(...how).returning());
    return (id: string, values: Values = {}): Found => update({ ...values, id });
  };
  const settleRunning = mustChange(base, () => moving("STARTING", "RUNNING", ["emptySince", "engineRoomId"]));
  const settleFailed = step("STARTING", "FAILED", ["failure", "endedAt", "endCause"]);
  const claimEnd = step("RUNNING", "ENDING");
  const claimEmptyEnd = step("RUNNING", "ENDING", [], eq(table.emptySince, given("emptySince", table.emptySince)));
  const unclaimEnd = step("ENDING", "RUNNING");
  const settleEnded = mustChange(base, () => moving("ENDING", "ENDED", ["endedAt", "endCause"]));

  return {
    /** @param session as it is, which is not read back. @param refused what the work is refused with where it is not starting */
    settleRunning: async (session: Session, room: OpenedRoom, refused: () => unknown): Promise<Session> => {
      await settleRunning({ ...room, id: session.id }, refused);
      return { ...session, ...room, status: "RUNNING" };
    },
    settleFailed: (id: string, failure: string, endedAt: Date, endCause: EndCause) =>
      settleFailed(id, { failure, endedAt, endCause }),
    /** From here on nobody can enter. */
    claimEnd: (id: string) => claimEnd(id),
    /** The same, if the room has been empty ever since: somebody may just have entered. */
    claimEmptyEnd: (id: string, emptySince: Date) => claimEmptyEnd(id, { emptySince }),
    unclaimEnd: (id: string) => unclaimEnd(id),
    /** @param session as it was just read in this transaction, ending */
    settleEnded: async (session: Session, endedAt: Date, endCause: EndCause): Promise<Session> => {
      const end = { endedAt, endCause };
      await settleEnded({ ...end, id: session.id }, () => new Error("the session was not ending"));
      return { ...session, ...end, status: "ENDED" };
    },
  };
}
