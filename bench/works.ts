import type { Seeded } from "./seed.js";
import { graphReads } from "./works/graph.js";
import { v1Reads } from "./works/v1-reads.js";
import { v1Writes } from "./works/v1-writes.js";
import type { Work } from "./works/work.js";

/** The writes last: after them there is more in the database. */
export const worksOf = (seeded: Seeded): Work[] => [...v1Reads(seeded), ...graphReads(seeded), ...v1Writes(seeded)];
