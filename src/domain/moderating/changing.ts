import type { Moderation, Wish, WishOutcome } from "../../engine/engine.js";
import type { Attendance, Queries, Session } from "../../storage/index.js";
import { type Origin, originOf } from "../caller.js";
import type { Refuse } from "../refusal.js";
import type { Services } from "../services.js";
import { isModeratorInside } from "../session/moderator.js";

/** What changes in a running session, and how its room hears of it once it is stored. */
export interface Change<Changed> {
  /** Everything in one transaction. @returns undefined where it was so before: then nobody hears of it */
  store(tx: Queries, session: Session, origin: Origin): Promise<Changed | undefined>;
  tell(rooms: Moderation, changed: Changed): Promise<void>;
}

/**
 * Changes a session for a caller who sees it.
 * @throws Refusal SESSION_NOT_RUNNING; NOT_SUPPORTED_BY_ENGINE where its engine takes no change while a session runs
 */
export async function changeSession<Changed>(
  refuse: Refuse<"SESSION_NOT_RUNNING" | "NOT_SUPPORTED_BY_ENGINE">,
  services: Services,
  { origin, session }: { origin: Origin; session: Session },
  { store, tell }: Change<Changed>,
): Promise<void> {
  const rooms = services.engines.get(session.engine)?.moderation;
  const changed = await services.storage.transaction(async (tx) => {
    const now = await tx.sessions.lock(session.id);
    if (now?.status !== "RUNNING") throw refuse("SESSION_NOT_RUNNING", { session: now ?? session });
    if (!rooms) throw refuse("NOT_SUPPORTED_BY_ENGINE", {});
    return store(tx, now, origin);
  });
  if (changed !== undefined) await tell(rooms as Moderation, changed);
}

/** The same for a moderator inside. @param whom someone of the session; nobody, where it is about the session itself */
export async function changeAsWished<Changed>(
  services: Services,
  engine: string,
  { sessionId, by }: Wish,
  { store, tell }: Change<Changed>,
  whom?: string,
): Promise<WishOutcome> {
  const rooms = services.engines.get(engine)?.moderation;
  let changed: Changed | undefined;
  const outcome = await services.storage.transaction(async (tx): Promise<WishOutcome> => {
    changed = undefined;
    const session = await tx.sessions.lock(sessionId);
    if (session?.engine !== engine || session.status !== "RUNNING") return "NOT_MODERATOR";
    if (!(await isModeratorInside(tx, sessionId, by))) return "NOT_MODERATOR";
    const person: Attendance | undefined = whom === undefined ? undefined : await tx.attendances.find(whom);
    if (whom !== undefined && person?.sessionId !== sessionId) return "NOT_HERE";
    changed = await store(tx, session, originOf("LIVE"));
    return "DONE";
  });
  if (rooms && changed !== undefined) await tell(rooms, changed);
  return outcome;
}
