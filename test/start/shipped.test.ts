import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";
import { demoKeyOf, root, server, stop } from "./process.js";

// Other tests run each module by itself; what operators start is a bundle of them, which loads some parts later.

const folder = join(root, "dist/bundle");
const files = readdirSync(folder).filter((name) => name.endsWith(".js"));

/** What is asked for outside of the bundle: also where it would be only if somebody asked for something. */
const asked = /^(?:import|export)\b[^;]* from "([^"./][^"]*)";$|\bimport\("([^"./][^"]*)"\)/gm;

test("what is started holds all it needs: outside stand what drives databases and a page of files", () => {
  const found = files.flatMap((name) =>
    [...readFileSync(join(folder, name), "utf8").matchAll(asked)].map(([, one, other]) => one ?? other ?? ""),
  );
  const libraries = new Set(found.filter((name) => !isBuiltin(name)));
  // tsx only where sources are run, class-validator only for TypeGraphQL's own checks, which are off.
  expect([...libraries].toSorted()).toEqual([
    "altair-static",
    "better-sqlite3",
    "class-validator",
    "pg",
    "tsx/esm/api",
  ]);
});

test("each part that is loaded only when somebody asks for it is there, and nothing is said of it", async () => {
  const data = temporaryFolder();
  const manifest = join(data, "manifest.json");
  writeFileSync(manifest, JSON.stringify({ name: "{ license { name } }" }));
  const started = await server(join(data, "new"), { TRUSTED_DOCUMENTS: manifest, DEFAULT_LANGUAGE: "en" });
  const url = await started.url();
  const license = demoKeyOf(started.out()) ?? "";
  const post = async (path: string, body: object) => {
    const headers = { license, "content-type": "application/json" };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, unknown>;
  };
  const page = async (path: string, headers = {}) => (await fetch(url + path, { headers })).text();

  // Markdown, the printed graph, the console and its files, Sandbox.
  expect(await page("/docs/limits.md")).toContain("<table>");
  expect(await page("/schema.graphql")).toContain("type Query");
  expect(await page("/console/")).toContain("AltairGraphQL.init");
  expect(await page("/console/main.js")).toContain("import");
  expect(await page("/graphql", { accept: "text/html" })).toContain("Sandbox");
  // What checks a partner's request, and the code of its operation.
  expect(await post("/api/v1/create_meeting/", {})).toMatchObject({ status: false, status_code: 400 });
  const settings = { title: "Algebra", meeting_setting: tenSettings() };
  for (const _ of [1, 2]) {
    expect(await post("/api/v1/create_meeting/", settings)).toMatchObject({ status_code: 201 });
  }
  // Apollo Server, which has an answer for what is sent as few do; a manifest; the thread that looks through titles.
  const name = { data: { license: { name: expect.any(String) } } };
  const query = encodeURIComponent("{ license { name } }");
  const headers = { license, "apollo-require-preflight": "1" };
  expect(JSON.parse(await page(`/graphql?query=${query}`, headers))).toEqual(name);
  expect(await post("/graphql", { id: "name" })).toEqual(name);
  const search = '{ meetings(filter: { titleContains: "ge" }) { totalCount nodes { title } } }';
  for (let run = 0; run < 11; run += 1) {
    const meetings = { totalCount: 2, nodes: [{ title: "Algebra" }, { title: "Algebra" }] };
    expect(await post("/graphql", { query: search })).toEqual({ data: { meetings } });
  }
  expect(await stop(started)).toEqual({ code: 0, signal: null });
  expect(started.out()).not.toMatch(/ERROR|WARN/);
  expect(started.err()).toBe("");
});
