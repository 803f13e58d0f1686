import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Figure, figureTable } from "./figures.js";
import { runGrowth } from "./growth/growth.js";
import { help, type Options, readOptions } from "./options.js";
import { stopPostgres } from "./postgres.js";
import { isProxied, type PeerName, peers } from "./peers.js";
import { hasProxy } from "./proxy.js";
import { runWorks } from "./rounds.js";
import { runScenario } from "./scenarios/scenarios.js";
import { measureMemory, measureStart } from "./scenarios/standing.js";
import { type Seeded, seedDatabase } from "./seed.js";
import type { StartOptions } from "./servers.js";
import { type Row, scalingTableOf, tableOf } from "./table.js";
import { worksOf } from "./works.js";
import { scalingWorks } from "./works/scaling.js";
import type { Work } from "./works/work.js";

/** @throws Error naming what there is instead of an unknown name */
function demandKnown(names: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}, but: ${[...new Set(known)].join(", ")}`);
}

const say = (line: string) => process.stderr.write(`${line}\n`);

function refuse(why: string): void {
  say(`refused, because it answers otherwise: ${why}`);
  process.exitCode = 1;
}

/** By document ids the server that is loaded has none to serve. */
const isLoad = ({ name }: Work): boolean => !name.startsWith("trusted_");

interface Found {
  rows: Row[];
  figures: Figure[];
}

/** Servers take turns; and how they stand, where that is asked for. */
async function measureWorks(starting: StartOptions, seeded: Seeded, options: Options): Promise<Found> {
  const { rounds, turnMs } = options;
  const works = options.isOnPostgres ? scalingWorks(seeded) : worksOf(seeded);
  demandKnown(options.works, [...works.map(({ name }) => name), "start", "memory"]);
  demandKnown(options.peers, Object.keys(peers));
  const isAsked = (name: string) => options.works?.includes(name) ?? true;
  const isProxyHere = !options.isOnPostgres || hasProxy("haproxy");
  if (!isProxyHere) say("no haproxy on this machine: the rows of two servers behind it are left out");
  const isWanted = (name: PeerName) => (options.peers?.includes(name) ?? true) && (isProxyHere || !isProxied(name));
  const wanted = works
    .filter(({ name }) => isAsked(name))
    .map((work) => ({ ...work, servers: work.servers.filter((name, place) => place === 0 || isWanted(name)) }));
  const rows = await runWorks(wanted, { ...starting, rounds, turnMs, say, refuse }).finally(stopPostgres);
  const isMeasured = (name: string) => rounds > 0 && isAsked(name) && !options.isOnPostgres;
  const figures = [
    ...(isMeasured("start") ? await measureStart(starting, rounds) : []),
    ...(isMeasured("memory") ? await measureMemory(starting, works.filter(isLoad)) : []),
  ];
  return { rows, figures };
}

/** So many meetings to start as there is time for. */
function idleFor({ scenarios, rounds, isOnPostgres }: Options): number {
  if (scenarios.length > 0 || isOnPostgres) return 240;
  return rounds > 0 ? 20_000 : 1;
}

function print({ rows, figures }: Found, { isJson, isOnPostgres }: Options): void {
  const rowTable = isOnPostgres ? scalingTableOf : tableOf;
  const tables = [...(rows.length > 0 ? [rowTable(rows)] : []), ...(figures.length > 0 ? [figureTable(figures)] : [])];
  process.stdout.write(
    isJson ? `${JSON.stringify([...rows, ...figures], undefined, 2)}\n` : `${tables.join("\n\n")}\n`,
  );
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.isHelp) return void process.stdout.write(`${help}\n`);
  if (options.growth) return void process.stdout.write(`${await runGrowth(options.growth, say)}\n`);
  const folder = mkdtempSync(join(tmpdir(), "vconnct-bench-"));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const seed = join(folder, "seed.sqlite");
  const seeded = await seedDatabase(seed, idleFor(options));
  const starting = { seed, folder, flags: options.flags };
  if (options.scenarios.length === 0) return print(await measureWorks(starting, seeded, options), options);
  const figures: Figure[] = [];
  for (const name of options.scenarios)
    figures.push(...(await runScenario(name, { starting, seeded, ...options, say })));
  print({ rows: [], figures }, options);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
