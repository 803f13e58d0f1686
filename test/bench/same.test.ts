import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

const run = (program: string, ...args: string[]): string =>
  execFileSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

test("whoever the gateway is measured against gives the same answers at every work", () => {
  run("node_modules/typescript/bin/tsc", "-p", "bench/tsconfig.build.json");
  expect(JSON.parse(run("dist/bench/main.js", "--rounds", "0", "--peer", "gateway", "--json"))).toEqual([]);
});
