import type { Answered } from "./arguments.js";
import { explain } from "./explain.js";
import type { RunningServer } from "./server.js";
// By its own file, which is read at once: the index loads the database with it.
import { isDamage } from "./storage/sqlite/faults.js";

/** sysexits.h calls it EX_DATAERR: whoever restarts the server by itself can tell that no restart will help. */
const DAMAGED = 65;

function fail(error: unknown): never {
  if (error instanceof Error && error.name === "Answered") process.exit((error as Answered).exitCode);
  process.stderr.write(`${explain(error)}\n`);
  process.exit(isDamage(error) ? DAMAGED : 1);
}

const LAST_WORDS_MS = 3_000;

/** Lines are closed as at any end, but for no longer: what is left in flight can't be answered truly. */
function endDamaged(): void {
  setTimeout(() => process.exit(DAMAGED), LAST_WORDS_MS);
  running?.stop().then(
    () => process.exit(DAMAGED),
    () => process.exit(DAMAGED),
  );
}

let isAskedToEnd = false;
let running: RunningServer | undefined;

/** While it still starts there is nothing to stop yet: `main` looks where it can end in good order. */
function askToEnd(): void {
  isAskedToEnd = true;
  running?.stop().then(() => process.exit(0), fail);
}

async function main(): Promise<void> {
  // Again and again: under `npm start` one Ctrl-C arrives twice, and the second must not cut the first one's drain.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, askToEnd);
  // A closed terminal takes the server's voice away; that is no reason to fall over while it ends in good order.
  for (const voice of [process.stdout, process.stderr]) voice.on("error", () => {});
  // Loaded only now: it takes a second, in which a signal would end the process as it does any that listens to none.
  const given = process.argv.slice(2);
  const said = given.length > 0 ? (await import("./arguments.js")).readArguments(given) : {};
  const [{ readConfig }, { shippedLanguages }, { startServer }, { welcome }] = await Promise.all([
    import("./config.js"),
    import("./messages/index.js"),
    import("./server.js"),
    import("./welcome.js"),
  ]);
  const config = readConfig(process.env, shippedLanguages(), said);
  if (isAskedToEnd) process.exit(0);
  running = await startServer(config, { onDamage: endDamaged });
  if (isAskedToEnd) askToEnd();
  else process.stdout.write(`${welcome(running)}\n`);
}

main().catch(fail);
