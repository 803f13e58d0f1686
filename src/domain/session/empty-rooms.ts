import type { Queries } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { endSession } from "./end-session.js";
import { openSessions } from "./open-sessions.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";

/** Nobody waits for an answer here: these go to the log. */
export const endEmptyRoomsRefusals = ["ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(endEmptyRoomsRefusals);

const system: Origin = { door: "SYSTEM" };

/** Since when a room is empty: as it is stored, and by the monotonic clock. */
interface Empty {
  storedAt: number;
  since: number;
}

async function end(services: Services, sessionId: string, emptySince: Date): Promise<void> {
  const claim = (tx: Queries) => tx.sessions.claimEmptyEnd(sessionId, emptySince);
  await endSession(refuse, services, system, { sessionId, cause: "EMPTY", claim }).catch((err: unknown) =>
    services.log.warn({ err }, "an empty session could not be ended"),
  );
}

/** No more are ended in one round, so that whatever else is due has its round, too. */
const MOST_A_ROUND = 100;

/**
 * Ends the sessions whose room has been empty for too long (end-2), where this process sees into the room. Zero minutes:
 * never. Only what went by before this process saw it empty is taken from stored instants: whoever puts the clock ends
 * no session.
 * @returns one round; what could not be ended is tried again with the next
 */
export function endEmptyRooms(services: Services, emptyRoomMinutes: number): () => Promise<void> {
  const { clock, engines } = services;
  const longestMs = emptyRoomMinutes * 60_000;
  let known = new Map<string, Empty>();
  const firstSeen = (storedAt: number): Empty => ({
    storedAt,
    since: clock.monotonic() - Math.max(0, clock.now().getTime() - storedAt),
  });
  return async () => {
    if (longestMs === 0) return;
    const seen = new Map<string, Empty>();
    const due: [sessionId: string, emptySince: Date][] = [];
    for await (const step of openSessions(services)) {
      for (const { id, status, engine, emptySince } of step) {
        if (status !== "RUNNING" || !emptySince || !engines.get(engine)?.here) continue;
        const before = known.get(id);
        const empty = before?.storedAt === emptySince.getTime() ? before : firstSeen(emptySince.getTime());
        seen.set(id, empty);
        if (clock.monotonic() - empty.since >= longestMs) due.push([id, emptySince]);
      }
    }
    known = seen;
    for (const [id, emptySince] of due.slice(0, MOST_A_ROUND)) await end(services, id, emptySince);
  };
}
