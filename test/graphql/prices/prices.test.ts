import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { quiet } from "../../helpers/rows.js";
import { everyField } from "./corpus.js";
import { fill } from "./fill.js";

const many = (count: number, part: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => part(at)).join(" ");

/** What was tried, and other ways of asking for more than is counted. */
const attacks: Record<string, string> = {
  "settings under other names": `{ meetings(first: 20) { nodes { ${many(20, (at) => `a${at}: settings { entries { name value label } }`)} } } }`,
  "long texts under other names": `{ meetings(first: 100) { nodes { ${many(25, (at) => `a${at}: welcomeText`)} } } }`,
  "a whole page of everything": `{ meetings(first: 30) { nodes { title createdAt settings { record } currentSession { id }
    sessions(first: 10) { nodes { title attendances(first: 10) { nodes { fullName durationSeconds } } } } } } }`,
  "a list in a filter": `{ sessions(filter: { status: [${many(100, () => "ENDED")}] }) { nodes { id } } }`,
  "a search": `{ meetings(filter: { titleContains: "zzz" }) { totalCount nodes { id } } }`,
  "another order": "{ sessions(first: 1, orderBy: { field: ENDED_AT }) { nodes { id } } }",
  "fields again and again": `{ meetings(first: 100) { nodes { ${"title ".repeat(30)} } } }`,
  "the whole schema": getIntrospectionQuery(),
  "the schema under other names": `{ __schema { ${many(25, (at) => `a${at}: types { fields { name args { name } } }`)} } }`,
};

/** What no server has read before. */
const texts: Record<string, (at: number) => string> = {
  "a short text": (at) => `query Short${at} { license { name } }`,
  "a text of repetitions": (at) => `query Again${at} { license { ${"name ".repeat(30)} } }`,
  "a text of fragments": (at) =>
    `query Parts${at} { license { ${many(30, (part) => `...A${part}`)} } } ${many(30, (part) => `fragment A${part} on License { name id keyHint }`)}`,
  "a long text": (at) =>
    `query Long${at} { ${many(10, (root) => `a${root}: meetings(first: 1) { nodes { ${"id title ".repeat(25)} } }`)} }`,
  "a text that is refused": (at) => `query Refused${at} { license { ${many(300, (field) => `no${field}`)} } }`,
};

/** Microseconds of this process for each point, its client's among them; the median of so many samples. */
async function microsecondsAPoint(gateway: Gateway, queryOf: (at: number) => string, atLeast: number, count = 3) {
  let asked = 0;
  const ask = async () => {
    asked += 1;
    const { headers } = await gateway.graphql(queryOf(asked));
    return Number(headers.get("ratelimit-remaining"));
  };
  let left = await ask();
  const samples: number[] = [];
  while (samples.length < count) {
    const began = process.cpuUsage();
    const leftBefore = left;
    let used = 0;
    for (let times = 0; times < 3 || used < atLeast; times += 1) {
      left = await ask();
      const { user, system } = process.cpuUsage(began);
      used = user + system;
    }
    samples.push(used / (leftBefore - left));
  }
  return samples.toSorted((a, b) => a - b)[Math.floor(count / 2)] ?? 0;
}

test("a point costs about the same wherever it is spent: the dearest within ten times of the median", async () => {
  const gateway = await boot({ ...quiet, env: { POINTS_PER_MINUTE: "1000000000" } });
  const corpus = new Map<string, (at: number) => string>();
  for (const { field, query } of everyField(buildGraph(), await fill(gateway))) corpus.set(field, () => query);
  const fields = [...corpus.keys()];
  for (const [name, query] of Object.entries(attacks)) corpus.set(name, () => query);
  for (const [name, queryOf] of Object.entries(texts)) {
    // A text of one round must not be known in the next.
    const first = performance.now();
    corpus.set(name, (at) => queryOf(Math.round((first + performance.now()) * 1000) * 1000 + at));
  }
  const measured = new Map<string, number>();
  // Once: what seems dear is looked at more closely below.
  for (const [name, queryOf] of corpus) measured.set(name, await microsecondsAPoint(gateway, queryOf, 3_000, 1));
  const sorted = fields.map((field) => measured.get(field) ?? 0).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const dearer = async ([name, first]: [string, number]): Promise<boolean> => {
    // A busy machine makes anything dear for a while; what is dear stays dear.
    for (let cost = first, tries = 0; cost > 10 * median; tries += 1) {
      if (tries === 3) return true;
      cost = await microsecondsAPoint(gateway, corpus.get(name) ?? (() => ""), 20_000);
    }
    return false;
  };
  const dear: string[] = [];
  for (const each of measured) if (await dearer(each)) dear.push(`${each[0]}: ${each[1]} of ${median}`);
  expect(dear).toEqual([]);
  expect(fields.length).toBeGreaterThan(100);
});
