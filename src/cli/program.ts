import { Command, CommanderError } from "commander";
import { versionOf } from "../arguments.js";
import { addBackupCommand } from "./backup.js";
import { explain } from "./complaint.js";
import { addCopyCommand } from "./copy.js";
import { addEngineCommands } from "./engine.js";
import type { EngineKinds } from "./engine-options.js";
import { addLicenseCommands } from "./license.js";
import { addMigrateCommand } from "./migrate.js";
import { addSessionCommands } from "./session.js";
import { terminal } from "./terminal.js";

function buildProgram(engineKinds: EngineKinds): Command {
  const program = new Command("vconnct")
    .description("The operator's tool of the VConnct Gateway.")
    .version(versionOf(), "--version")
    // Thrown instead of ending the process, so that an open database is closed first. Subcommands inherit these.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
    })
    .showHelpAfterError("(add --help to see what is possible)")
    .addHelpText(
      "after",
      "\nIt reads the same environment as the server (DATABASE_URL and the others) and works beside a running one:" +
        "\nwhat it changes counts from the server's next request on.",
    );
  addLicenseCommands(program);
  addSessionCommands(program);
  addBackupCommand(program);
  addMigrateCommand(program);
  addCopyCommand(program);
  addEngineCommands(program, engineKinds);
  return program;
}

/**
 * Does what the words of a command line say.
 * @param loadKinds of engines: their options are flags, and loading them takes longer than all other help
 * @returns what the process should end with; what was wrong is said already
 */
export async function run(words: readonly string[], loadKinds: () => Promise<EngineKinds>): Promise<number> {
  try {
    const engineKinds = words.includes("engine") ? await loadKinds() : {};
    await buildProgram(engineKinds).parseAsync([...words], { from: "user" });
    return 0;
  } catch (error) {
    // Commander has already said what was wrong, and asking for help is no fault.
    if (error instanceof CommanderError) return error.exitCode;
    const sentence = explain(error);
    if (sentence) terminal.err.write(`error: ${sentence}\n`);
    return 1;
  }
}
