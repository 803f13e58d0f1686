import type { Ending } from "../../engine/engine.js";
import type { Queries } from "../../storage/index.js";
import { originOf } from "../caller.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { endSession } from "./end-session.js";

/** The role is read from what was stored at the entrance, never from what a page says (leave-3). */
async function mayEnd(queries: Queries, sessionId: string, personId: string): Promise<boolean> {
  const person = await queries.attendances.find(personId);
  return person?.sessionId === sessionId && person.role === "MODERATOR" && person.leftAt === null;
}

export const endReportedRefusals = ["ENGINE_FAILED"] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(endReportedRefusals);

/**
 * A moderator inside ends the session, or its room is gone at the engine.
 * @returns false where it is not theirs to end, or not running
 * @throws Refusal of `endReportedRefusals`
 */
export async function endReported(services: Services, engine: string, ending: Ending): Promise<boolean> {
  const { sessionId, by, at, source } = ending;
  const { read } = services.storage;
  if ((await read.sessions.findAnyones(sessionId))?.engine !== engine) return false;
  if (by !== undefined && !(await mayEnd(read, sessionId, by))) return false;
  const cause = by === undefined ? "ENGINE" : "MODERATOR";
  const ended = await endSession(refuse, services, originOf(source), { sessionId, cause, at });
  return ended !== undefined;
}
