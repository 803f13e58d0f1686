import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

test("every rule of docs/v1-decisions.md is carried by a test's name", () => {
  const rules = [...read("docs/v1-decisions.md").matchAll(/^- \*\*([a-z]+-\d+)\*\*/gm)].map(([, id = ""]) => id);
  expect(rules).toHaveLength(66);
  const files = readdirSync(new URL("test", root), { recursive: true, encoding: "utf8" });
  const names = files
    .filter((file) => file.endsWith(".test.ts") && !file.endsWith("rules.test.ts"))
    .flatMap((file) => [...read(`test/${file}`).matchAll(/\b(?:test|it)(?:\.\w+(?:\([^)]*\))?)*\(\s*["'`](.*)["'`]/g)])
    .map(([, name = ""]) => name.split(/: /, 1)[0] ?? "");
  const carried = new Set(names.flatMap((name) => name.match(/[a-z]+-\d+/g) ?? []));
  expect(rules.filter((id) => !carried.has(id))).toEqual([]);
});
