import "reflect-metadata";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { MutationCode } from "../../src/domain/refusal.js";
import { errorClasses } from "../../src/graphql/errors.js";
import { statusOf } from "../../src/v1/errors.js";
import { boot } from "../helpers/boot.js";
import { troubledBuiltin } from "../helpers/test-engine.js";
import { cases, type Prepare, type World } from "./cases.js";
import { overTheGraph, overV1 } from "./doors.js";
import { ofMutations, ofOthers } from "./lists.js";

const nobodysId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";

async function world(): Promise<World> {
  const engine = troubledBuiltin();
  // Short, because two cases wait for it to pass; and nothing is swept up behind their backs.
  const timings = { engineWait: 300, sweep: 3_600_000 };
  return { gateway: await boot({ openEngine: engine.open, timings }), engine, nobodysId };
}

/** Calls it on both doors; what each said. */
async function toldBy(at: World, mutation: string, prepare: Prepare) {
  const { input, call = {}, after } = await prepare(at);
  const asked = { language: "en", ...call };
  const graph = await overTheGraph(at.gateway, mutation, input, asked);
  const v1 = await overV1(at.gateway, mutation, input, asked);
  after?.();
  return { graph, v1 };
}

for (const [mutation, codes] of Object.entries(ofMutations)) {
  test(`${mutation} is refused for each reason in its list, in the graph and in v1 alike`, async () => {
    const at = await world();
    const prepared = cases[mutation as keyof typeof cases] as Record<MutationCode, Prepare>;
    expect(Object.keys(prepared).toSorted()).toEqual([...codes].toSorted());
    for (const code of codes) {
      const { graph, v1 } = await toldBy(at, mutation, prepared[code]);
      expect(graph).toMatchObject({ __typename: errorClasses[code].name, code });
      // A whole sentence, nothing in it left to be filled in.
      expect(graph.messages.join("")).toMatch(/^\w[^{}]* [^{}]*\.$/);
      if (!v1) continue;
      expect([code, v1.status, v1.body.status_code]).toEqual([code, statusOf(code), statusOf(code)]);
      // Faults of the input v1 finds by itself, and names in its own words.
      if (code !== "INVALID_INPUT") expect(v1.body.error_messages).toEqual(graph.messages);
      else expect(v1.body.error_messages).toHaveLength(graph.messages.length);
    }
  });
}

test("each list of refusals in the domain is in these tests", async () => {
  const folder = new URL("../../dist/domain/", import.meta.url);
  const known: ReadonlySet<unknown> = new Set([...Object.values(ofMutations), ...Object.values(ofOthers)]);
  const unknown: string[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const exported: Record<string, unknown> = await import(new URL(file, folder).href);
    const lists = Object.entries(exported).filter(([name]) => name.endsWith("Refusals"));
    unknown.push(...lists.filter(([, list]) => !known.has(list)).map(([name]) => name));
  }
  expect(unknown).toEqual([]);
});
