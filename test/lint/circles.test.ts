import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";

const root = new URL("../../", import.meta.url).pathname;

test("the linter notices files that import each other, also where they take nothing but types", () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/.oxlintrc.json`, readFileSync(`${root}.oxlintrc.json`));
  for (const layer of ["domain", "graphql", "storage"]) {
    mkdirSync(`${folder}/src/${layer}`, { recursive: true });
    writeFileSync(`${folder}/src/${layer}/a.ts`, 'import type { B } from "./b.js";\n\nexport type A = { b: B };\n');
    writeFileSync(`${folder}/src/${layer}/b.ts`, 'import type { A } from "./c.js";\n\nexport type B = { a?: A };\n');
    writeFileSync(`${folder}/src/${layer}/c.ts`, 'import type { A } from "./a.js";\n\nexport type { A };\n');
  }
  const { stdout } = spawnSync(`${root}node_modules/.bin/oxlint`, ["src", "--format", "json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const circles = diagnostics.filter(({ code }) => code.includes("no-cycle")).map(({ filename }) => filename);
  expect(new Set(circles.map((file) => file.split("/")[1]))).toEqual(new Set(["domain", "graphql", "storage"]));
});
