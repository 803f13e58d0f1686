import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config.js";
import { explain } from "../../src/explain.js";
import { shippedLanguages } from "../../src/messages/index.js";
import { startServer } from "../../src/server.js";
import { boot } from "../helpers/boot.js";
import { environmentFor, isOnPostgres, ofFiles, temporaryFolder } from "../helpers/databases.js";
import { run, server, type Started, stop } from "./process.js";
import { openBeside } from "../helpers/beside.js";

/** What a process would say on stderr of a start in this folder that fails, in its lines. */
async function saidOf(folder: string, env: Record<string, string> = {}): Promise<string[]> {
  const given = { PORT: "0", ...(await environmentFor(folder)), LOG_LEVEL: "silent", ...env };
  const starting = startServer(readConfig(given, shippedLanguages()));
  const failed: unknown = await starting.then(
    (running) => running.stop(),
    (error: unknown) => error,
  );
  const said = explain(failed);
  expect(said).not.toMatch(/^\s+at /m);
  return said.split("\n");
}

/** It must end with 1, say this on stderr, and neither a stack nor a greeting. */
async function refused(started: Started): Promise<string[]> {
  expect(await started.ended).toEqual({ code: 1, signal: null });
  expect(started.out()).not.toContain("is running");
  expect(started.err()).not.toMatch(/^\s+at /m);
  return started.err().trim().split("\n");
}

test("a configuration that can't be used: exit 1, with every fault and nothing done", async () => {
  const folder = temporaryFolder();
  const faulty = { PORT: "x", LOG_LEVEL: "loud", DEFAULT_LANGUAGE: "xx", NODE_ENV: "production" };
  const lines = await refused(await server(`${folder}/data`, faulty));
  expect(readdirSync(folder)).toEqual([]);
  expect(lines.map((line) => line.trim().split(":")[0])).toEqual([
    "The configuration can't be used",
    "PORT",
    "LOG_LEVEL",
    "PUBLIC_URL",
    "SECRET_KEY",
    "DEFAULT_LANGUAGE",
  ]);
});

test("a port in use, or an address that is none of this machine's: one clear line, exit 1, and nothing is left", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const folder = temporaryFolder();
  const [inUse, elsewhere] = await Promise.all([
    refused(await server(`${folder}/data`, { PORT: String(port) })),
    saidOf(`${folder}/others`, { HOST: "192.0.2.1" }),
  ]);
  expect(readdirSync(folder)).toEqual([]);
  expect(inUse).toEqual([
    expect.stringMatching(new RegExp(`^The address is in use: .*--port.*127\\.0\\.0\\.1:${port}`)),
  ]);
  expect(elsewhere).toEqual([expect.stringMatching(/^PORT or HOST can't be used: .*192\.0\.2\.1/)]);
});

ofFiles("a database another server has: one clear line", async () => {
  const { folder } = await boot();
  expect(await saidOf(folder)).toEqual(["another VConnct server is already running on this database"]);
});

test("a secret that is none, a folder that can't be made: one clear line", async () => {
  const { folder: left, stop: stopFirst } = await boot();
  await stopFirst();
  writeFileSync(`${left}/secret.key`, "");
  writeFileSync(`${left}/file`, "");
  const said = await Promise.all([left, `${left}/file/below`].map((folder) => saidOf(folder)));
  expect(said).toEqual([
    [expect.stringContaining("secret.key holds no secret")],
    [expect.stringMatching(/^A file can't be used; see DATABASE_URL and DATA_DIR: .*file\/below/)],
  ]);
});

test("a database that another program is writing to: one clear line", async () => {
  const unusable = "The database can't be used; see DATABASE_URL: ";
  const { folder: held, stop: stopFirst } = await boot();
  await stopFirst();
  const other = openBeside({ folder: held });
  onTestFinished(() => void other.close());
  other.exec("BEGIN IMMEDIATE");
  const says = isOnPostgres ? "canceling statement due to lock timeout" : "database is locked";
  expect(await saidOf(held)).toEqual([unusable + says]);
});

test("a manifest that can't be served: its file and what is wrong in it", async () => {
  const folder = temporaryFolder();
  const path = `${folder}/manifest.json`;
  writeFileSync(path, JSON.stringify({ a1: "{ licens }", b2: "{ license { name } }" }));
  expect(await saidOf(folder, { TRUSTED_DOCUMENTS: path })).toEqual([
    `TRUSTED_DOCUMENTS: ${path} holds what can't be served:`,
    expect.stringMatching(/^ {2}a1: Cannot query field "licens"/),
  ]);
});

test("npm start warns of nothing, and passes SIGTERM on", async () => {
  // Without the build before it, because other tests are running what it would write anew.
  const env = { PORT: "0", ...(await environmentFor(temporaryFolder())) };
  const started = run(["npm", "start", "--ignore-scripts", "--no-update-notifier"], env);
  const url = await started.url();
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect(await stop(started)).toEqual({ code: 0, signal: null });
  expect(started.err()).toBe("");
  expect(started.out()).not.toMatch(/warn|deprecat|experimental|"level":[45]0/i);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow("fetch failed");
});

/** Runs in the server's own process before its first line: asks it to end as soon as it would hear that. */
const askAtOnce = (signal: string) =>
  `data:text/javascript,const timer = setInterval(() => {
    if (process.listenerCount("${signal}") === 0) return;
    clearInterval(timer);
    process.kill(process.pid, "${signal}");
  }, 1)`;

test.each(["SIGTERM", "SIGINT"])("%s before anything is open: it ends with 0 and never listens", async (signal) => {
  const folder = temporaryFolder();
  const env = { PORT: "0", ...(await environmentFor(folder)) };
  const started = run([process.execPath, "--import", askAtOnce(signal), "dist/main.js"], env);
  expect(await started.ended).toEqual({ code: 0, signal: null });
  expect([started.out(), started.err()]).toEqual(["", ""]);
  expect(existsSync(`${folder}/vconnct.sqlite`)).toBe(false);
});

test("SIGTERM while it opens what it needs: it ends with 0, and the database is closed", async () => {
  const folder = temporaryFolder();
  const started = await server(folder);
  while (!existsSync(`${folder}/secret.key`)) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(await stop(started)).toEqual({ code: 0, signal: null });
  expect([started.out(), started.err()]).toEqual([expect.not.stringContaining("is running"), ""]);
  expect(existsSync(`${folder}/vconnct.sqlite-wal`)).toBe(false);
});

test("SIGTERM while another program keeps the database: it ends with 0, and the next start is not refused", async () => {
  const folder = temporaryFolder();
  const started = await server(folder);
  await started.url();
  const other = openBeside({ folder });
  onTestFinished(() => void other.close());
  other.exec("BEGIN IMMEDIATE");
  expect(await stop(started)).toEqual({ code: 0, signal: null });
  expect(started.err()).toBe("");
  other.exec("ROLLBACK");
  await (await boot({ folder })).stop();
});
