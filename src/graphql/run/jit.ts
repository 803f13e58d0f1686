import { createRequire } from "node:module";
import type { JitRuntime } from "graphql-jit/dist/runtime.js";
import { guarded } from "./guard.js";

// graphql-jit as it is to be used. A module of its own, because it is loaded when the first operation becomes code; and as
// CommonJS, because Node can't load its modules: they name each other without an ending.
const require = createRequire(import.meta.url);

export const { compileQuery, isCompiledQuery } = require("graphql-jit") as typeof import("graphql-jit");

// What runs compiled code is one object, so it is mended in one place, for all.
const { jitRuntime } = require("graphql-jit/dist/runtime.js") as { jitRuntime: JitRuntime };
jitRuntime.handleResolverResult = guarded(jitRuntime.handleResolverResult);
