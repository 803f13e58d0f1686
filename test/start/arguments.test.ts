import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { root, run } from "./process.js";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

const main = async (args: string[], env: Record<string, string> = {}) =>
  run([process.execPath, "dist/main.js", ...args], { ...(await environmentFor(temporaryFolder())), ...env });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("--port and --host win over the environment, and the greeting names them", async () => {
  const port = await freePort();
  const started = await main(["--port", String(port), "--host=localhost"], { PORT: "nonsense", HOST: "192.0.2.1" });
  await started.url();
  expect(started.out()).toMatch(new RegExp(`GraphQL +http://\\S+:${port}/graphql`));
  expect((await fetch(`http://localhost:${port}/health/live`)).status).toBe(200);
});

test("npm start passes them on", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
  // What npm does with `npm start -- --version`, without building anew beside other tests.
  expect(execFileSync("sh", ["-c", `${scripts.start} --version`], { cwd: root, encoding: "utf8" })).toBe(
    `${version}\n`,
  );
});

test("--help says what there is, on stdout, and starts nothing", async () => {
  const started = await main(["--help"]);
  expect(await started.ended).toEqual({ code: 0, signal: null });
  for (const word of ["--port", "--host", "--version", ".env.example"]) expect(started.out()).toContain(word);
  expect(started.err()).toBe("");
});

test.each([
  [["--prot", "1"], /^error: unknown option '--prot' .*--port/],
  [["4611"], /^error: too many arguments/],
  [["--port"], /^error: option '--port <number>' argument missing/],
])("%j is one line on stderr and exit code 1", async (args, sentence) => {
  const started = await main(args);
  expect(await started.ended).toEqual({ code: 1, signal: null });
  expect(started.err()).toMatch(sentence);
  expect(started.err().trim().split("\n")).toHaveLength(1);
  expect(started.out()).toBe("");
});

test("an argument that can't be used is named as it was typed, beside the faults of the environment", async () => {
  const started = await main(["--port", "0x10", "--host", ""], { LOG_LEVEL: "loud" });
  expect(await started.ended).toEqual({ code: 1, signal: null });
  const faults = started.err().trim().split("\n").slice(1);
  expect(faults.map((line) => line.trim().split(":")[0]).toSorted()).toEqual(["--host", "--port", "LOG_LEVEL"]);
});
