import { rmSync, writeFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { askHidden } from "../../src/cli/hidden.js";
import { bytesIn } from "../helpers/databases.js";
import { newTool, runTool, type Tool } from "./tool.js";

const url = "http://127.0.0.1:9/bigbluebutton";
const secret = "b1gbluebutt0n-s3cret";

/** The secret from a variable, which is the same for each of them. */
const withSecret = () => newTool({ OF_SERVER: secret, PUBLIC_URL: "https://meet.example.com" });
const add = (tool: Tool, name: string, ...more: string[]) =>
  tool.ok("engine", "add", name, "--kind", "bigbluebutton", "--url", url, "--secret-env", "OF_SERVER", ...more);
const listed = async (tool: Tool) => JSON.parse(await tool.ok("engine", "list", "--json")) as Record<string, unknown>[];

describe.concurrent("vconnct engine", () => {
  test("add, list, update, drain, remove: what it is told it keeps, and its secret is in no output and no byte of the file", async () => {
    await using tool = await withSecret();
    const said = [await add(tool, "bbb-1", "--weight", "3", "--checksum", "sha512")];
    expect(said[0]).toMatch(/^Engine added\.[^]*checksum +sha512[^]*Weight +3\n/);
    writeFileSync(`${tool.folder}/secret`, `${secret}-2\n`);
    const changes = ["--weight", "0", "--secret-file", `${tool.folder}/secret`];
    said.push(await tool.ok("engine", "update", "bbb-1", ...changes));
    rmSync(`${tool.folder}/secret`);
    expect(await tool.ok("engine", "drain", "bbb-1")).toContain("takes no new sessions; 0 sessions still open");
    const options = expect.objectContaining({ url: `${url}/api/`, checksum: "sha512", flavour: "bigbluebutton" });
    const row = { name: "bbb-1", from: "table", kind: "bigbluebutton", options, weight: 0, rooms: 0, people: 0 };
    const engines = await listed(tool);
    expect(engines).toEqual([
      expect.objectContaining({ name: "builtin", from: "program", answers: null }),
      {
        ...row,
        answers: false,
        problem: "ECONNREFUSED",
        drainingAt: expect.stringMatching(/Z$/),
      },
    ]);
    said.push(JSON.stringify(engines), await tool.ok("engine", "list"));
    expect(said[3]).toMatch(
      /^NAME +KIND [^]*^bbb-1 +bigbluebutton +table +0 +fails +0 +0 +\S+Z +url=http[^]*^bbb-1: ECONNREFUSED$/m,
    );
    await tool.beside(async () => {
      const bytes = await bytesIn(tool.folder);
      expect([bytes.includes("bbb-1"), bytes.includes(secret), said.join().includes(secret)]).toEqual([
        true,
        false,
        false,
      ]);
    });
    await tool.ok("engine", "drain", "bbb-1", "--undo");
    expect((await listed(tool))[1]).toMatchObject({ drainingAt: null });
    expect(await tool.ok("engine", "remove", "bbb-1")).toBe("Engine bbb-1 removed.\n");
    expect((await tool.run("engine", "remove", "bbb-1")).stderr).toContain("There is no engine of this name");
  });

  test("all that is wrong is told at once, and a name that is taken", async () => {
    await using tool = await withSecret();
    const args = ["--url", "bbb", "--checksum", "md5", "--weight", "1001", "--secret-file", "/nowhere"];
    const { code, stderr } = await tool.run("engine", "add", "Bad_Name", "--kind", "bigbluebutton", ...args);
    expect(code).toBe(1);
    const faults = ["NAME must have 1 to 40", "--weight must be a whole number from 0 to 1000"];
    faults.push("--secret-file can't be read", "--url must be the http or https address", "--checksum must be one of");
    for (const fault of faults) expect(stderr).toContain(fault);
    expect(stderr).not.toMatch(/is required|nowhere/);
    const kindless = await tool.run("engine", "add", "builtin", "--kind", "builtin");
    expect(kindless.stderr).toMatch(/NAME must be none of builtin, [^]*--kind must be one of bigbluebutton/);
    await add(tool, "bbb-1");
    const fromInput = ["engine", "add", "bbb-1", "--kind", "bigbluebutton", "--url", url, "--secret-file", "-"];
    expect((await runTool(tool.env, fromInput)).stderr).toContain("--secret-file holds nothing");
    expect((await runTool(tool.env, fromInput, `${secret}\n`)).stderr).toContain("There is an engine bbb-1 already");
    expect((await tool.run("engine", "update", "builtin", "--weight", "1")).stderr).toContain("is none of the table");
    const contradiction = ["--flavour", "plugnmeet", "--checksum", "sha256"];
    expect((await tool.run("engine", "update", "bbb-1", ...contradiction)).stderr).toContain(
      "PlugNmeet takes no other",
    );
  });

  test("a license is given its own engine and set free again; an engine that is named, or runs a session, is not removed", async () => {
    await using tool = await withSecret();
    await add(tool, "bbb-1", "--weight", "0");
    const { id } = await tool.create("--name", "Acme", "--engine", "bbb-1");
    expect(await tool.ok("license", "list")).toMatch(/ ENGINE +NAME\n[^]* bbb-1 +Acme\n/);
    const unknown = await tool.run("license", "update", id, "--engine", "nope");
    expect(unknown.stderr).toContain("--engine must be none or one of builtin, bbb-1");
    expect((await tool.run("engine", "remove", "bbb-1")).stderr).toContain(`license update ${id} --engine none`);
    expect(await tool.ok("license", "update", id, "--engine", "none")).toMatch(/Engine +any/);
    const { key } = await tool.license();
    const { sessionId } = await tool.startMeeting(key, "Weekly");
    await tool.beside(({ storage }) =>
      storage.transaction(async (tx) => {
        const session = await tx.sessions.findAnyones(sessionId);
        if (!session) throw new Error("no session");
        const ending = await tx.sessions.claimEnd(sessionId);
        if (ending) await tx.sessions.settleEnded(ending, new Date(), "API");
        await tx.sessions.insert({ ...session, id: `${sessionId}x`, engine: "bbb-1" });
      }),
    );
    expect((await tool.run("engine", "remove", "bbb-1")).stderr).toContain("1 session still open there");
    expect((await listed(tool))[1]).toMatchObject({ name: "bbb-1", rooms: 1, people: 0 });
  });
});

test("a secret that is asked for at the terminal is not shown as it is typed", async () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  const answer = askHidden("the secret", from, to);
  from.write(`${secret}\r`);
  expect(await answer).toBe(secret);
  expect(String(to.read())).toBe("the secret: \n");
});
