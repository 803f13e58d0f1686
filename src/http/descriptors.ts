import { readFileSync } from "node:fs";

// Kept back for files and for connections of the server's own: an eighth of all descriptors, within these bounds.
const LEAST_KEPT_BACK = 96;
const MOST_KEPT_BACK = 1_024;

/** How many files and connections this process may have open; no bound where the system does not say. */
function mostDescriptors(): number {
  try {
    const [, most] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return most === undefined ? Number.POSITIVE_INFINITY : Number(most);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * How many lines may be open at once. With one more for each descriptor there is, nothing could be read any more, and what
 * is loaded when it is first needed (docs, notes, Apollo Server) would not be there.
 */
export function mostLines(descriptors = mostDescriptors()): number {
  if (descriptors === Number.POSITIVE_INFINITY) return descriptors;
  const kept = Math.min(Math.max(descriptors / 8, LEAST_KEPT_BACK), MOST_KEPT_BACK);
  return Math.floor(Math.max(descriptors - kept, descriptors / 2));
}
