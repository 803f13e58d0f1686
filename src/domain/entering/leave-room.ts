import type { Departure } from "../../engine/engine.js";
import { closeStay } from "../session/end-session.js";
import { originOf } from "../caller.js";
import type { Services } from "../services.js";

/**
 * Someone left by the gateway's own door. `at` is when the person was last known inside, which may be some seconds ago
 * (leave-2).
 */
export function leaveRoom({ storage, instanceId }: Services, engine: string, departure: Departure): Promise<void> {
  const { sessionId, personId, at } = departure;
  return storage.transaction(async (tx) => {
    const [session, stay, others] = await Promise.all([
      tx.sessions.lock(sessionId),
      tx.stays.findOpen(personId),
      tx.attendances.countOthersInside(sessionId, personId),
    ]);
    if (session?.engine !== engine) return;
    // Who came in again at another server is that one's to count out.
    if (stay?.sessionId !== sessionId || stay.instanceId !== instanceId) return;
    await closeStay(tx, originOf("LIVE"), { session, stay, at, others });
  });
}
