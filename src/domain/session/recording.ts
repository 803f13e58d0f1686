import { newId } from "../../ids.js";
import type { EngineRecording } from "../../engine/engine.js";
import { originOf } from "../caller.js";
import { recordEvent } from "../events/events.js";
import type { Services } from "../services.js";

/**
 * A recording as its engine has it now. Row and event are one transaction; told again unchanged, it makes neither. A
 * recording that was deleted here stays deleted, and one of another engine's session is not taken.
 */
export function noteRecording({ storage, clock }: Services, engine: string, told: EngineRecording): Promise<void> {
  const { source, ...recording } = told;
  return storage.transaction(async (tx) => {
    const session = await tx.sessions.findAnyones(recording.sessionId);
    if (session?.engine !== engine) return;
    const now = clock.now();
    const changed = await tx.recordings.note({
      ...recording,
      id: newId(),
      licenseId: session.licenseId,
      engine,
      createdAt: now,
      updatedAt: now,
    });
    if (!changed) return;
    const { status, isPublished } = changed;
    await recordEvent({
      tx,
      type: "recording.changed",
      origin: originOf(source),
      at: now,
      session,
      recording: changed,
      facts: { source, status, isPublished },
    });
  });
}
