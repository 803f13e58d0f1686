import { wholeSeconds } from "../../clock.js";
import type { Sighting, Stay } from "../../storage/index.js";

/** Of a session that has been over for so long nothing is heard any more, and what was told of it is forgotten. */
export const SIGHTING_KEPT_MS = 2 * 24 * 60 * 60 * 1000;

/** What was told without saying over which line: of the person as a whole. */
export const WHOLE_PERSON = "";

/** A time inside, as all sightings together tell it. */
export type Visit = Pick<Stay, "joinedAt" | "leftAt" | "source" | "engineUserId">;

/** What was told of somebody, once. */
export type Seeing = Pick<Sighting, "line" | "at" | "isInside" | "source">;

/** At one instant coming is before leaving, so that a line that takes over from another leaves no gap. */
const inOrder = (one: Seeing, other: Seeing): number =>
  one.at.getTime() - other.at.getTime() || Number(other.isInside) - Number(one.isInside);

/**
 * When a person was inside: as long as any of their lines was. A line's end ends also what was told without a line (a
 * poll finds someone whose coming was not told), and an end that names no line ends them all.
 * @param sightings in any order, each once
 * @param endedAt when the session ended: nobody was inside after it
 * @returns in order, no two touching
 */
export function visitsOf(sightings: readonly Seeing[], endedAt: Date | null): Visit[] {
  const lines = new Set<string>();
  const visits: Visit[] = [];
  const within = (at: Date) => (endedAt && at > endedAt ? endedAt : at);
  const known = sightings.map((seen) => ({ ...seen, at: within(seen.at) }));
  for (const { line, at, isInside, source } of known.toSorted(inOrder)) {
    if (isInside) {
      if (lines.size === 0) visits.push({ joinedAt: at, leftAt: null, source, engineUserId: line || null });
      lines.add(line);
      continue;
    }
    const wasInside = lines.size > 0;
    if (line === WHOLE_PERSON) lines.clear();
    lines.delete(line);
    lines.delete(WHOLE_PERSON);
    const last = visits.at(-1);
    if (wasInside && lines.size === 0 && last) last.leftAt = at;
  }
  const last = visits.at(-1);
  if (last && last.leftAt === null) last.leftAt = endedAt;
  return visits;
}

export const secondsOf = (visits: readonly Pick<Visit, "joinedAt" | "leftAt">[]): number =>
  visits.reduce((sum, { joinedAt, leftAt }) => sum + (leftAt ? wholeSeconds(joinedAt, leftAt) : 0), 0);
