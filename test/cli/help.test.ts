import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runInside, runTool } from "./tool.js";

const terms = ["--name", "--expires", "--max-meetings", "--max-running", "--max-attendance", "none"];
const commands: [command: string, mentions: string[]][] = [
  ["", ["license", "session", "engine", "backup", "migrate", "copy", "DATABASE_URL"]],
  ["license", ["create", "list", "update", "revoke"]],
  ["license create", [...terms, "--json", "one year"]],
  ["license list", ["--json"]],
  ["license update", ["<ID>", ...terms]],
  ["license revoke", ["<ID>", "--end-sessions"]],
  ["session", ["list", "end"]],
  ["session list", ["--json"]],
  ["session end", ["<ID>"]],
  ["engine", ["add", "list", "check", "update", "drain", "remove"]],
  ["engine add", ["<NAME>", "--kind", "--url", "--secret-file", "--secret-env", "--weight", "standard input"]],
  ["engine check", ["[NAME]", "can't do"]],
  ["backup", ["<FILE>", "beside a running server"]],
  ["migrate", ["up to date"]],
  ["copy", ["--from", "--to", "DATABASE_URL", "compare it"]],
];

/** Asking for help needs no database and no sound environment. */
const env = { DATABASE_URL: "nonsense" };

describe("every command explains itself", () => {
  test.each(commands)("vconnct %s --help", async (command, mentions) => {
    const { code, stdout, stderr } = await runInside(env, [...command.split(" ").filter(Boolean), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const mention of mentions) expect(stdout).toContain(mention);
  });

  test("it says its version, which is the server's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await runTool(env, ["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("without a command it shows what there is, and that this was not enough", async () => {
    const { code, stdout, stderr } = await runTool(env, []);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Usage: vconnct");
  });
});
