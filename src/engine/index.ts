import { openBuiltin } from "./builtin/engine.js";
import type { OpenEngine } from "./engine.js";

/** Adding an engine is a folder and a line here. The names are stored with sessions and licenses: they stay. */
export const engines = { builtin: openBuiltin } satisfies Record<string, OpenEngine>;

/** Runs the rooms of licenses that name no other. */
export const defaultEngine = "builtin" satisfies keyof typeof engines;
