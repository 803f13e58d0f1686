import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { errorCodes } from "../../src/graphql/run/codes.js";
import { limits } from "../../src/graphql/run/limits.js";
import { boot } from "../helpers/boot.js";
import { root } from "../start/process.js";

const page = readFileSync(join(root, "docs/graphql.md"), "utf8");
const programs = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

test("the programs printed there, one after the other in one module, do what they say", async () => {
  const gateway = await boot();
  const known = `const BASE = ${JSON.stringify(gateway.url)}, KEY = ${JSON.stringify(gateway.key)};`;
  const child = spawn(process.execPath, ["--input-type=module", "-"], { cwd: root });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += String(data)));
  child.stdin.end([known, ...programs].join("\n"));
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect([code, said.trim().split("\n")]).toEqual([
    0,
    ["Algebra", "1 FORBIDDEN", "[ 'Algebra' ]", "Algebra", "ENDED", "1", "OPERATION_TOO_LARGE 10201"],
  ]);
});

test("the table of codes is the list the server keeps to", () => {
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, code, meaning]) => [code, meaning]);
  expect(rows).toEqual(Object.entries(errorCodes));
});

test("the table of limits says what is checked", () => {
  const rows = new Map([...page.matchAll(/^\| ([a-z ]+) \| ([\d,]+)/gm)].map(([, name, most]) => [name, most]));
  const said = (name: string) => Number((rows.get(name) ?? "").replace(",", ""));
  expect({
    tokens: said("tokens in a document"),
    depth: said("levels"),
    aliases: said("aliases"),
    rootFields: said("root fields"),
    points: said("points an operation"),
  }).toEqual(limits);
});
