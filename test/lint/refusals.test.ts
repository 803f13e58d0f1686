import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryFolder } from "../helpers/boot.js";

const root = new URL("../../", import.meta.url).pathname;

/** The source files in which the compiler finds faults, once this declaration is among them; what it says, too. */
function faultsWith(declaration: string): { files: string[]; text: string } {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/more.ts`, declaration);
  const config = {
    extends: `${root}tsconfig.json`,
    compilerOptions: { noEmit: true, incremental: false, rootDir: "/", typeRoots: [`${root}node_modules/@types`] },
    files: [`${folder}/more.ts`],
    include: [`${root}src`],
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
  const tsc = `${root}node_modules/.bin/tsc`;
  // One that checks: several would each look at what all of them need, for twice the work.
  const args = ["-p", folder, "--pretty", "false", "--checkers", "1"];
  const { stdout } = spawnSync(tsc, args, { cwd: root, encoding: "utf8" });
  const faults = [...stdout.matchAll(/^(\S+\.ts)\(\d+,\d+\): error/gm)];
  const files = faults.map(([, file]) => String(file).replace(/^.*src\//, ""));
  return { files: [...new Set(files)].toSorted(), text: stdout };
}

test("a new refusal code does not compile until it has an error class, its words and its status", () => {
  const { files, text } = faultsWith(
    `import type {} from "${root}src/domain/refusal.js";
     declare module "${root}src/domain/refusal.js" { interface RefusalFacts { BRAND_NEW: { limit: number } } }`,
  );
  expect(files).toEqual([
    "graphql/answer.ts",
    "graphql/errors.ts",
    "graphql/result.ts",
    "graphql/user-error.ts",
    "v1/errors.ts",
  ]);
  expect(text).toMatch(/BRAND_NEW/);
});

test("every refusal comes out of a list that stands beside its use-case, exported", () => {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const hidden = files.flatMap((file) => {
    const source = readFileSync(`${root}src/${file}`, "utf8");
    const lists = source.matchAll(/^export const (\w+) = \[[^\]]*\] as const satisfies readonly RefusalCode\[\];/gm);
    const exported = new Set([...lists].map(([, name]) => name));
    const used = [...source.matchAll(/\bRefusal\.outOf\(([^)]*)\)/g)].map(([, list]) => list);
    return used.filter((list) => !exported.has(list)).map((list) => `${file}: ${list}`);
  });
  expect(hidden).toEqual([]);
});
