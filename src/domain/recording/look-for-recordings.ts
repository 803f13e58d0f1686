import type { EngineRecording, RecordingsOfEngine } from "../../engine/engine.js";
import { looked, lookFailed, lookNow } from "./awaited.js";
import { noteIn } from "./note-recording.js";
import type { Services } from "../services.js";
import { callEngine } from "../session/engine-call.js";

/** Sessions that an engine is asked for at once: their ids make an address of less than 4 kB. */
export const SESSIONS_A_LOOK = 50;

/** Deleted here while it was being produced there, or by a call that the engine has undone. */
async function removeAgain(services: Services, recordings: RecordingsOfEngine, ids: readonly string[]): Promise<void> {
  for (const id of ids) await callEngine(services, () => recordings.remove(id)).catch(() => {});
}

const startOf = ({ startedAt }: EngineRecording): number => startedAt?.getTime() ?? 0;

/** What an engine has of those that are due, asked and written in one go. */
async function look(services: Services, engine: string, recordings: RecordingsOfEngine): Promise<void> {
  const { storage, clock } = services;
  const due = await storage.read.awaitedRecordings.listDue(engine, clock.now(), SESSIONS_A_LOOK);
  if (due.length === 0) return;
  const settle = (step: typeof looked, found: readonly EngineRecording[]) =>
    storage.transaction(async (tx) => {
      const now = clock.now();
      await noteIn(tx, engine, found, now);
      for (const each of due) await step(tx, each, now);
    });
  const ids = due.map(({ sessionId }) => sessionId);
  const listed = await callEngine(services, () => recordings.list(ids)).catch(() => undefined);
  // A failing look changes nothing but when the next one is.
  if (!listed) return settle(lookFailed, []);
  await settle(
    looked,
    listed.toSorted((one, other) => startOf(one) - startOf(other)),
  );
  const there = listed.filter(({ isDeleted }) => !isDeleted).map(({ engineRecordingId }) => engineRecordingId);
  const rows = await storage.read.recordings.listOfEngine(engine, there);
  const gone = rows.flatMap(({ deletedAt, engineRecordingId }) => (deletedAt ? [engineRecordingId] : []));
  await removeAgain(services, recordings, gone);
}

/**
 * An engine says that there is news. Told any number of times before the next round, it is asked once.
 * @returns false where it is no session of this engine, or its meeting was deleted
 */
export function heardOfRecordings({ storage, clock }: Services, engine: string, sessionId: string): Promise<boolean> {
  return storage.transaction(async (tx) => {
    const session = await tx.sessions.findAnyones(sessionId);
    if (session?.engine !== engine) return false;
    // Of a deleted meeting's sessions the recordings stay readable (delete-2): they are asked for all the same.
    await lookNow(tx, session, clock.now());
    return (await tx.meetings.find({ licenseId: session.licenseId, meetingId: null }, session.meetingId)) !== undefined;
  });
}

/**
 * Asks engines for recordings of sessions that are over: soon after the end, then more and more seldom, and whenever an
 * engine says that there is news.
 * @returns one round. It waits for no engine: one that hangs holds up neither the others nor the next round.
 */
export function lookForRecordings(services: Services): () => void {
  const underWay = new Set<string>();
  return () => {
    for (const [name, { recordings }] of services.engines) {
      if (!recordings || underWay.has(name)) continue;
      underWay.add(name);
      void look(services, name, recordings)
        .catch((err: unknown) => services.log.warn({ err, engine: name }, "recordings could not be looked for"))
        .finally(() => underWay.delete(name));
    }
  };
}
