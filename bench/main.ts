import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type PeerName, peers } from "./peers.js";
import { runWorks } from "./rounds.js";
import { seedDatabase } from "./seed.js";
import { measureMemory, measureStart, standingTable, standingWorks } from "./standing.js";
import { tableOf } from "./table.js";
import { worksOf } from "./works.js";
import type { Work } from "./works/work.js";

const help = `npm run bench -- [options]
  --work NAME    only this work; may be said several times
  --peer NAME    besides the base, only this server; may be said several times
  --rounds N     how often each server has its turn (7); with 0 answers are only compared
  --turn MS      how much CPU a turn takes, about (300)
  --profile DIR  has each server write a CPU profile there when it ends
  --json         prints JSON instead of a table`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      work: { type: "string", multiple: true },
      peer: { type: "string", multiple: true },
      rounds: { type: "string", default: "7" },
      turn: { type: "string", default: "300" },
      profile: { type: "string" },
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

/** As many as can be started while the bench runs. */
const IDLE_MEETINGS = 20_000;

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return void process.stdout.write(`${help}\n`);
  const folder = mkdtempSync(join(tmpdir(), "vconnct-bench-"));
  const seed = join(folder, "seed.sqlite");
  process.once("SIGINT", () => process.exit(130));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const works = worksOf(await seedDatabase(seed, options.rounds > 0 ? IDLE_MEETINGS : 1));
  demandKnown(options.work, [...works.map(({ name }) => name), ...standingWorks]);
  demandKnown(options.peer, Object.keys(peers));
  const isAsked = (name: string) => options.work?.includes(name) ?? true;
  const isWanted = (name: PeerName, base: PeerName | undefined) => options.peer?.includes(name) ?? name !== base;
  const wanted = works
    .filter(({ name }) => isAsked(name))
    .map((work) => ({
      ...work,
      servers: work.servers.filter((name, place) => place === 0 || isWanted(name, work.servers[0])),
    }));
  const { rounds, turnMs } = options;
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const refuse = (why: string) => {
    say(`refused, because it answers otherwise: ${why}`);
    process.exitCode = 1;
  };
  const flags = options.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(options.profile)}`];
  const starting = { seed, folder, flags };
  const isMeasured = (name: string) => rounds > 0 && isAsked(name);
  const rows = await runWorks(wanted, { ...starting, rounds, turnMs, say, refuse });
  const standings = [
    ...(isMeasured("start") ? await measureStart(starting, rounds) : []),
    ...(isMeasured("memory") ? await measureMemory(starting, works.filter(isLoad)) : []),
  ];
  if (options.json) return void process.stdout.write(`${JSON.stringify([...rows, ...standings], undefined, 2)}\n`);
  if (rows.length > 0) process.stdout.write(`${tableOf(rows)}\n\n`);
  if (standings.length > 0) process.stdout.write(`${standingTable(standings)}\n`);
}

/** By document ids the server that is loaded has none to serve. */
const isLoad = ({ name }: Work): boolean => !name.startsWith("trusted_");

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
