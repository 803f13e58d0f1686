import { v5 } from "uuid";
import { isUuid } from "../checks.js";

/**
 * The person's id here, of the one an engine knows them by: our own of their link; of somebody who came by no link of
 * ours (by telephone, say) one that is always the same in this session.
 */
export const personIdOf = (sessionId: string, engineId: string): string =>
  isUuid(engineId) ? engineId : v5(engineId, sessionId);
