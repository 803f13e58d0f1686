import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage, type Storage } from "#gateway/storage/index.js";
import { openPostgres } from "#gateway/storage/postgres/open.js";
import { keptDatabase, stopPostgres } from "../postgres.js";
import { format } from "../table.js";
import { measureRequests } from "./requests.js";
import { seedGrowth } from "./seed.js";
import { seedGrowthOnPostgres } from "./seed-postgres.js";
import { statementsOf } from "./statements.js";

export interface GrowthOptions {
  /** Meetings of the license that grows. */
  sizes: readonly number[];
  /** Where the databases are kept from run to run; 11 GB at 10⁶. */
  folder: string;
  isOnPostgres: boolean;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const RUNS = 3;

/** The least of a few runs, each in a turn of its own; a statement that is slow anyway runs once. */
async function leastMs(run: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < RUNS && (times === 0 || least < 1_000); times += 1) {
    await nextTurn();
    const begun = performance.now();
    await run();
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

/** Nothing is ended before it is over: how long it takes is what is asked here. */
const PATIENT = { connections: 8, statementMs: 10 * 60_000 };

const open = async (url: string): Promise<Storage> =>
  url.startsWith("file:")
    ? openStorage({ path: url.slice("file:".length), exclusive: true, busyMs: 1_000 })
    : openPostgres({ url, reads: PATIENT });

async function measure(url: string, license: 0 | 1): Promise<Map<string, number>> {
  const storage = await open(url);
  const took = new Map<string, number>();
  for (const { name, run } of statementsOf(license)) took.set(name, await leastMs(() => run(storage.read)));
  await storage.close();
  return took;
}

/** @returns the address of a database that has so many meetings */
async function seeded({ folder, isOnPostgres }: GrowthOptions, size: number, say: (line: string) => void) {
  if (!isOnPostgres) return `file:${seedGrowth(folder, size, say)}`;
  return keptDatabase(`vconnct_growth_${size}`, (url) => seedGrowthOnPostgres(url, size, say));
}

type Column = [head: string, cells: Map<string, string>];

const cell = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0));

function tableOf(first: string, columns: readonly Column[]): string {
  const names = [...new Set(columns.flatMap(([, cells]) => [...cells.keys()]))];
  const lines = names.map((name) => [name, ...columns.map(([, cells]) => cells.get(name) ?? "")]);
  return format([first, ...columns.map(([head]) => head)], lines, 1);
}

/** What each statement takes at each size, and beside the largest of a small license; then what each request does. */
export async function runGrowth(options: GrowthOptions, say: (line: string) => void): Promise<string> {
  const { sizes, folder, isOnPostgres } = options;
  if (!isOnPostgres) mkdirSync(folder, { recursive: true });
  const [statements, requests]: [Column[], Column[]] = [[], []];
  const column = (head: string, took: Map<string, number>): Column => [
    head,
    new Map([...took].map(([name, ms]) => [name, cell(ms)])),
  ];
  for (const size of sizes) {
    const url = await seeded(options, size, say);
    const head = size.toLocaleString("en");
    statements.push(column(head, await measure(url, 0)));
    if (size === sizes.at(-1)) statements.push(column("a small license beside", await measure(url, 1)));
    const took = await measureRequests(url);
    requests.push([head, new Map([...took].map(([name, { ms, late }]) => [name, `${cell(ms)} (${cell(late)})`]))]);
  }
  await stopPostgres();
  return `${tableOf("statement, ms", statements)}\n\n${tableOf("request, ms (others wait at most)", requests)}`;
}

export const growthFolder = (): string => join(tmpdir(), "vconnct-growth");
