import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type PeerName, peers } from "./peers.js";
import { runWorks } from "./rounds.js";
import { seedDatabase } from "./seed.js";
import { tableOf } from "./table.js";
import { worksOf } from "./works.js";

const help = `npm run bench -- [options]
  --work NAME    only this work; may be said several times
  --peer NAME    besides the base, only this server; may be said several times
  --rounds N     how often each server has its turn (7)
  --turn MS      how long a turn takes, about (400)
  --json         prints JSON instead of a table`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      work: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      rounds: { type: "string", default: "7" },
      turn: { type: "string", default: "400" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return { ...values, rounds: Number(values.rounds), turnMs: Number(values.turn) };
}

/** @throws Error naming what there is instead of an unknown name */
function demandKnown(names: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}, but: ${[...new Set(known)].join(", ")}`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return void process.stdout.write(`${help}\n`);
  const folder = mkdtempSync(join(tmpdir(), "vconnct-bench-"));
  const seed = join(folder, "seed.sqlite");
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const works = worksOf(await seedDatabase(seed));
  demandKnown(
    options.work,
    works.map(({ name }) => name),
  );
  demandKnown(options.peer, Object.keys(peers));
  const isWanted = (name: PeerName, base: PeerName | undefined) =>
    options.peer === undefined || name === base || options.peer.includes(name);
  const wanted = works
    .filter(({ name }) => options.work?.includes(name) ?? true)
    .map((work) => ({ ...work, servers: work.servers.filter((name) => isWanted(name, work.servers[0])) }));
  const { rounds, turnMs } = options;
  const rows = await runWorks(wanted, {
    seed,
    folder,
    rounds,
    turnMs,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${options.json ? JSON.stringify(rows, undefined, 2) : tableOf(rows)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
