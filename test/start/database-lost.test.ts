import {
  existsSync,
  openSync,
  closeSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { expect, test } from "vitest";
import { boot, type Gateway, temporaryFolder } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";
import { V1_PAGE_LIMIT } from "../../src/v1/operations.js";
import { explain } from "../../src/explain.js";
import { runInside } from "../cli/tool.js";
import { answerTo, run, server } from "./process.js";

const quick = { timings: { heartbeat: 50 } };

const create = (gateway: Gateway, title: string) =>
  gateway.v1("create_meeting", { method: "POST", body: { title, meeting_setting: tenSettings() }, language: "en" });

const ready = async ({ url }: { url: string }) => (await fetch(`${url}/health/ready`)).status;

/** What takes the database's place, and undoes it where it can be undone. */
const losses: [name: string, lose: (path: string) => void][] = [
  ["removed", (path) => rmSync(path)],
  ["renamed", (path) => renameSync(path, `${path}.away`)],
  [
    "replaced",
    (path) => {
      renameSync(path, `${path}.away`);
      writeFileSync(path, "");
    },
  ],
];

test.each(losses)(
  "a database file that is %s while the server runs: nothing is acknowledged from then on",
  async (_, lose) => {
    const said: string[] = [];
    const note = (_facts: object, message: string) => void said.push(message);
    const gateway = await boot({ ...quick, log: { info() {}, warn() {}, error: note } as never });
    expect((await create(gateway, "before")).status).toBe(201);
    lose(`${gateway.folder}/vconnct.sqlite`);
    const answer = await create(gateway, "after");
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    await expect
      .poll(() => said)
      .toEqual([expect.stringMatching(/^the database file was removed, renamed or replaced/)]);
    expect(await ready(gateway)).toBe(503);
    expect((await gateway.v1("list_meetings")).status).toBe(503);
  },
);

test("a database file that is back in its place: the server goes on as if nothing had been", async () => {
  const gateway = await boot(quick);
  const path = `${gateway.folder}/vconnct.sqlite`;
  renameSync(path, `${path}.away`);
  await expect.poll(async () => (await gateway.v1("list_meetings")).status).toBe(503);
  renameSync(`${path}.away`, path);
  await expect.poll(async () => (await gateway.v1("list_meetings")).status).toBe(200);
  expect((await create(gateway, "after")).status).toBe(201);
  await expect.poll(() => ready(gateway)).toBe(200);
});

test("a write-ahead log that is removed while the server runs: nothing is acknowledged from then on, and what was is kept", async () => {
  const folder = temporaryFolder();
  const first = await boot({ ...quick, folder });
  expect((await create(first, "before")).status).toBe(201);
  rmSync(`${folder}/vconnct.sqlite-wal`);
  expect((await create(first, "after")).status).toBe(503);
  expect(await ready(first)).toBe(503);
  await first.stop();
  const second = await boot({ ...quick, folder });
  const listed = await second.v1("list_meetings", { key: first.key });
  expect(listed.body.data.map(({ title }: { title: string }) => title)).toEqual(["before"]);
});

test("a write-ahead log that another takes the place of stops it as well, until it is back", async () => {
  const gateway = await boot({ timings: { heartbeat: 60_000 } });
  const log = `${gateway.folder}/vconnct.sqlite-wal`;
  expect((await create(gateway, "before")).status).toBe(201);
  renameSync(log, `${log}.away`);
  expect((await create(gateway, "renamed")).status).toBe(503);
  writeFileSync(log, "");
  expect((await create(gateway, "replaced")).status).toBe(503);
  renameSync(`${log}.away`, log);
  expect((await create(gateway, "back")).status).toBe(201);
});

test("behind a symbolic link it is the same database: a second server is refused by either name", async () => {
  const [folder, beside] = [temporaryFolder(), temporaryFolder()];
  await (await boot({ folder })).stop();
  symlinkSync(`${folder}/vconnct.sqlite`, `${beside}/vconnct.sqlite`);
  const first = await boot({ ...quick, folder: beside });
  await expect(boot({ folder })).rejects.toThrow("already running");
  rmSync(`${folder}/vconnct.sqlite-wal`);
  expect((await create(first, "after")).status).toBe(503);
  await first.stop();
  await boot({ folder });
});

test("a start that finds no database where there was one says so and stops, and makes none", async () => {
  const folder = temporaryFolder();
  const path = `${folder}/vconnct.sqlite`;
  await (await boot({ folder })).stop();
  rmSync(path);
  for (const empty of [false, true]) {
    if (empty) writeFileSync(path, "");
    const failed: unknown = await boot({ folder }).catch((error: unknown) => error);
    const tool = await runInside({ DATABASE_URL: `file:${path}` }, ["license", "list"]);
    expect(tool.code).toBe(1);
    for (const said of [explain(failed), tool.stderr]) {
      expect(said).toMatch(
        /There was a database here, and it is gone .*: put vconnct\.sqlite back, or remove vconnct\.sqlite\.lock/,
      );
      expect(said.trim().split("\n")).toHaveLength(1);
    }
    expect(existsSync(path)).toBe(empty);
  }
  rmSync(`${path}.lock`);
  await (await boot({ folder })).stop();
});

/** From the second page on; or also the first, which says what the file is. */
function overwrite(path: string, from: number, bytes: number): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(bytes, "garbage "), 0, bytes, from);
  closeSync(file);
}

