import { type Engine, EngineRefused } from "../../engine/engine.js";
import type { Services } from "../services.js";

/** Which engine runs a session: the one it started at, for as long as it is open. */
export const pickEngine =
  (engines: ReadonlyMap<string, Engine>): Services["engineOf"] =>
  ({ engine }) => {
    const found = engines.get(engine);
    if (!found) throw new EngineRefused(`this server does not have the engine "${engine}"`);
    return found;
  };
