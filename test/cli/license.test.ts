import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openBeside, refuse } from "../helpers/beside.js";
import { bytesIn, isOnPostgres, ofFiles } from "../helpers/databases.js";
import { newTool, runTool, type Tool } from "./tool.js";

const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000);

describe("vconnct license create", () => {
  test("prints one line of JSON, and its key is let in", async () => {
    await using tool = await newTool();
    const { code, stdout, stderr } = await runTool(tool.env, ["license", "create", "--name", "Acme", "--json"]);
    expect(code).toBe(0);
    const made = "note: There was no database where DATABASE_URL says; an empty one was made.\n";
    expect(stderr).toBe(isOnPostgres ? "" : made);
    expect(stdout).toMatch(/^\{"id":"[0-9a-f-]{36}","key":"vc_[\w-]{43}",.*\}\n$/);
    const { id, key, keyHint } = JSON.parse(stdout);
    expect(keyHint).toBe(key.slice(-4));
    expect(await tool.answerTo(key)).toBe("ok");
    expect(await tool.licenses()).toMatchObject([{ id, name: "Acme", revokedAt: null }]);
  });

  test("stores no key, only its hash: the database's bytes hold it nowhere", async () => {
    await using tool = await newTool();
    // Beside an open database, so that the write-ahead log is still there to be looked into.
    await tool.beside(async () => {
      const { key } = await tool.create("--name", "Acme");
      const bytes = await bytesIn(tool.folder);
      expect([bytes.includes("Acme"), bytes.includes(key.slice(3))]).toEqual([true, false]);
    });
  });

  ofFiles("the files are nobody else's to read", async () => {
    await using tool = await newTool();
    await tool.beside(async () => {
      await tool.create("--name", "Acme");
      const files = readdirSync(tool.folder);
      expect(files).toEqual(
        expect.arrayContaining(["vconnct.sqlite", "vconnct.sqlite-wal", "vconnct.sqlite-shm", "vconnct.sqlite.lock"]),
      );
      for (const file of files) {
        expect((statSync(join(tool.folder, file)).mode & 0o777).toString(8), file).toBe("600");
      }
    });
  });

  test("as text it shows the key once and when it expires: in a year, unless given", async () => {
    await using tool = await newTool();
    const stdout = await tool.ok("license", "create", "--name", "شركة الأمل");
    const [, key = ""] = /^ {2}Key +(vc_[\w-]{43})$/m.exec(stdout) ?? [];
    const [, expires = ""] = /^ {2}Expires +(\S+)$/m.exec(stdout) ?? [];
    expect(await tool.answerTo(key)).toBe("ok");
    expect(Math.abs(Date.parse(expires) - inDays(365).getTime())).toBeLessThan(60_000);
    const listed = await tool.ok("license", "list");
    expect(listed).not.toContain(key);
    expect(listed).toMatch(new RegExp(`…${key.slice(-4)} .*${expires}.* شركة الأمل$`, "m"));
  });

  test("takes an expiry and limits; none is unlimited, and a time without zone is UTC", async () => {
    await using tool = await newTool({ TZ: "Asia/Riyadh" });
    const limits = ["--max-meetings", "0", "--max-running", "none", "--max-attendance", "25"];
    const terms = ["--name", "Acme", "--expires", "2096-02-29T10:30", ...limits];
    // The zone is its process's.
    const license = JSON.parse((await runTool(tool.env, ["license", "create", "--json", ...terms])).stdout);
    expect(license).toMatchObject({ maxMeetings: 0, maxRunning: null, maxAttendance: 25 });
    expect(license.expiresAt).toBe("2096-02-29T10:30:00.000Z");
  });
});

describe("vconnct license list", () => {
  test("is aligned text with limits and use", async () => {
    await using tool = await newTool();
    const { id, key } = await tool.license({ maxMeetings: 10, maxAttendance: 7 });
    await tool.startMeeting(key, "Weekly");
    const [header = "", row = ""] = (await tool.ok("license", "list")).split("\n");
    expect(header).toMatch(/^ID +KEY +STATUS +EXPIRES +MEETINGS +RUNNING +ATTENDANCE +ENGINE +NAME$/);
    expect(row).toMatch(new RegExp(`^${id} +…\\S{4} +active +\\S+Z +1/10 +1/unlimited +7 +any +Acme$`));
    for (const column of ["STATUS", "MEETINGS", "NAME"]) expect(row[header.indexOf(column) - 1]).toBe(" ");
  });

  test("--json is one line, an array, without a hash; a demo license is disabled in production, as its key is", async () => {
    const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "k".repeat(32) };
    await using tool = await newTool(production);
    await tool.license({ expiresAt: inDays(-1) });
    await tool.beside(async ({ storage }) => {
      const base = { id: "0199f0d0-0000-7000-8000-000000000000" as never, name: "Demo", keyHash: "h", keyHint: "hint" };
      const at = new Date();
      const row = { ...base, expiresAt: inDays(1), createdAt: at, updatedAt: at, generalSettings: {}, isDemo: true };
      await storage.transaction((tx) => tx.licenses.insert(row));
    });
    const stdout = await tool.ok("license", "list", "--json");
    expect(stdout).toMatch(/^\[.*\]\n$/);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "Acme", status: "expired" },
      { name: "Demo", status: "disabled" },
    ]);
    expect(stdout).not.toMatch(/hash|[0-9a-f]{64}/i);
  });
});

