import { bigbluebutton } from "./bigbluebutton/engine.js";
import { builtin } from "./builtin/engine.js";
import type { EngineKind } from "./kind.js";

/** Adding a sort of engine is a folder and a line here. The names are stored with engines: they stay. */
export const engineKinds = { builtin, bigbluebutton } satisfies Record<string, EngineKind>;
