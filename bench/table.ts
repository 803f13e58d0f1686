import type { PeerName } from "./peers.js";
import type { Goal } from "./works/work.js";
import { quantile, type Turn } from "./turns.js";

/** How a server did at a work, over all rounds. */
export interface Row {
  work: string;
  size: string;
  server: PeerName;
  perSecond: number;
  p99: number;
  cpu: number;
  databaseCpu: number;
  proxyCpu: number;
  /** To the base's in the same round, with the database's and the proxy's. */
  cpuRatio: { median: number; lower: number; upper: number };
  perSecondRatio: number;
  goal?: Goal;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param base the turns of the same rounds by whom it is judged */
export function rowOf(
  of: Pick<Row, "work" | "size" | "server" | "goal">,
  turns: readonly Turn[],
  base: readonly Turn[],
): Row {
  const ratios = (valueOf: (turn: Turn) => number) =>
    turns.map((turn, round) => valueOf(turn) / valueOf(base[round] as Turn));
  const cpuRatios = ratios(({ cpu, databaseCpu, proxyCpu }) => cpu + databaseCpu + proxyCpu);
  const mean = (valueOf: (turn: Turn) => number) => turns.reduce((sum, turn) => sum + valueOf(turn), 0) / turns.length;
  return {
    ...of,
    perSecond: median(turns.map(({ perSecond }) => perSecond)),
    p99: median(turns.map(({ p99 }) => p99)),
    cpu: median(turns.map(({ cpu }) => cpu)),
    databaseCpu: mean((turn) => turn.databaseCpu),
    proxyCpu: mean((turn) => turn.proxyCpu),
    cpuRatio: { median: median(cpuRatios), lower: quantile(cpuRatios, 0.25), upper: quantile(cpuRatios, 0.75) },
    perSecondRatio: median(ratios(({ perSecond }) => perSecond)),
  };
}

const heads = [
  "work",
  "",
  "server",
  "requests/s",
  "p99 ms",
  "CPU µs",
  "CPU ratio",
  "quartiles",
  "requests ratio",
  "goal",
];

/** What the names of us stand for. */
const shown: Partial<Record<PeerName, string>> = { uncached: "gateway, first", gateway: "gateway, again" };

/** What we want to reach, and whether we do. */
function goalOf({ goal, cpuRatio, perSecondRatio }: Row): string {
  const said = (text: string, isReached: boolean) => `${text} ${isReached ? "yes" : "no"}`;
  return [
    ...(goal?.cpu === undefined ? [] : [said(`CPU ≤ ${goal.cpu}`, cpuRatio.median <= goal.cpu)]),
    ...(goal?.perSecond === undefined ? [] : [said(`requests ≥ ${goal.perSecond}`, perSecondRatio >= goal.perSecond)]),
  ].join(", ");
}

const speedCells = ({ perSecond, p99, cpu }: Row): string[] => [perSecond.toFixed(0), p99.toFixed(1), cpu.toFixed(0)];

/** To the base's in the same rounds. */
const ratioCells = ({ cpuRatio, perSecondRatio }: Row): string[] => [
  cpuRatio.median.toFixed(2),
  `${cpuRatio.lower.toFixed(2)}–${cpuRatio.upper.toFixed(2)}`,
  perSecondRatio.toFixed(2),
];

const cells = (row: Row, hasBoth: boolean): string[] => [
  row.work,
  row.size,
  (hasBoth ? shown[row.server] : undefined) ?? row.server,
  ...speedCells(row),
  ...ratioCells(row),
  goalOf(row),
];

/** Markdown, which can be read as it is. @param texts so many columns are texts; the others are numbers */
export function format(head: readonly string[], lines: readonly (readonly string[])[], texts: number): string {
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(3, ...all.map((line) => line[column]?.length ?? 0)));
  const row = (line: readonly string[]) =>
    widths.map((width, column) => (column < texts ? line[column]?.padEnd(width) : line[column]?.padStart(width)));
  const rule = widths.map((width, column) => (column < texts ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [row(head), rule, ...lines.map(row)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}

export function tableOf(rows: readonly Row[]): string {
  const hasBoth = (row: Row) =>
    rows.some(({ work, size, server }) => work === row.work && size === row.size && server === "uncached");
  return format(
    heads,
    rows.map((row) => cells(row, hasBoth(row))),
    3,
  );
}

const places: Partial<Record<PeerName, string>> = {
  gateway: "SQLite",
  uncached: "SQLite",
  postgres: "PostgreSQL",
  postgresUncached: "PostgreSQL",
  two: "PostgreSQL, two servers",
  twoUncached: "PostgreSQL, two servers",
  proxied: "PostgreSQL, two servers behind HAProxy",
  proxiedUncached: "PostgreSQL, two servers behind HAProxy",
};

const scalingHeads = [
  "work",
  "",
  "on",
  "a second",
  "p99 ms",
  "CPU µs",
  "database's",
  "proxy's",
  "all, ratio",
  "quartiles",
  "a second, ratio",
];

/** What each step costs: the ratios are to SQLite in the same rounds. */
export const scalingTableOf = (rows: readonly Row[]): string =>
  format(
    scalingHeads,
    rows.map((row) => [
      row.work,
      row.size,
      places[row.server] ?? row.server,
      ...speedCells(row),
      row.databaseCpu.toFixed(0),
      row.proxyCpu.toFixed(0),
      ...ratioCells(row),
    ]),
    3,
  );
