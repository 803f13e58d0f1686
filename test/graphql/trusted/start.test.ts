import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { machineTime, openClock } from "../../../src/clock.js";
import { openBudget } from "../../../src/graphql/run/budget.js";
import { Holdings } from "../../../src/graphql/run/holdings.js";
import { Runner } from "../../../src/graphql/run/runner.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { openTrustedDocuments } from "../../../src/graphql/run/trusted.js";
import { boot } from "../../helpers/boot.js";
import { documents, formats, manifestFile } from "./manifests.js";

/** What stops a start with this in the manifest. */
async function faultOf(content: unknown, path = manifestFile(content)): Promise<string> {
  const started = boot({ env: { TRUSTED_DOCUMENTS: path } });
  const error: unknown = await started.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) return "";
  expect(error.name).toBe("UnusableManifest");
  const [first = "", ...rest] = error.message.split("\n");
  expect(first.startsWith(`TRUSTED_DOCUMENTS: ${path} `)).toBe(true);
  return [first.slice(`TRUSTED_DOCUMENTS: ${path} `.length), ...rest].join("\n");
}

const apollo = (...operations: object[]) => ({ format: "apollo-persisted-query-manifest", version: 1, operations });
const operation = (body: string, id = "a1", name = "Who") => ({ id, name, type: "query", body });

test("a manifest that can't be read, or is no JSON, stops the start and is named", async () => {
  expect(await faultOf("", "/nowhere/manifest.json")).toMatch(/^can't be read: ENOENT/);
  expect(await faultOf("{")).toMatch(/^can't be read: .*JSON/);
  expect(await faultOf("")).toMatch(/^can't be read: .*JSON/);
});

test("a manifest of no known format stops the start, with what is wrong where", async () => {
  for (const content of [[], [operation("{ __typename }")], "x", 7, null]) {
    expect(await faultOf(JSON.stringify(content))).toContain("is neither Apollo's manifest");
  }
  expect(await faultOf({ a: { text: "{ __typename }" } })).toMatch(/is neither[^]*\n {2}a: /);
  expect(await faultOf({ ...apollo(), format: "other" })).toMatch(/^is no manifest of Apollo's[^]*\n {2}format: /);
  expect(await faultOf({ ...apollo(), version: 2 })).toMatch(/^is no manifest of Apollo's[^]*\n {2}version: /);
  expect(await faultOf(apollo(operation("{ __typename }"), { id: "b", name: "B" }))).toContain(
    "\n  operations.1.body: ",
  );
});

test("a manifest without an operation stops the start: a build has gone wrong", async () => {
  for (const content of [{}, apollo()]) expect(await faultOf(content)).toContain("no operation at all");
});

test("an operation that does not fit the schema, or no request could run, stops the start and is named", async () => {
  const wrong = [
    operation("query Who { license { nam } }"),
    operation("query Broken { license {", "b2", "Broken"),
    operation("fragment F on License { name }", "c3", "F"),
    operation(`{ ${Array.from({ length: 11 }, (_, at) => `a${at}: license { name }`).join(" ")} }`, "d4", "Many"),
    operation(`{ license { ${"name ".repeat(2000)} } }`, "e5", "Long"),
  ];
  const lines = (await faultOf(apollo(...wrong, operation("{ license { name } }", "f6")))).split("\n");
  expect(lines).toEqual([
    "holds what can't be served:",
    expect.stringMatching(/^ {2}Who \(a1\): Cannot query field "nam" .*\(line 1, column 23\)$/),
    expect.stringMatching(/^ {2}Broken \(b2\): Syntax Error.*/),
    expect.stringMatching(/^ {2}F \(c3\): Fragment "F" is never used/),
    "  Many (d4): more than 10 rootFields",
    expect.stringMatching(/^ {2}Long \(e5\): .*2000 tokens/),
  ]);
  expect(await faultOf({ "0123": "{ licens }" })).toContain("\n  0123: Cannot query field");
});

test("one id for two operations stops the start; the same operation twice does not", async () => {
  const one = operation("{ license { name } }");
  expect(await faultOf(apollo(one, operation("{ license { keyHint } }")))).toContain("Who (a1): another operation has");
  expect(await faultOf(apollo(one, one))).toBe("");
});

test("of hundreds of faults the first ones are said, and how many more there are", async () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`id${at}`, "{ licens }"]));
  const lines = (await faultOf(many)).split("\n");
  expect([lines.length, lines.at(-1)]).toEqual([22, "  and 280 more"]);
});

test("what was parsed at the start is what runs, however many other texts came since", async () => {
  const runner = new Runner({
    schema: buildGraph(),
    isProduction: false,
    budget: openBudget({ pointsPerMinute: 1, tokenPointsPerMinute: 1 }, openClock(machineTime, { log: console })),
    holdings: new Holdings(),
    heldMinute: 60_000,
  });
  const path = manifestFile(formats.Relay.content);
  await openTrustedDocuments({ trustedDocuments: path, trustedDocumentsOnly: true }, runner);
  const atStart = runner.text(documents.Who);
  const other = runner.text("{ license { id } }");
  for (let at = 0; at < 150; at += 1) runner.text(`{ ${`a${at}: __typename `.repeat(600)} }`);
  expect(runner.text("{ license { id } }")).not.toBe(other);
  expect(runner.text(documents.Who)).toBe(atStart);
});

test("a start that a manifest stops leaves nothing open", async () => {
  const gateway = await boot({ env: { TRUSTED_DOCUMENTS: manifestFile(formats.Relay.content) } });
  const { folder } = gateway;
  await gateway.stop();
  await expect(boot({ folder, env: { TRUSTED_DOCUMENTS: "/nowhere" } })).rejects.toThrow("can't be read");
  expect(readdirSync(folder)).not.toContain("vconnct.sqlite-wal");
  await boot({ folder });
});
