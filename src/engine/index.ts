import { openBuiltin } from "./builtin/engine.js";
import type { EngineSetting, OpenedEngine } from "./engine.js";

/** Adding an engine is a folder and a line here. */
export const engines = { builtin: openBuiltin } satisfies Record<string, (setting: EngineSetting) => OpenedEngine>;
