import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { openBeside } from "../helpers/beside.js";
import { built, newTool, type Ran, runInside, runTool, type Tool } from "./tool.js";

const nobody = "0199f0d0-0000-7000-8000-000000000000";

/** What an operator never gets to see: where a program failed inside, its queries, where files lie. */
function expectPlain({ stdout, stderr }: Ran): void {
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^(error|note): /);
  expect(stderr).not.toMatch(/\n\s+at |\bselect\b|\binsert\b|SQLITE_|\/tmp|\/home|node:/i);
}

const badInput: [command: string, says: string[]][] = [
  [
    "license create --expires 2020-01-01 --max-meetings -1 --max-running 1.5 --max-attendance 0",
    [
      "--name is missing",
      "--expires must be in the future",
      "--max-meetings must be a whole number from 0",
      "--max-running must be a whole number from 0",
      "--max-attendance must be a whole number from 1",
    ],
  ],
  ["license create --name", ["argument missing"]],
  ["license list Acme", ["too many arguments"]],
  ["license list --jsn", ["unknown option", "Did you mean --json?", "--help"]],
  ["licence list", ["unknown command", "Did you mean license?"]],
  ["license update x", ["ID must be an id", "give at least one option"]],
  [`license update ${nobody} --name A`, ["There is no license with this ID"]],
  ["license revoke", ["missing required argument 'ID'"]],
  [`license revoke ${nobody} --end-sessions`, ["There is no license with this ID"]],
  [`session end ${nobody}`, ["There is no session with this ID"]],
];

describe.concurrent("bad input is told everything that is wrong with it", () => {
  test.each(badInput)("vconnct %s", async (command, says) => {
    await using tool = await newTool();
    const ran = await tool.run(...command.split(" "));
    expect(ran.code).toBe(1);
    for (const part of says) expect(ran.stderr).toContain(part);
    expectPlain(ran);
  });

  test("as a process: the same words on the same streams, and it ends with 1", async () => {
    await using tool = await newTool();
    const words = ["license", "update", "x"];
    const ran = await runTool(tool.env, words);
    expect(ran).toEqual(await tool.run(...words));
    expect(ran.code).toBe(1);
  });

  test("a key given where an id belongs is not repeated", async () => {
    const ran = await runInside({}, ["license", "revoke", "vc_c2VjcmV0"]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).not.toContain("vc_c2VjcmV0");
    expectPlain(ran);
  });
});

describe.concurrent("a database that can't be used", () => {
  test("held by another process for too long: it says so, and nothing was changed", async () => {
    await using tool = await newTool();
    await tool.licenses();
    const other = openBeside(tool);
    other.exec("BEGIN IMMEDIATE");
    const ran = await runTool(tool.env, ["license", "create", "--name", "Acme", "--json"]);
    other.exec("COMMIT");
    other.close();
    expectPlain(ran);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("The database is busy") });
    expect(await tool.licenses()).toEqual([]);
  });

  test("another file, another address, a newer version, a faulty environment: one clear sentence each", async () => {
    await using tool = await newTool();
    writeFileSync(`${tool.folder}/text`, "this is no database, whatever its length may be".repeat(40));
    await tool.licenses();
    const newer = openBeside(tool);
    newer.exec("UPDATE __drizzle_migrations SET created_at = created_at + 1000000000000");
    const url = (file: string) => ({ DATABASE_URL: `file:${tool.folder}/${file}` });
    const cases: [env: Record<string, string>, says: string][] = [
      [url("text"), "is not a sound VConnct database"],
      [url("text/vconnct.sqlite"), "can't be opened for writing: check DATABASE_URL"],
      [tool.env, "newer than this program"],
      [{ DATABASE_URL: "mysql://x" }, 'DATABASE_URL: must begin with "file:"'],
      [{ ...tool.env, NODE_ENV: "production" }, "PUBLIC_URL: is required in production"],
    ];
    for (const [env, says] of cases) {
      const ran = await runInside(env, ["license", "list"]);
      expectPlain(ran);
      expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(says) });
    }
    newer.exec("UPDATE __drizzle_migrations SET created_at = created_at - 1000000000000");
    newer.close();
  });

  test("a server that breaks the line while it is written to is named, not taken for a reader of the tool", async () => {
    await using tool = await newTool();
    // Gone by the time the password is written, in the same turn: what is written then breaks as a pipe does.
    const askForPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
    const server = createServer((line) => {
      line.once("data", () => {
        line.write(askForPassword);
        line.destroy();
      });
      line.on("error", () => {});
    });
    await once(server.listen(`${tool.folder}/.s.PGSQL.5432`), "listening");
    const DATABASE_URL = `postgres://vconnct:secret@localhost/vconnct?host=${encodeURIComponent(tool.folder)}`;
    const ran = await runInside({ DATABASE_URL }, ["license", "list"]);
    server.close();
    expect(ran.stderr).toBe("error: The database can't be used; see DATABASE_URL: write EPIPE\n");
    expect(ran.code).toBe(1);
  });
});

/** Runs the tool while whoever should read what it says has already left, as with `| head -1`. */
async function runUnread({ env }: Tool, ...args: string[]): Promise<Omit<Ran, "stdout">> {
  const child = spawn(process.execPath, [built("cli.js"), ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  return { code: Number(code), stderr };
}

describe.concurrent("output that nobody takes", () => {
  test("a reader that has left is no crash", async () => {
    await using tool = await newTool();
    await tool.license();
    expect(await runUnread(tool, "license", "list")).toEqual({ code: 1, stderr: "" });
  });

  test("an output that has no space left says that, and not that the database has none", async () => {
    await using tool = await newTool();
    await tool.licenses();
    const full = openSync("/dev/full", "w");
    const args = [built("cli.js"), "license", "list"];
    const child = spawn(process.execPath, args, { env: tool.env, stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(child.stderr && (await text(child.stderr))).toBe("error: There is no space left where the output goes.\n");
  });

  test("a key that could not be shown is said to be lost, with the license to revoke", async () => {
    await using tool = await newTool();
    await tool.licenses();
    const { code, stderr } = await runUnread(tool, "license", "create", "--name", "Acme");
    const [license] = await tool.licenses();
    expect(code).toBe(1);
    expect(stderr).toContain(`License ${license?.id} was created, but its key could not be shown`);
  });
});
