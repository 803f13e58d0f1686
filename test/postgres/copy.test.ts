import { spawn } from "node:child_process";
import { once } from "node:events";
import Sqlite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { seedGrowth } from "../../bench/growth/seed.js";
import { openStorage } from "../../src/storage/index.js";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import { startServer } from "../../src/server.js";
import { built, runTool } from "../cli/tool.js";
import { boot, type Gateway, temporaryFolder, testConfig } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { fillEmptyTables, insertRecording } from "../helpers/rows.js";
import { askEverything } from "../storage/every-query.js";

const env = (url: string) => ({ DATABASE_URL: url, LOG_LEVEL: "silent" });
const copy = (file: string, url: string, ...more: string[]) => runTool(env(url), ["copy", "--from", file, ...more]);
const NEXT = /^Start the server on it with the same SECRET_KEY/m;

/** A row in every table there is, with what two databases might keep differently. */
async function filledFile(): Promise<string> {
  const path = `${temporaryFolder()}/x.sqlite`;
  const storage = openStorage({ path, exclusive: true, busyMs: 100 });
  await storage.transaction((tx) => askEverything(tx, 3));
  await storage.close();
  const db = new Sqlite(path);
  const fill = db.transaction(() => {
    db.exec(`UPDATE licenses SET general_settings = '{"zz":true,"b":false,"aaa":true}', expires_at = 253402300799999`);
    const insert =
      db.prepare(`INSERT INTO meetings (id, license_id, title, title_key, welcome_text, settings, created_at, updated_at)
      SELECT ?, id, ?, 'k', ?, '{"é":true}', ?, 0 FROM licenses LIMIT 1`);
    insert.run("\u{ffff}", 'مرحبا "{NULL,\\n}" \u{1f600}\r\n\t', "", -1);
    insert.run("\u{1f600}", "NULL", "{}", 1_767_323_045_678);
    insert.run("Z", null, "\\", -62_135_596_800_000);
    db.exec(`INSERT INTO recordings SELECT 'r2', license_id, session_id, 'e2', 'x', status, 1, NULL, NULL, 1, 2, NULL, 9007199254740991,
      '[{"url":null,"type":"video","thumbnails":["a","b"],"sizeBytes":1.5}]', NULL, NULL, 1 FROM recordings LIMIT 1`);
    db.exec("UPDATE sqlite_sequence SET seq = seq + 1000 WHERE name = 'events'");
  });
  fill();
  fillEmptyTables(db);
  db.close();
  return path;
}

/** All rows of a table in no order, as JSON; instants in milliseconds. */
async function everyRow(path: string, url: string, name: string) {
  const table = tablesInOrder().find((other) => other.name === name);
  const db = new Sqlite(path, { readonly: true });
  const here = db.prepare(`SELECT * FROM "${name}"`).all() as Record<string, unknown>[];
  db.close();
  const kinds = new Map(table?.columns.map((column) => [column.name, column.kind]));
  const told = (row: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => {
        const kind = kinds.get(column);
        if (value === null || kind === undefined) return [column, value];
        if (kind === "json" && typeof value === "string") return [column, JSON.parse(value)];
        if (kind === "flag") return [column, value === true || value === 1];
        if (kind === "instant") return [column, typeof value === "string" ? Date.parse(value) : value];
        return [column, value];
      }),
    );
  const there = await askPostgres<{ row: Record<string, unknown> }>(
    url,
    `SELECT to_jsonb(t) AS row FROM "${name}" AS t`,
  );
  const sorted = (rows: Record<string, unknown>[]) => rows.map(told).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const key = (row: Record<string, unknown>) =>
    JSON.stringify(table?.key.map((place) => row[table.columns[place]?.name ?? ""]));
  return { here: sorted(here), there: sorted(there.map(({ row }) => row)) };
}

async function expectSame(path: string, url: string): Promise<void> {
  for (const { name } of tablesInOrder()) {
    const { here, there } = await everyRow(path, url, name);
    expect({ name, rows: there }).toEqual({ name, rows: here });
    expect(here.length).toBeGreaterThan(0);
  }
}

test("every row of every table is there afterwards, to the letter and the millisecond, and events are counted on", async () => {
  const [path, url] = [await filledFile(), await postgresDatabase()];
  const { code, stdout, stderr } = await copy(`file:${path}`, url);
  expect({ code, stderr: stderr.replace(/^\w+: [\d,]+ of [\d,]+\n/gm, "") }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^meetings {2,}\d+ +[0-9a-f]{64}$/m);
  expect(stdout).toMatch(new RegExp(`^\\d+ rows of ${tablesInOrder().length} tables copied and compared\\.$`, "m"));
  expect(stdout).toMatch(NEXT);
  await expectSame(path, url);
  const db = new Sqlite(path, { readonly: true });
  const last = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck().get() as number;
  db.close();
  const [next] = await askPostgres<{ seq: string }>(url, "SELECT nextval('events_seq_seq') AS seq");
  expect(Number(next?.seq)).toBe(last + 1);
  const triggers = await askPostgres(url, "SELECT 1 FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'");
  expect(triggers).toEqual([]);
});

