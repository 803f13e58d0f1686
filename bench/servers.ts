import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type PeerName, peers, type Peer } from "./peers.js";
import { type BenchDatabase, databaseOf } from "./postgres.js";
import type { Used } from "./preload.js";
import { freePort } from "./processes.js";
import { type Proxy, startProxy } from "./proxy.js";
import { manifest } from "./texts.js";

export interface Server {
  name: PeerName;
  /** Of its only one, or of the first. */
  url: string;
  urls: readonly string[];
  /** Its file of SQLite, from where PostgreSQL has its data where it runs on that. */
  file: string;
  /** So many processes of it stand behind that. */
  programs: number;
  /** Milliseconds from the start of its process to its first answer. */
  startedInMs: number;
  /** Of all of them together; how late they came, of the latest. */
  ask(question?: "watch"): Promise<Used>;
  /** Microseconds of CPU of the database's own processes; 0 where it has none. */
  databaseCpu(): number;
  /** Microseconds of CPU of the proxy in front; 0 where there is none. */
  proxyCpu(): number;
  stop(): Promise<void>;
}

/** What join links begin with and are signed by: the same for all, so that their answers can be the same. */
export const publicUrl = "https://meet.example.com";
export const secretKey = "a secret of the bench, and of nothing else";

const preload = fileURLToPath(new URL("preload.js", import.meta.url));

/** As partners' operators run it; and no limit is in the way of whoever calls as often as it can. */
const environment = (port: number, file: string, documents: string): Record<string, string> => ({
  PORT: String(port),
  DATABASE_URL: `file:${file}`,
  NODE_ENV: "production",
  LOG_LEVEL: "info",
  PUBLIC_URL: publicUrl,
  SECRET_KEY: secretKey,
  TRUSTED_DOCUMENTS: documents,
  CALLS_PER_MINUTE: "1000000000",
  ENTRIES_PER_MINUTE: "1000000",
  POINTS_PER_MINUTE: "1000000000",
  TOKEN_POINTS_PER_MINUTE: "1000000000",
});

const PATIENCE_MS = 20_000;

async function firstAnswer(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${url}/health/live`).catch(() => undefined);
    if (answer) {
      await answer.arrayBuffer();
      return;
    }
    await sleep(2);
  }
  throw new Error(`${url} does not answer; its exit code: ${String(child.exitCode)}`);
}

async function answerOf(child: ChildProcess, question: string): Promise<Used> {
  const answer = once(child, "message") as Promise<[Used]>;
  child.send(question);
  return (await answer)[0];
}

export interface StartOptions {
  /** The seeded database; the server gets a copy of its own, in the folder. */
  seed: string;
  folder: string;
  /** Besides what all are told. */
  env?: Record<string, string>;
  /** Of Node, besides the preloaded file. */
  flags?: string[];
}

interface Program {
  url: string;
  startedInMs: number;
  child: ChildProcess;
}

/** Starts one; its log goes to /dev/null, as everybody's. */
async function startProgram(
  { script, env: own }: Peer,
  file: string,
  { folder, env, flags = [] }: StartOptions,
  database?: BenchDatabase,
): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const documents = `${folder}/documents.json`;
  writeFileSync(documents, manifest());
  const where = database && { DATABASE_URL: database.url, DATA_DIR: folder, INSTANCE_URL: url };
  const begun = performance.now();
  const child = spawn(process.execPath, [...flags, "--import", preload, script], {
    env: { ...process.env, ...environment(port, file, documents), ...own, ...where, ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await firstAnswer(url, child);
  return { url, startedInMs: performance.now() - begun, child };
}

async function stopProgram({ child }: Program): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

function together(all: readonly Used[]): Used {
  const sum = (name: keyof Used) => all.reduce((total, each) => total + each[name], 0);
  const most = (name: keyof Used) => Math.max(...all.map((each) => each[name]));
  const { cpu, rss, peak, heap } = { cpu: sum("cpu"), rss: sum("rss"), peak: sum("peak"), heap: sum("heap") };
  return { cpu, rss, peak, heap, late: most("late"), latest: most("latest") };
}

/** What the docs tell operators to put in front, without encryption, which would be its own and the caller's work. */
const proxyBefore = (urls: readonly string[], folder: string): Promise<Proxy> =>
  startProxy("haproxy", { folder, servers: urls.map((url) => new URL(url).host) });

/** Starts what stands behind a name: one program, or several on one database. */
export async function startServer(name: PeerName, options: StartOptions): Promise<Server> {
  const peer: Peer = peers[name];
  const file = `${options.folder}/${name}-${await freePort()}.sqlite`;
  copyFileSync(options.seed, file);
  const database = peer.onPostgres ? await databaseOf(file) : undefined;
  const first = await startProgram(peer, file, options, database);
  const programs = [first];
  while (programs.length < (peer.onPostgres ?? 1)) programs.push(await startProgram(peer, file, options, database));
  const own = programs.map(({ url }) => url);
  const proxy = peer.isProxied ? await proxyBefore(own, `${options.folder}/${name}-proxy`) : undefined;
  const urls = proxy ? [proxy.url] : own;
  return {
    name,
    url: urls[0] ?? "",
    urls,
    file,
    programs: programs.length,
    startedInMs: first.startedInMs,
    ask: async (question) =>
      together(await Promise.all(programs.map(({ child }) => answerOf(child, question ?? "used")))),
    databaseCpu: () => database?.cpu() ?? 0,
    proxyCpu: () => proxy?.cpu() ?? 0,
    async stop() {
      await proxy?.stop();
      await Promise.all(programs.map(stopProgram));
      await database?.drop();
    },
  };
}
