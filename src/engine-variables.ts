import { engineKinds } from "./engine/index.js";
import type { EngineKind } from "./engine/kind.js";
import { readOptions, variableOf } from "./engine/read-options.js";

const kinds: Readonly<Record<string, EngineKind>> = engineKinds;

/** The engine that the environment names. */
export interface EngineOfEnvironment {
  readonly kind: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Every variable that some sort of engine has. */
export const engineVariables = (): string[] =>
  Object.values(kinds).flatMap((kind) => Object.keys(kind.options).flatMap((option) => variableOf(kind, option) ?? []));

/** Variables of sorts of engine that ENGINE does not name are not looked at: they may wait there for their day. */
export function readEngine(
  name: string,
  given: Readonly<Record<string, string>>,
): { engine: EngineOfEnvironment; faults: { name: string; what: string }[] } {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (!kind) {
    const what = `must be one of ${Object.keys(kinds).join(", ")}`;
    return { engine: { kind: name, options: {} }, faults: [{ name: "ENGINE", what }] };
  }
  const of = (option: string) => given[variableOf(kind, option) ?? ""];
  const { options, faults } = readOptions(
    kind,
    Object.fromEntries(Object.keys(kind.options).map((option) => [option, of(option)])),
  );
  return {
    engine: { kind: name, options },
    faults: faults.map(({ option, what }) => ({
      name: variableOf(kind, option) ?? option,
      what: what === "is required" ? `is required beside ENGINE=${name}` : what,
    })),
  };
}
