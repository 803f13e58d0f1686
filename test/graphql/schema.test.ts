import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildGraph, printGraph } from "../../src/graphql/schema.js";

test("schema.graphql is what the resolvers make: run `npm run schema` when this fails", () => {
  const committed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect(printGraph(buildGraph())).toBe(committed);
});
