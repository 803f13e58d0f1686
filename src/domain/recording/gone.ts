import type { Queries, Recording } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import { recordEvent } from "../events/events.js";

/** Its engine has it no more: so it is stored, with its event. */
export async function markGone(tx: Queries, origin: Origin, recording: Recording, at: Date): Promise<void> {
  const after = await tx.recordings.markDeleted(recording.id, at);
  const session = await tx.sessions.findAnyones(recording.sessionId);
  if (!after || !session) return;
  const { status, isPublished } = after;
  const facts = { status, isPublished, change: "DELETED" } as const;
  await recordEvent({ tx, type: "recording.changed", origin, at, session, recording: after, facts });
}
