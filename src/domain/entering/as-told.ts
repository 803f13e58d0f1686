import { controlFree } from "../../characters.js";
import type { Attended } from "../../engine/engine.js";
import { limits } from "../checks.js";

/** Of what an engine tells of one session afterwards; one that tells more is not believed further. */
export const MOST_PEOPLE_TOLD = 5_000;
/** Comings of one person, and as many leavings: all their stays are written in one go. */
const MOST_COMINGS_TOLD = 200;
/** Letters of an engine's own id of a line. */
const LONGEST_LINE = 255;

const isPlain = new RegExp(controlFree.line, "u");

/** A name as one of ours may be, whatever an engine elsewhere calls somebody: in one line, whole letters, not too long. */
export function nameTold(name: string): string {
  if (name.length <= limits.name.max && isPlain.test(name) && !/\p{Surrogate}/u.test(name)) return name;
  // Cut first, so that a long one costs no more; through bytes, so that half a letter becomes the sign for one.
  const whole = Buffer.from(name.slice(0, 4 * limits.name.max)).toString();
  return Array.from(whole.replaceAll(/\p{Cc}/gu, " "))
    .slice(0, limits.name.max)
    .join("");
}

export const lineTold = (line: string): string => line.slice(0, LONGEST_LINE);

/** The moments of one person that are looked at. */
export const momentsTold = ({ joins, leaves }: Attended): Pick<Attended, "joins" | "leaves"> => ({
  joins: joins.slice(0, MOST_COMINGS_TOLD),
  leaves: leaves.slice(0, MOST_COMINGS_TOLD),
});
