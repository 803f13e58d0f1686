#!/usr/bin/env node
import { run } from "./cli/program.js";

// Whoever read our output may have stopped reading (`vconnct license list | head -1`): no crash.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {
    process.exitCode = 1;
  });
}

const code = await run(process.argv.slice(2), async () => (await import("./engine/index.js")).engineKinds);
// A reader that has left meanwhile is a fault that the program knows nothing of.
if (code !== 0) process.exitCode = code;
