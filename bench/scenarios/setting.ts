import { type Figure, figureOf } from "../figures.js";
import type { Seeded } from "../seed.js";
import type { StartOptions } from "../servers.js";

export interface Setting {
  starting: StartOptions;
  seeded: Seeded;
  minutes: number;
  /** Tells whoever waits how far it is. */
  say(line: string): void;
}

/** One number about the gateway. @param goal what it should be */
export const found =
  (work: string) =>
  (what: string, value: number, goal?: string): Figure =>
    figureOf({ work, server: "gateway", what, ...(goal !== undefined && { goal }) }, [value]);
