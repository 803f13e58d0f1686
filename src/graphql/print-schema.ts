import { writeFileSync } from "node:fs";
import { buildGraph, printGraph } from "./schema.js";

// `npm run schema`: writes the committed file anew; a test fails while it is stale.
writeFileSync(new URL("../../schema.graphql", import.meta.url), printGraph(buildGraph()));
