import type { Coerced } from "../variables.js";
import type { Compiling } from "./again.js";
import { conditionalVariables } from "./chosen.js";
import { type Compiled, compile } from "./compiled.js";

/** Of each operation, by what its `@skip` and `@include` ask: two variables, with both values. */
const MOST_VARIANTS = 4;

/**
 * What code keeps in the memory for a field, beyond what the text itself does, once V8 has made machine code of it. 40 texts
 * of 280 fields, as code and interpreted, heap and code space after a collection: 970 bytes for a field of a row, 2,060 for
 * a root with one field; 2,980 (3,190 of the process) for small objects of 20 rows after 400 runs. Rounded up.
 */
const BYTES_OF_FIELD = 4_096;

interface CodeSetting extends Compiling {
  /** How many it has, with all fragments spread out. */
  fields: number;
  /** Which of its runs is the first as code; Infinity: none. */
  from: number;
}

/** The code of one operation, made when it is worth it. */
export class Code {
  #runs = 0;
  #asked: readonly string[] | undefined;
  readonly #variants = new Map<string, Compiled | undefined>();

  constructor(readonly setting: CodeSetting) {}

  get bytes(): number {
    return this.#variants.size * this.setting.fields * BYTES_OF_FIELD;
  }

  /** Undefined where it is to be interpreted. */
  for(coerced: Coerced): Compiled | undefined {
    const { from } = this.setting;
    if (this.#runs < from) this.#runs += 1;
    if (this.#runs < from) return undefined;
    this.#asked ??= conditionalVariables(this.setting.document);
    const values = this.#asked.map((name) => coerced[name]);
    const key = values.join();
    if (this.#variants.has(key)) return this.#variants.get(key);
    // A condition that is null is an error, which graphql-js tells.
    if (this.#variants.size === MOST_VARIANTS || values.some((value) => typeof value !== "boolean")) return undefined;
    const compiled = compile(this.setting, coerced);
    this.#variants.set(key, compiled);
    return compiled;
  }
}
