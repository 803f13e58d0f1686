/** It stands in addresses, and beside sessions for ever. */
export const engineName = /^[a-z][a-z0-9-]{0,39}$/;

/** @param kinds whose names are those of engines that no operator added */
export function engineNameFaults(given: string, kinds: readonly string[]): string[] {
  if (kinds.includes(given) || given === "none") {
    return [`NAME must be none of ${[...kinds, "none"].join(", ")}: they mean something else already`];
  }
  return engineName.test(given) ? [] : ["NAME must have 1 to 40 small letters, digits and hyphens, the first a letter"];
}

export const MOST_WEIGHT = 1_000;

/** An engine's weight, or what is wrong with it. */
export function readWeight({ weight }: Readonly<Record<string, unknown>>): { weight?: number; faults: string[] } {
  if (weight === undefined) return { faults: [] };
  const isRight = typeof weight === "string" && /^\d{1,4}$/.test(weight) && Number(weight) <= MOST_WEIGHT;
  return isRight
    ? { weight: Number(weight), faults: [] }
    : { faults: [`--weight must be a whole number from 0 to ${MOST_WEIGHT}`] };
}
