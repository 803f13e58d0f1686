import { newId } from "../../ids.js";
import {
  MESSAGES_PLAYED,
  MESSAGES_TOLD,
  type RoomNow,
  type Writing,
  type WrittenMessage,
} from "../../engine/engine.js";
import type { WrittenMessage as Stored } from "../../storage/index.js";
import type { Services } from "../services.js";
import { recordingNow } from "../recording/runs.js";
import { personOf } from "../session/room.js";
import { readSettings } from "../settings.js";

const written = ({ message: { id, body, ref, sentAt: at }, author }: Stored): WrittenMessage => ({
  id,
  from: personOf(author),
  body,
  at,
  ref,
});

/**
 * Someone inside writes to everyone: it is kept with the session.
 * @returns undefined where they are not inside any more
 */
export function writeMessage({ storage, clock }: Services, writing: Writing): Promise<WrittenMessage | undefined> {
  const { sessionId, personId, body, ref } = writing;
  return storage.transaction(async (tx) => {
    const author = await tx.attendances.find(personId);
    if (author?.sessionId !== sessionId || author.leftAt !== null) return undefined;
    const { licenseId, id: attendanceId } = author;
    const message = { id: newId(), licenseId, sessionId, attendanceId, body, ref: ref ?? null, sentAt: clock.now() };
    await tx.messages.insert(message);
    return written({ message, author });
  });
}

/** Everyone inside by when they came, the switches, and what was written last, the oldest first. */
export async function readRoom({ storage: { read } }: Services, sessionId: string): Promise<RoomNow> {
  const people = (await read.attendances.listInside(sessionId)).map(personOf);
  const session = await read.sessions.findAnyones(sessionId);
  const messages = (await read.messages.latest(sessionId, MESSAGES_TOLD)).toReversed().map(written);
  const settings = readSettings(session?.settings ?? {});
  const run = settings.record ? await read.recordingRuns.latest(sessionId) : undefined;
  const recording = run && (await recordingNow(read, run));
  return { people, settings, messages, recording, recordingStopped: run?.stopCause ?? undefined };
}

/** What was written to everyone in a session, the oldest first. */
export const readMessages = async ({ storage: { read } }: Services, sessionId: string): Promise<WrittenMessage[]> =>
  (await read.messages.latest(sessionId, MESSAGES_PLAYED)).toReversed().map(written);
