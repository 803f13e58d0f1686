import { builtin } from "./builtin/engine.js";
import type { EngineKind } from "./kind.js";

/** Adding a sort of engine is a folder and a line here. The names are stored with engines: they stay. */
export const engineKinds = { builtin } satisfies Record<string, EngineKind>;

/** Runs the rooms of licenses that name no other. */
export const defaultEngine = "builtin" satisfies keyof typeof engineKinds;