describe("vconnct license update", () => {
  test("changes what is given and nothing else", async () => {
    await using tool = await newTool();
    const { id, key } = await tool.license({ maxMeetings: 3, maxRunning: 2 });
    const changed = await tool.ok(
      "license",
      "update",
      id.toUpperCase(),
      "--name",
      "Acme Ltd",
      "--max-meetings",
      "none",
    );
    expect(changed).toContain("Acme Ltd");
    expect(changed).toContain("unlimited");
    expect(await tool.licenses()).toMatchObject([{ name: "Acme Ltd", maxMeetings: null, maxRunning: 2 }]);
    expect(await tool.answerTo(key)).toBe("ok");
  });

  test("a moment in the past expires it now", async () => {
    await using tool = await newTool();
    const { id, key } = await tool.license();
    const { code, stderr } = await tool.run("license", "update", id, "--expires", "2020-01-01");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "note: This license is expired: its key does not work.\n" });
    expect(await tool.answerTo(key)).toBe("LICENSE_EXPIRED");
  });
});

/** From now on this session takes no step, as with an engine that keeps its room open. */
function refuseSteps(tool: Tool, sessionId: string): () => void {
  const database = openBeside(tool);
  const mend = refuse(database, "UPDATE ON sessions", `old.id = '${sessionId}'`);
  return () => {
    mend();
    database.close();
  };
}

function eventsOf(tool: Tool): unknown[] {
  const db = openBeside(tool);
  const types = db.prepare("SELECT type FROM events ORDER BY seq").pluck().all();
  db.close();
  return types;
}

describe("vconnct license revoke", () => {
  test("the key stops working, its sessions run on, and saying it twice does no harm", async () => {
    await using tool = await newTool();
    const { id, key } = await tool.license();
    await tool.startMeeting(key, "Weekly");
    expect(await tool.ok("license", "revoke", id)).toContain("Still running: 1 session; --end-sessions ends them.");
    expect(await tool.answerTo(key)).toBe("LICENSE_REVOKED");
    expect(await tool.ok("license", "revoke", id)).toMatch(/was already revoked at \S+Z\./);
    expect(await tool.licenses()).toMatchObject([{ runningCount: 1 }]);
  });

  test("with --end-sessions ends its sessions, and nobody else's", async () => {
    await using tool = await newTool();
    const acme = await tool.license();
    const other = await tool.license({ name: "Other" });
    await tool.startMeeting(acme.key, "One");
    await tool.startMeeting(acme.key, "Two");
    await tool.startMeeting(other.key, "Theirs");
    const said = await tool.ok("license", "revoke", acme.id, "--end-sessions");
    expect(said).toBe(`License ${acme.id} revoked.\n2 sessions ended.\n`);
    expect(await tool.licenses()).toMatchObject([{ runningCount: 0 }, { runningCount: 1, revokedAt: null }]);
  });

  test("a session that can't be ended keeps no other from it: how many run on is said, and it ends with 1", async () => {
    await using tool = await newTool();
    const { id, key } = await tool.license();
    const { sessionId } = await tool.startMeeting(key, "One");
    await tool.startMeeting(key, "Two");
    const mend = refuseSteps(tool, sessionId);
    const { code, stdout, stderr } = await tool.run("license", "revoke", id, "--end-sessions");
    expect({ code, stdout }).toEqual({ code: 1, stdout: `License ${id} revoked.\n1 session ended.\n` });
    expect(stderr).toMatch(/^error: 1 session could not be ended\. .*\n$/);
    expect(await tool.licenses()).toMatchObject([{ runningCount: 1 }]);
    mend();
    expect(await tool.ok("license", "revoke", id, "--end-sessions")).toContain("1 session ended.");
    expect(await tool.licenses()).toMatchObject([{ runningCount: 0 }]);
  });

  test("the event of it is written once, however often it is said", async () => {
    await using tool = await newTool();
    const { id } = await tool.license();
    for (const times of [1, 2]) {
      await tool.ok("license", "revoke", id);
      expect([times, eventsOf(tool)]).toEqual([times, ["license.created", "license.revoked"]]);
    }
  });
});
