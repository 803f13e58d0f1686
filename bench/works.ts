import type { Seeded } from "./seed.js";
import { graphReads } from "./works/graph.js";
import { v1Reads } from "./works/v1-reads.js";
import { v1Writes } from "./works/v1-writes.js";
import type { Work } from "./works/work.js";

export const worksOf = (seeded: Seeded): Work[] => [...v1Reads(seeded), ...v1Writes(seeded), ...graphReads(seeded)];
