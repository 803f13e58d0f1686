import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";

const run = promisify(execFile);
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

test("the README begins with the two commands", () => {
  expect(blocks.slice(0, 2)).toEqual(["npm install && npm start\n", "npm install && npm test\n"]);
});

test("the README's other shell blocks, pasted one after the other, all work", async () => {
  const gateway = await boot();
  const answers: string[] = [];
  const pasted = blocks
    .slice(2)
    .join("\necho\n")
    .replaceAll("http://127.0.0.1:4000", gateway.url)
    .replaceAll("npx vconnct", "node dist/cli.js");
  const env = { ...process.env, DATABASE_URL: `file:${gateway.folder}/vconnct.sqlite`, NODE_ENV: "test" };
  const { stdout } = await run("bash", ["-euo", "pipefail", "-c", pasted], {
    env,
    cwd: new URL("../..", import.meta.url).pathname,
  });
  answers.push(...stdout.split(/\n|(?<=\})(?=\{)/).filter((line) => line.startsWith("{")));
  const [start, join, attendance, end, query] = answers.map((answer) => JSON.parse(answer));
  expect([start.status, join.status, attendance.status, end.status]).toEqual([true, true, true, true]);
  expect(end.success_message).toBe("Done successfully!");
  expect(query.data.meetings.nodes[0]).toMatchObject({ title: "Algebra", isRunning: false });
  expect((await fetch(start.data.url)).status).toBe(410);
});

test("every file the README and the docs link to is there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(4);
  const exists = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url)).length > 0;
  for (const path of links.filter((link) => link.includes("."))) expect([path, exists(path)]).toEqual([path, true]);
});
