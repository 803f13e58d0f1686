import type { Departure } from "../../engine/engine.js";
import { closeStay } from "../session/end-session.js";
import { originOf } from "../caller.js";
import type { Services } from "../services.js";

/** `at` is when the person was last known inside, which may be some seconds ago (leave-2). */
export function leaveRoom({ storage, clock }: Services, engine: string, departure: Departure): Promise<void> {
  const { sessionId, personId, at, source, engineUserId } = departure;
  return storage.transaction(async (tx) => {
    const stay = await tx.stays.findOpen(personId);
    if (stay?.sessionId !== sessionId) return;
    if (engineUserId !== undefined && stay.engineUserId !== null && stay.engineUserId !== engineUserId) return;
    // Told late, of an earlier stay.
    if (source !== "LIVE" && at < stay.joinedAt) return;
    if ((await tx.sessions.findAnyones(sessionId))?.engine !== engine) return;
    const now = clock.now();
    // Another machine's clock may be ahead of ours.
    await closeStay(tx, originOf(source), stay, source === "LIVE" || at < now ? at : now);
  });
}
