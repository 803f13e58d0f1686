#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { addBackupCommand } from "./cli/backup.js";
import { explain } from "./cli/complaint.js";
import { addEngineCommands } from "./cli/engine.js";
import type { EngineKinds } from "./cli/engine-options.js";
import { addLicenseCommands } from "./cli/license.js";
import { addSessionCommands } from "./cli/session.js";

function buildProgram(engineKinds: EngineKinds): Command {
  const program = new Command("vconnct")
    .description("The operator's tool of the VConnct Gateway.")
    // Thrown instead of ending the process, so that an open database is closed first. Subcommands inherit both.
    .exitOverride()
    .showHelpAfterError("(add --help to see what is possible)")
    .addHelpText(
      "after",
      "\nIt reads the same environment as the server (DATABASE_URL and the others) and works beside a running one:" +
        "\nwhat it changes counts from the server's next request on.",
    );
  addLicenseCommands(program);
  addSessionCommands(program);
  addBackupCommand(program);
  addEngineCommands(program, engineKinds);
  return program;
}

// Whoever read our output may have stopped reading (`vconnct license list | head -1`): no crash.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {
    process.exitCode = 1;
  });
}

try {
  // Their options are flags; loading them takes longer than all other help.
  const isOfEngines = process.argv.includes("engine");
  const engineKinds = isOfEngines ? (await import("./engine/index.js")).engineKinds : {};
  await buildProgram(engineKinds).parseAsync(process.argv);
} catch (error) {
  // Commander has already said what was wrong, and asking for help is no fault.
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
  const sentence = error instanceof CommanderError ? "" : explain(error);
  if (sentence) process.stderr.write(`error: ${sentence}\n`);
}
