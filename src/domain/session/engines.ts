import { type Engine, EngineRefused } from "../../engine/engine.js";
import type { Services } from "../services.js";

/** Which engine runs what: the session's own, the license's, else the default. */
export const pickEngine =
  (engines: ReadonlyMap<string, Engine>, byDefault: string): Services["engineOf"] =>
  ({ engine }) => {
    const name = engine ?? byDefault;
    const found = engines.get(name);
    if (!found) throw new EngineRefused(`this server does not have the engine "${name}"`);
    return found;
  };
