import type { Ending } from "../../engine/engine.js";
import { originOf } from "../caller.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";
import { endSession } from "./end-session.js";
import { isModeratorInside } from "./moderator.js";

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
  if (by !== undefined && !(await isModeratorInside(read, sessionId, by))) return false;
  const cause = by === undefined ? "ENGINE" : "MODERATOR";
  const ended = await endSession(refuse, services, originOf(source), { sessionId, cause, at });
  return ended !== undefined;
}
