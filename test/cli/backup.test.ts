import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { built, newTool, runInside, runTool } from "./tool.js";

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** Makes the database larger than one step of the copy; `bytes` of rows that nobody reads. */
function enlarge(path: string, bytes: number): void {
  const database = new Sqlite(path);
  database.pragma("synchronous = OFF");
  database.exec("CREATE TABLE IF NOT EXISTS filling (n INTEGER PRIMARY KEY, text BLOB)");
  const insert = database.prepare("INSERT INTO filling (text) VALUES (zeroblob(?))");
  database.transaction(() => {
    for (let rest = bytes; rest > 0; rest -= 1_000_000) insert.run(1_000_000);
  })();
  database.close();
}

/** Writes to the database again and again, as a server does, but faster than any. @returns how often it has */
async function writing(path: string): Promise<() => number> {
  const text = `import Sqlite from "better-sqlite3";
    const database = new Sqlite(${JSON.stringify(path)}, { timeout: 5000 });
    const beat = database.prepare("UPDATE instances SET seen_at = seen_at + 1");
    setInterval(() => { beat.run(); process.stdout.write("."); }, 1);`;
  const cwd = new URL("../..", import.meta.url).pathname;
  const child = spawn(process.execPath, ["--input-type=module", "-e", text], { cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  let times = 0;
  child.stdout.on("data", (data) => (times += data.length));
  await once(child.stdout, "data");
  return () => times;
}

test("beside a server that notes its heartbeat all the time: one pass, whole, private, checked, and the server goes on", async () => {
  const gateway = await boot({ timings: { heartbeat: 2 } });
  const title = "kept in the backup";
  const meetingId = await createMeeting(gateway, { title });
  await gateway.socket().enter(await startMeeting(gateway, meetingId));
  const path = `${gateway.folder}/vconnct.sqlite`;
  enlarge(path, 60_000_000);
  const times = await writing(path);
  const before = times();
  const target = `${gateway.folder}/backup.sqlite`;
  const ran = await runTool({ DATABASE_URL: `file:${path}` }, ["backup", target]);
  expect(times()).toBeGreaterThan(before + 5);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const { size } = statSync(target);
  expect(size).toBeGreaterThan(60_000_000);
  expect(ran.stdout).toMatch(new RegExp(`^Backup written and checked: \\d+\\.\\d MB \\(${size} bytes\\)\\.\n$`));
  expect(mode(target)).toBe("600");
  expect((await gateway.v1("list_meetings")).status).toBe(200);

  // One file, and a server starts on it.
  const made = readdirSync(gateway.folder).filter((name) => name.startsWith("backup"));
  expect(made).toEqual(["backup.sqlite"]);
  expect(readFileSync(target).subarray(18, 20)).toEqual(Buffer.from([1, 1]));
  const restored = await newTool();
  onTestFinished(() => restored[Symbol.asyncDispose]());
  writeFileSync(`${restored.folder}/vconnct.sqlite`, readFileSync(target));
  const again = await boot({ folder: restored.folder });
  const { body } = await again.v1("list_meetings", { key: gateway.key });
  expect(body.data).toMatchObject([{ title, meeting_id: meetingId }]);
});

describe.concurrent("what can't be backed up is said, and nothing is left behind", () => {
  test("a file that is there, a folder that is not, no database, another one's database, no right to write", async () => {
    await using tool = await newTool();
    await tool.licenses();
    const names = () => readdirSync(tool.folder).toSorted();
    const { folder, env } = tool;
    writeFileSync(`${folder}/there`, "mine");
    mkdirSync(`${folder}/closed`, { mode: 0o500 });
    new Sqlite(`${folder}/foreign.sqlite`).exec("CREATE TABLE t (n)").close();
    const before = names();
    const foreign = { DATABASE_URL: `file:${folder}/foreign.sqlite` };
    const cases: [env: Record<string, string>, file: string, says: string][] = [
      [env, "there", "FILE is there already"],
      [env, "no/folder", "folder that FILE would lie in does not exist"],
      [{ DATABASE_URL: `file:${folder}/none.sqlite` }, "new", "There is no VConnct database"],
      [foreign, "new", "There is no VConnct database"],
      [{ DATABASE_URL: `file:${folder}/there` }, "new", "is not a sound VConnct database"],
      ...(process.getuid?.() === 0
        ? []
        : [[env, "closed/new", "FILE can't be written"] as [typeof env, string, string]]),
    ];
    for (const [environment, file, says] of cases) {
      const ran = await runInside(environment, ["backup", `${folder}/${file}`]);
      expect([file, ran]).toEqual([file, { code: 1, stdout: "", stderr: expect.stringContaining(says) }]);
    }
    chmodSync(`${folder}/closed`, 0o700);
    expect(names()).toEqual(before);
    expect(readFileSync(`${folder}/there`, "utf8")).toBe("mine");
  });

  test("a database that is damaged is found out, and one of another version is copied as it is", async () => {
    await using tool = await newTool();
    await tool.license();
    const target = `${tool.folder}/old.sqlite`;
    const database = new Sqlite(tool.databasePath);
    database.exec("UPDATE __drizzle_migrations SET created_at = created_at - 1e12");
    database.close();
    const ran = await tool.run("backup", target);
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining("written by an older version") });
    const applied = "SELECT max(created_at) FROM __drizzle_migrations";
    const [copy, source] = [target, tool.databasePath].map((file) => {
      const opened = new Sqlite(file, { readonly: true });
      const until = opened.prepare(applied).pluck().get();
      opened.close();
      return until;
    });
    expect(copy).toBe(source);

    const damaged = new Sqlite(tool.databasePath);
    damaged.pragma("foreign_keys = OFF");
    damaged.exec(`INSERT INTO stays (id, attendance_id, session_id, joined_at, source)
      VALUES ('s', 'nobody', 'nowhere', 1, 'LIVE')`);
    damaged.close();
    const refused = await tool.run("backup", `${tool.folder}/bad.sqlite`);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("The copy is not sound") });
    expect(readdirSync(tool.folder).filter((name) => name.startsWith("bad"))).toEqual([]);
  });

  test("Ctrl-C gives it up, and what was copied so far goes", async () => {
    await using tool = await newTool();
    await tool.licenses();
    enlarge(tool.databasePath, 120_000_000);
    const child = spawn(process.execPath, [built("cli.js"), "backup", `${tool.folder}/half.sqlite`], { env: tool.env });
    let said = "";
    child.stderr.on("data", (data) => (said += String(data)));
    const ended = once(child, "exit");
    while (!readdirSync(tool.folder).some((name) => name.endsWith(".partial"))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGINT");
    expect(await ended).toEqual([1, null]);
    expect(said).toContain("The backup was given up");
    expect(readdirSync(tool.folder).filter((name) => name.startsWith("half"))).toEqual([]);
  });
});
