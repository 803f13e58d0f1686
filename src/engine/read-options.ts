import { Wrong } from "../variables.js";
import type { EngineKind, EngineOption } from "./kind.js";

type Given = Readonly<Record<string, string | undefined>>;

export interface OptionFault {
  option: string;
  /** What would be right. */
  what: string;
}

function readOne({ isRequired, byDefault, read }: EngineOption, text: string | undefined): string | undefined {
  const said = text ?? byDefault;
  if (said === undefined && isRequired) throw new Wrong("is required");
  return said === undefined ? undefined : read(said);
}

/** What is given for an engine of this kind, read: its options as they are kept, or what is wrong with which. */
export function readOptions(
  kind: EngineKind,
  given: Given,
): { options: Record<string, string>; faults: OptionFault[] } {
  const options: Record<string, string> = {};
  const faults: OptionFault[] = [];
  for (const [option, how] of Object.entries(kind.options)) {
    try {
      const value = readOne(how, given[option]);
      if (value !== undefined) options[option] = value;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      faults.push({ option, what: error.message });
    }
  }
  const contradiction = faults.length > 0 ? undefined : kind.contradiction?.(options);
  return { options, faults: contradiction ? [contradiction] : faults };
}

/** The variable of the environment that stands for an option; undefined where its kind has none. */
export const variableOf = ({ env }: EngineKind, option: string): string | undefined =>
  env === undefined ? undefined : `${env}_${option.replace(/[A-Z]/g, "_$&").replaceAll("-", "_").toUpperCase()}`;
