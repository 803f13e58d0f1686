import { checkWithin } from "../domain/engine/health.js";
import { countLoads, noLoad } from "../domain/engine/load.js";
import type { Services } from "../domain/services.js";
import type { EngineRow } from "../storage/index.js";
import { details, table } from "./output.js";

/** How long an engine is waited for that is only listed. */
const CHECK_MS = 5_000;

/** What may be seen of an engine: its secrets are not in it. */
export interface EngineView {
  name: string;
  /** Where it comes from: the program, the environment, or the table that this tool changes. */
  from: "program" | "environment" | "table";
  kind: string;
  options: Record<string, string>;
  weight: number;
  drainingAt: Date | null;
  rooms: number;
  people: number;
  /** Whether it answers to this tool, now; null where only the server can know. */
  answers: boolean | null;
  /** Why not, where it does not do what it is asked. */
  problem: string | null;
}

async function answersNow({ engines }: Services, name: string): Promise<Pick<EngineView, "answers" | "problem">> {
  const engine = engines.get(name);
  if (!engine) return { answers: false, problem: "could not be opened" };
  if (engine.here) return { answers: null, problem: null };
  return checkWithin(engine, CHECK_MS).then(
    () => ({ answers: true, problem: null }),
    (error: Error) => ({ answers: false, problem: error.message }),
  );
}

/** Every engine there is. One that is no row has the name of its kind. */
export async function engineViews(services: Services): Promise<EngineView[]> {
  const { registry, builtinName } = services.pool;
  const loads = await countLoads(services);
  const rows = await services.storage.read.engines.list();
  const view = async (name: string, row?: EngineRow): Promise<EngineView> => {
    const { rooms, people } = loads.get(name) ?? noLoad;
    const weight = row?.weight ?? registry.shares.get(name)?.weight ?? 0;
    return {
      name,
      from: row ? "table" : name === builtinName ? "program" : "environment",
      kind: row?.kind ?? name,
      options: row?.options ?? {},
      weight,
      drainingAt: row?.drainingAt ?? null,
      rooms,
      people,
      ...(await answersNow(services, name)),
    };
  };
  const fixed = [...registry.engines.keys()].filter((name) => registry.isFixed(name));
  const stored = rows.filter(({ name }) => !registry.isFixed(name));
  return Promise.all([...fixed.map((name) => view(name)), ...stored.map((row) => view(row.name, row))]);
}

const healthText = ({ answers }: EngineView): string => {
  if (answers === null) return "-";
  return answers ? "answers" : "fails";
};

const optionTexts = ({ options }: Pick<EngineView, "options">): string[] =>
  Object.entries(options).map(([name, value]) => `${name}=${value}`);

/** The table, and below it why those fail that do. */
export const engineTable = (engines: EngineView[]): string =>
  [rowsOf(engines), ...engines.flatMap(({ name, problem }) => (problem === null ? [] : `${name}: ${problem}`))].join(
    "\n",
  );

const rowsOf = (engines: EngineView[]): string =>
  table(
    ["NAME", "KIND", "FROM", "WEIGHT", "HEALTH", "ROOMS", "PEOPLE", "DRAINING", "OPTIONS"],
    engines.map((engine) => [
      engine.name,
      engine.kind,
      engine.from,
      String(engine.weight),
      healthText(engine),
      String(engine.rooms),
      String(engine.people),
      engine.drainingAt?.toISOString() ?? "-",
      optionTexts(engine).join(" "),
    ]),
  );

export const engineDetails = ({ name, kind, options, weight, drainingAt }: EngineRow): string =>
  details([
    ["Name", name],
    ["Kind", kind],
    ...Object.entries(options).map(([option, value]): [string, string] => [option, value]),
    ["Weight", String(weight)],
    ["Draining", drainingAt ? `since ${drainingAt.toISOString()}` : "no"],
  ]);