/** What partners see, by each route that reads. */
async function answersOf(gateway: Gateway, key: string, meetingId: string, sessionId: string): Promise<string[]> {
  const paths = [
    "list_meetings",
    `meeting_is_running?meeting_id=${meetingId}`,
    `list_sessions?meeting_id=${meetingId}`,
    `list_attendance?session_id=${sessionId}`,
    `get_record?session_id=${sessionId}`,
    "list_general_meeting_setting",
  ];
  const answers = await Promise.all(paths.map((path) => gateway.v1(path, { key, language: "ar" })));
  return answers.map(({ status, text }) => `${status} ${text}`);
}

test("beside a running server it brings what was there, no server starts on that; once it is stopped the rest is brought, and partners see the same to the byte", async () => {
  const gateway = await boot();
  const { key, folder } = gateway;
  const settled = { title: "جبر 1" };
  const meetingId = await createMeeting(gateway, settled);
  const first = await startMeeting(gateway, meetingId);
  await gateway.socket().enter(first);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  insertRecording(gateway, sessionOf(first));
  const running = await startMeeting(gateway, await createMeeting(gateway, { title: "runs on" }));
  const [file, url] = [`file:${folder}/vconnct.sqlite`, await postgresDatabase()];

  const early = await copy(file, url);
  expect(early.code).toBe(0);
  expect(early.stdout).toMatch(/^A server runs on the file and goes on changing it: stop it and run this again\./m);
  const config = testConfig(folder, env(url));
  await expect(startServer(config)).rejects.toThrow("A copy into the database at DATABASE_URL is not complete");

  // What is new, other than it was, and gone since.
  const later = await startMeeting(gateway, meetingId);
  await gateway.socket().enter(await joinMeeting(gateway, meetingId, "Späte"));
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const gone = new Sqlite(`${folder}/vconnct.sqlite`);
  gone.exec("DELETE FROM recordings");
  gone.close();
  const before = await answersOf(gateway, key, meetingId, sessionOf(later));
  await gateway.stop();
  const { code, stdout, stderr } = await copy(file, url);
  expect({ code, resumed: stderr.split("\n")[0] }).toEqual({
    code: 0,
    resumed: "note: A copy was begun before: it is compared, and brought to its end.",
  });
  expect(stdout).toMatch(NEXT);

  const moved = await boot({ folder, env: { ...env(url), DATA_DIR: folder } });
  expect(await answersOf(moved, key, meetingId, sessionOf(later))).toEqual(before);
  await createMeeting(moved, {}, { key });
  // Its session went on: it runs, and its old link opens it.
  const person = moved.socket();
  await person.enter(running);
  expect((await copy(file, url)).stderr).toContain("holds rows that no copy brought there");
});

test("killed in the middle of a table it leaves nothing half, and run again it ends with the same as at once", async () => {
  const folder = temporaryFolder();
  const path = seedGrowth(folder, 1_000, () => {});
  const [url, atOnce] = [await postgresDatabase(), await postgresDatabase()];
  const killed = spawn(process.execPath, [built("cli.js"), "copy", "--from", `file:${path}`], {
    env: env(url),
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void killed.kill("SIGKILL"));
  const count = async () =>
    Number((await askPostgres<{ n: string }>(url, "SELECT count(*) AS n FROM attendances"))[0]?.n);
  await expect.poll(count, { interval: 1, timeout: 30_000 }).toBeGreaterThan(0);
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const kept = await count();
  expect(kept).toBeLessThan(10_000);
  expect(kept % 2_000).toBe(0);

  const again = await copy(`file:${path}`, url);
  expect(again.stderr).toContain("A copy was begun before");
  const whole = await copy(`file:${path}`, atOnce);
  expect({ ...again, stderr: "" }).toEqual({ ...whole, stderr: "" });
  expect(whole.stdout).toMatch(/^attendances +10,?\d+/m);
});

test("what can't be copied from or to is said in one sentence, without a password", async () => {
  const [path, url] = [await filledFile(), await postgresDatabase()];
  const said = async (file: string, target: string, ...more: string[]) => {
    const { code, stderr } = await copy(file, target, ...more);
    return `${code}: ${stderr.trim()}`;
  };
  expect(await said(`file:${path}x`, url)).toBe("1: error: There is no VConnct database where --from says.");
  expect(await said("data.sqlite", url)).toMatch(/^1: error: --from must begin with "file:"/);
  expect(await said(url, url)).toMatch(/^1: error: --from must be a file of SQLite/);
  expect(await said(`file:${path}`, url, "--to", `file:${path}`)).toMatch(/^1: error: --to, or DATABASE_URL/);
  expect(await said(`file:${path}`, await postgresDatabase({ migrated: false }))).toMatch(/run "vconnct migrate"/);
  await askPostgres(url, "INSERT INTO instances (id, started_at, seen_at) VALUES ('i', now(), now())");
  expect(await said(`file:${path}`, url)).toMatch(/holds rows that no copy brought there/);
  const away = await said(`file:${path}`, "postgres://x:hunter2@127.0.0.1:1/vconnct");
  expect(away).toBe("1: error: The database can't be used; see DATABASE_URL: connect ECONNREFUSED 127.0.0.1:1");

  const nul = new Sqlite(path);
  nul.prepare("UPDATE meetings SET welcome_text = ?").run("a\0b");
  nul.close();
  const [empty, other] = [await postgresDatabase(), await postgresDatabase()];
  expect(await said(`file:${path}`, empty)).toMatch(/error: A text in the table meetings holds a character/);
  const old = new Sqlite(path);
  old.exec("DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)");
  old.close();
  expect(await said(`file:${path}`, other)).toMatch(/^1: error: The file was written by an older version/);
});
