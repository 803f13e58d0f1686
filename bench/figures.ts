import type { PeerName } from "./peers.js";
import { quantile } from "./turns.js";
import { format } from "./table.js";

/** One number that is found about a server, besides what servers do in turns. */
export interface Figure {
  work: string;
  server: PeerName;
  /** With its unit. */
  what: string;
  median: number;
  lower: number;
  upper: number;
  /** What it should be. */
  goal?: string;
}

type About = Pick<Figure, "work" | "server" | "what" | "goal">;

/** Of one that was found several times. */
export const figureOf = (about: About, values: readonly number[]): Figure => ({
  ...about,
  median: quantile(values, 0.5),
  lower: quantile(values, 0.25),
  upper: quantile(values, 0.75),
});

const rounded = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));

/** As Markdown. */
export const figureTable = (figures: readonly Figure[]): string =>
  format(
    ["work", "server", "what", "goal", "median", "quartiles"],
    figures.map(({ work, server, what, goal, median, lower, upper }) => [
      work,
      server,
      what,
      goal ?? "",
      rounded(median),
      lower === upper ? "" : `${rounded(lower)}–${rounded(upper)}`,
    ]),
    4,
  );
