import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";

/** What was said on the command line, by the variable that it stands in for. */
export type Arguments = Partial<Record<"PORT" | "HOST", string>>;

/** Said already: to whoever asked for help, or of an argument that there is none of. */
export class Answered extends Error {
  override readonly name = "Answered";

  constructor(readonly exitCode: number) {
    super("the command line was answered");
  }
}

export const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;

/**
 * The server's own command line, `npm start -- --port 4611` or `node dist/main.js --port 4611`.
 * @throws Answered when nothing is to be started
 */
export function readArguments(argv: readonly string[]): Arguments {
  const program = new Command("vconnct-gateway")
    .description("The VConnct Gateway's server.")
    .option("--port <number>", "where it listens; 0 takes any free port (PORT)")
    .option("--host <address>", "which address it listens on (HOST)")
    .version(versionOf(), "--version")
    .helpOption("--help")
    .addHelpText("after", "\nThey win over the environment; .env.example names all of its variables.")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(`${text.trim().replaceAll("\n", " ")} (--help says what there is)\n`),
    });
  try {
    const { port, host } = program.parse([...argv], { from: "user" }).opts<{ port?: string; host?: string }>();
    return { ...(port !== undefined && { PORT: port }), ...(host !== undefined && { HOST: host }) };
  } catch (error) {
    throw error instanceof CommanderError ? new Answered(error.exitCode) : error;
  }
}
