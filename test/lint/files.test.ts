import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

test("no source file is over 250 lines, and the lockfile names no registry", () => {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.(?:tsx?|css)$/.test(file),
  );
  const long = files.filter((file) => readFileSync(`${root}src/${file}`, "utf8").split("\n").length > 251);
  expect(long).toEqual([]);
  expect(readFileSync(`${root}package-lock.json`, "utf8")).not.toMatch(/"resolved": "https?:/);
});

test("every dependency has one exact version", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const versions = Object.entries({ ...dependencies, ...devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(String(version)))).toEqual([]);
});

test("what CI runs after installing is `npm run check`, so that whoever runs it here has seen all of it", () => {
  const steps = readFileSync(`${root}.ci/run`, "utf8").trim().split("\n").slice(-2);
  expect(steps).toEqual(["npm install", "CI=true npm run check"]);
});

test("the Node of .nvmrc is one the package takes", () => {
  const { engines } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { engines: { node: string } };
  const least = /^>=(\d+)\./.exec(engines.node)?.[1];
  expect(Number(readFileSync(`${root}.nvmrc`, "utf8"))).toBeGreaterThanOrEqual(Number(least));
});

test("each decision has a number of its own, which its heading says too", () => {
  const files = readdirSync(`${root}docs/decisions`);
  const numbers = files.map((file) => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
  expect(files.filter((_, at) => numbers.indexOf(numbers[at] ?? 0) !== at)).toEqual([]);
  const headings = files.map((file) => readFileSync(`${root}docs/decisions/${file}`, "utf8").split("\n", 1)[0]);
  expect(headings).toEqual(numbers.map((number) => expect.stringMatching(`^# ${number}\\. `)));
});
