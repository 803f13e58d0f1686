import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openStorage } from "#gateway/storage/index.js";
import { seedGrowth } from "./seed.js";
import { statementsOf } from "./statements.js";

export const growthHelp = `  --growth       how long each statement takes at 10³, 10⁵ and 10⁶ meetings of one license
  --size N       with --growth: only this many meetings; may be said several times
  --folder PATH  with --growth: where the databases are kept, 13 GB at 10⁶ (in the folder for temporary files)`;

export interface GrowthOptions {
  sizes: number[];
  folder: string;
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

async function measure(path: string, license: 0 | 1): Promise<Map<string, number>> {
  const storage = openStorage({ path, exclusive: true, busyMs: 1_000 });
  const took = new Map<string, number>();
  for (const { name, run } of statementsOf(license)) took.set(name, await leastMs(() => run(storage.read)));
  await storage.close();
  return took;
}

/** A table of statements and sizes, in milliseconds; the last column is the small license beside the largest. */
export async function runGrowth({ sizes, folder }: GrowthOptions): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const columns: [string, Map<string, number>][] = [];
  let path = "";
  for (const size of sizes) {
    path = seedGrowth(folder, size, (line) => process.stderr.write(`${line}\n`));
    columns.push([size.toLocaleString("en"), await measure(path, 0)]);
  }
  columns.push(["small, beside", await measure(path, 1)]);
  const lines = statementsOf(0).map(({ name }) => [
    name.padEnd(45),
    ...columns.map(([, took]) => (took.get(name) ?? Number.NaN).toFixed(2).padStart(13)),
  ]);
  const head = ["ms".padEnd(45), ...columns.map(([size]) => size.padStart(13))];
  return [head, ...lines].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

export function growthOptions({ size, folder }: { size?: string[] | undefined; folder?: string | undefined }) {
  return {
    sizes: (size ?? ["1e3", "1e5", "1e6"]).map(Number),
    folder: folder ?? join(tmpdir(), "vconnct-growth"),
  };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { size: { type: "string", multiple: true }, folder: { type: "string" } } });
  process.stdout.write(`${await runGrowth(growthOptions(values))}\n`);
}
