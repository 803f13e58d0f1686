import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { RoomClient } from "../helpers/boot.js";
import { environmentFor, temporaryFolder } from "../helpers/databases.js";
import { root, server } from "../start/process.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

/** One bash for all blocks, as a reader has it; it ends at the first command that fails, also inside a pipe. */
function openShell(folder: string, env: Record<string, string>) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("bash", ["-eu", "-o", "pipefail"], { cwd: root, env: { PATH, HOME, ...env } });
  let said = "";
  let changed = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      said += String(data);
      changed();
    });
  }
  child.stdin.on("error", () => {});
  child.on("close", () => changed());
  onTestFinished(() => void child.kill("SIGKILL"));
  return async (block: string): Promise<string> => {
    said = "";
    writeFileSync(join(folder, "pasted.sh"), block);
    // Without our own input, so that no command of the block eats what comes after it.
    child.stdin.write(`. ${folder}/pasted.sh </dev/null\necho =pasted=\n`);
    while (!said.includes("=pasted=") && child.exitCode === null) {
      await new Promise<void>((resolve) => (changed = resolve));
    }
    if (!said.includes("=pasted=")) throw new Error(`a command failed in\n${block}\nwhich said\n${said}`);
    return said;
  };
}

/** The answers a block prints, one on each line. */
const answersIn = (said: string) =>
  said
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

test("the README begins with the two commands", () => {
  expect(blocks.slice(0, 2)).toEqual(["npm install && npm start\n", "npm install && npm test\n"]);
});

test("the built tool may be run as a program: npx sets the mode only of the first build it sees", () => {
  expect(statSync(join(root, "dist/cli.js")).mode & 0o111).toBe(0o111);
});

test("the README's other shell blocks, pasted one after the other into one bash, all work, with people in the room", async () => {
  const folder = temporaryFolder();
  const url = await (await server(folder)).url();
  const paste = openShell(folder, {
    ...(await environmentFor(folder)),
    npm_config_cache: join(folder, "npm"),
    npm_config_offline: "true",
  });
  // oxlint-disable-next-line typescript/no-explicit-any -- answers as they come
  const answers: any[] = [];
  for (const block of blocks.slice(2)) {
    const came = answersIn(await paste(block.replaceAll("http://127.0.0.1:4000", url)));
    answers.push(...came);
    for (const { data } of came) {
      if (!data?.url) continue;
      expect((await fetch(data.url)).status).toBe(200);
      const visitor = new RoomClient(url);
      onTestFinished(() => visitor.cut());
      expect(await visitor.enter(data.url)).toMatchObject({ type: "entered", title: "Algebra" });
    }
  }

  const [start, join_, attendance, end, query] = answers;
  expect(answers).toHaveLength(5);
  expect([start, join_, attendance, end].map(({ status }) => status)).toEqual([true, true, true, true]);
  expect(attendance.data.map((row: { full_name: string }) => row.full_name)).toEqual(["Ms. Noor", "John Doe"]);
  expect(end.success_message).toBe("Done successfully!");
  expect(query.errors).toBeUndefined();
  expect(query.data.meetings.nodes[0]).toMatchObject({ title: "Algebra", isRunning: false });
  expect((await fetch(start.data.url)).status).toBe(410);
});

test("every npm script the README and the decisions name is there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const named = pages().flatMap((page) => [...readFileSync(join(root, page), "utf8").matchAll(/npm run ([\w:]+)/g)]);
  expect(named.length).toBeGreaterThan(3);
  for (const [, name] of named) expect(Object.keys(scripts)).toContain(name);
});

const pages = () => [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && file !== "vconnct-client-api-v1.md")
    .map((file) => join("docs", file)),
];

test("every file that the README and the docs link to is there", () => {
  const links = pages().flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) =>
      normalize(join(dirname(page), path)),
    ),
  );
  expect(links.length).toBeGreaterThan(8);
  const files = new Set(
    readdirSync(root, { encoding: "utf8" }).concat(pages(), "docs/vconnct-client-api-v1.md", "docs/decisions"),
  );
  expect(links.filter((link) => !files.has(link))).toEqual([]);
});
