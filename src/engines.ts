import { EngineHealth } from "./domain/engine/health.js";
import { Loads } from "./domain/engine/load.js";
import { EnginePool } from "./domain/engine/pool.js";
import { EngineRegistry, type OpenStored } from "./domain/engine/registry.js";
import type { Services } from "./domain/services.js";
import { pickEngine } from "./domain/session/engines.js";
import type { EngineOfEnvironment } from "./engine-variables.js";
import type { EngineSetting, OpenEngine } from "./engine/engine.js";
import { engineKinds } from "./engine/index.js";
import type { EngineKind } from "./engine/kind.js";
import { readOptions } from "./engine/read-options.js";

/** What an engine is given by its name. */
export type Named = "name" | "reports" | "callbackUrl";

export interface EngineChoices {
  /** Other engines than the configured ones. */
  engines?: Record<string, OpenEngine>;
  defaultEngine?: string;
  /** Other sorts of engine for the table than the shipped ones. */
  kinds?: Record<string, EngineKind>;
}

interface World extends Pick<Services, "storage" | "sealing" | "log" | "clock"> {
  /** What is the same for each of them. */
  shared: Omit<EngineSetting, Named>;
}

const BUILTIN = "builtin";

/** The built-in engine is always there, beside the one that the environment names. */
function configured({ kind, options }: EngineOfEnvironment): Record<string, OpenEngine> {
  const { open } = (engineKinds as Record<string, EngineKind>)[kind] ?? engineKinds.builtin;
  return { builtin: engineKinds.builtin.open, [kind]: (setting) => open(setting, options) };
}

/** The engines that this process starts with, each with the use-cases that it tells what it sees; and who chooses among them. */
export function openEngines(
  { engines, defaultEngine, kinds = engineKinds }: EngineChoices,
  ofEnvironment: EngineOfEnvironment,
  { shared, ...world }: World,
  named: (name: string) => Pick<EngineSetting, Named>,
) {
  const open = (name: string, opener: OpenEngine) => opener({ ...shared, ...named(name) });
  const configuredFor = defaultEngine ?? ofEnvironment.kind;
  const fixed = new Map(
    Object.entries(engines ?? configured(ofEnvironment)).map(([name, each]) => {
      // Whoever configures an engine elsewhere wants the sessions there; the built-in one takes what no other is there for.
      const weight = name === configuredFor && name !== BUILTIN ? 1 : 0;
      return [name, { opened: open(name, each), weight }];
    }),
  );
  const openStored: OpenStored = ({ name, kind: kindName }, { options, secrets }) => {
    const kind = kinds[kindName];
    if (!kind) throw new Error(`this server has no sort of engine "${kindName}"`);
    // Read again: an option that came with a later version has its default.
    const read = readOptions(kind, { ...options, ...secrets });
    if (read.faults.length > 0) throw new Error(read.faults.map(({ option, what }) => `${option} ${what}`).join("; "));
    return open(name, (setting) => kind.open(setting, read.options));
  };
  const registry = new EngineRegistry(fixed, world, openStored, shared.timings.engineWait);
  const health = new EngineHealth(world, shared.timings.engineCheck);
  const pool = new EnginePool(registry, health, new Loads(world), BUILTIN);
  return { engines: registry.engines, engineOf: pickEngine(registry.engines), pool };
}
