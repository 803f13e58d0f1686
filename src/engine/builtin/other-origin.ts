import type { EngineSetting } from "../engine.js";

/** Anyone may send any origin: so many are named, and no more of each. */
const MOST_NAMED = 10;
const LONGEST = 200;

/**
 * People who open links under another address than PUBLIC_URL's do not get in: whoever runs the server should know, and
 * once is enough.
 */
export function warnOfOrigins({ log, publicUrl }: EngineSetting): (origin: string) => void {
  const named = new Set<string>();
  return (origin) => {
    if (named.has(origin) || named.size >= MOST_NAMED) return;
    named.add(origin);
    const facts = { origin: origin.slice(0, LONGEST), publicUrl: publicUrl() };
    log.warn(facts, "a browser opened a room under another address than PUBLIC_URL, and can't get in there");
  };
}