type Damage = [name: string, damage: (path: string) => void];

/** Whatever the server holds of it in memory, the heartbeat's look at the file finds these. */
const seenAtOnce: Damage[] = [
  ["overwritten", (path) => overwrite(path, 0, 40_000)],
  ["cut off", (path) => truncateSync(path, 5_000)],
  ["emptied", (path) => truncateSync(path, 0)],
];

/** A folder whose database is whole in its file, and not in the log beside it; and the demo key. */
async function livedIn(): Promise<{ folder: string; key: string }> {
  const { folder, demoKey: key = "", stop: end } = await boot();
  await end();
  return { folder, key };
}

test.each(seenAtOnce)(
  "a database file that is %s while the server runs: it is said once that it ends",
  async (_, damage) => {
    const { folder, key } = await livedIn();
    let ends = 0;
    const gateway = await boot({ ...quick, folder, onDamage: () => (ends += 1) });
    damage(`${folder}/vconnct.sqlite`);
    await expect
      .poll(async () => {
        await answerTo(gateway.url, key).catch(() => {});
        return ends;
      })
      .toBe(1);
    // What is found again is no news.
    await answerTo(gateway.url, key).catch(() => {});
    await ready(gateway);
    expect(gateway.log().match(/the database file is damaged/g)).toHaveLength(1);
    expect(ends).toBe(1);
  },
);

test("a database file that is damaged while the server runs: one clear line, and an end with code 65", async () => {
  const { folder, key } = await livedIn();
  const started = await server(folder, { NODE_ENV: "test" });
  const url = await started.url();
  // Behind its header, where whoever reads there finds it.
  overwrite(`${folder}/vconnct.sqlite`, 4096, 100_000);
  const asking = setInterval(() => void answerTo(url, key).catch(() => {}), 50);
  const ended = await started.ended;
  clearInterval(asking);
  expect(ended).toEqual({ code: 65, signal: null });
  expect(started.out().match(/the database file is damaged/g)).toHaveLength(1);
  expect(started.err()).not.toMatch(/Error|^\s+at /m);
});

test("damage that a long list meets on a connection of its own ends the server as well", async () => {
  const folder = temporaryFolder();
  const first = await boot({ folder });
  const rows = V1_PAGE_LIMIT + 1;
  await Promise.all(Array.from({ length: rows }, (_, nth) => create(first, `meeting ${nth}`)));
  await first.stop();
  let ends = 0;
  const gateway = await boot({ timings: { heartbeat: 60_000 }, folder, onDamage: () => (ends += 1) });
  const list = () => gateway.v1("list_meetings", { key: first.key });
  expect((await list()).body.data).toHaveLength(rows);
  // What the other connections need of the file they have in memory by now.
  overwrite(`${folder}/vconnct.sqlite`, 3 * 4096, 200_000);
  expect((await list()).status).toBe(503);
  expect(ends).toBe(1);
  // A 503 of v1 says nothing of why; the log does.
  expect(gateway.log()).toContain("the database can't take this now");
});

test("a damaged database at the start: one line and the same code", async () => {
  const folder = temporaryFolder();
  writeFileSync(`${folder}/vconnct.sqlite`, "this is no database, whatever its length may be".repeat(40));
  const started = await server(folder);
  expect(await started.ended).toEqual({ code: 65, signal: null });
  expect(started.err().trim()).toBe("The database can't be used; see DATABASE_URL: file is not a database");
});

test("a disk that takes a heartbeat and no more is not ready", async () => {
  const folder = temporaryFolder();
  const env = { PORT: "0", DATABASE_URL: `file:${folder}/vconnct.sqlite`, NODE_ENV: "test" };
  // No file may grow beyond this many KiB: the heartbeats fit, a busy second would not.
  const started = run(["bash", "-c", `ulimit -f 800; exec ${process.execPath} dist/main.js`], env);
  const url = await started.url();
  expect(await ready({ url })).toBe(503);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect(readdirSync(folder).filter((name) => name.endsWith(".probe"))).toEqual([]);
});
