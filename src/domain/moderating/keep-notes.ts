import type { KeptNotes } from "../../engine/engine.js";
import type { Services } from "../services.js";

/** The notes of a session as its engine needs them, where any were kept. */
export const readNotes = ({ storage: { read } }: Services, sessionId: string): Promise<string | undefined> =>
  read.notes.document(sessionId);

/** Keeps them with the session, also where it ended meanwhile: they were written before. Another engine's are not
 * taken, nor those of a room that another server has taken over, with what was kept before. */
export function keepNotes({ storage, clock, homes }: Services, engine: string, kept: KeptNotes): Promise<void> {
  const { sessionId, document, text } = kept;
  return storage.transaction(async (tx) => {
    const session = await tx.sessions.findAnyones(sessionId);
    if (session?.engine !== engine || !homes.has(session)) return;
    await tx.notes.keep({ sessionId, licenseId: session.licenseId, document, text, updatedAt: clock.now() });
  });
}
