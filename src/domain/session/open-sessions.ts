import { setImmediate as nextTurn } from "node:timers/promises";
import type { OpenSession } from "../../storage/index.js";
import type { Services } from "../services.js";

/** Open sessions that are looked at in one turn of the event loop. */
export const SESSIONS_A_STEP = 500;

/**
 * Every open session, in steps with a turn for everybody else between: there may be thousands, and they are looked at
 * every second.
 */
export async function* openSessions({ storage }: Pick<Services, "storage">): AsyncGenerator<OpenSession[], void> {
  let after = "";
  for (;;) {
    const step = await storage.read.sessions.listOpenAfter(after, SESSIONS_A_STEP);
    yield step;
    const last = step.at(-1);
    if (!last || step.length < SESSIONS_A_STEP) return;
    after = last.meetingId;
    await nextTurn();
  }
}
