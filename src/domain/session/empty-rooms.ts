import type { Queries } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { endSession } from "./end-session.js";
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

/**
 * Ends the sessions whose room has been empty for too long (end-2), where this process sees into the room. Zero minutes:
 * never. Only what went by before this process saw it empty is taken from stored instants: whoever puts the clock ends
 * no session.
 * @returns one round; what could not be ended is tried again with the next
 */
export function endEmptyRooms(services: Services, emptyRoomMinutes: number): () => Promise<void> {
  const { storage, clock, engines } = services;
  const longestMs = emptyRoomMinutes * 60_000;
  let known = new Map<string, Empty>();
  const firstSeen = (storedAt: number): Empty => ({
    storedAt,
    since: clock.monotonic() - Math.max(0, clock.now().getTime() - storedAt),
  });
  return async () => {
    if (longestMs === 0) return;
    const empty = (await storage.read.sessions.listEmpty()).filter(({ engine }) => engines.get(engine)?.here);
    known = new Map(
      empty.map(({ id, emptySince }) => {
        const before = known.get(id);
        return [id, before?.storedAt === emptySince.getTime() ? before : firstSeen(emptySince.getTime())];
      }),
    );
    const now = clock.monotonic();
    for (const { id, emptySince } of empty) {
      if (now - (known.get(id)?.since ?? now) >= longestMs) await end(services, id, emptySince);
    }
  };
}
