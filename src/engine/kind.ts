import type { EngineSetting, OpenedEngine } from "./engine.js";

/** A setting that an operator gives an engine: `--url` on the command line, `BBB_URL` in the environment. */
export interface EngineOption {
  /** For `--help` and the documentation. */
  description: string;
  isRequired?: boolean;
  /** Kept encrypted, never shown, never logged. */
  isSecret?: boolean;
  byDefault?: string;
  /**
   * The text as it is kept.
   * @throws Wrong saying what would be right
   */
  read(text: string): string;
}

/** A sort of engine: a folder, and a line in `index.ts`. */
export interface EngineKind {
  /** Begins the names of its variables: `BBB` makes BBB_URL. None where there is nothing to say. */
  env?: string;
  /** By their names on the command line. */
  options: Readonly<Record<string, EngineOption>>;
  /** What of its options does not go together, and what would be right. */
  contradiction?(options: Readonly<Record<string, string>>): { option: string; what: string } | undefined;
  open(setting: EngineSetting, options: Readonly<Record<string, string>>): OpenedEngine;
}
