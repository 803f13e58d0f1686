import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { v7 as newId } from "uuid";
import { copyDatabase } from "#gateway/storage/copy/copy.js";
import { migratePostgres } from "#gateway/storage/postgres/migrations.js";
import { statOf, TICK_US } from "./processes.js";

/** As an operator runs it; the tests' one never waits for the disk. */
const DURABLE = ["fsync=on", "full_page_writes=on", "autovacuum=on", "shared_buffers=128MB"];

/** What starts the tests' server of PostgreSQL; it is not built, and only needed where none is given. */
const STARTER = "../../test/helpers/postgres-server.ts";

type Starter = (plan: {
  folder: string;
  settings: readonly string[];
}) => Promise<{ url: string; stop(): Promise<void> }>;

let own: Promise<{ url: string; stop(): Promise<void> }> | undefined;

const STARTS_WITHIN_MS = 30_000;

const isThere = (url: string): Promise<boolean> =>
  ask(url, "SELECT 1").then(
    () => true,
    () => false,
  );

async function startOwn(): Promise<{ url: string; stop(): Promise<void> }> {
  const { tsImport } = await import("tsx/esm/api");
  const { startPostgres } = (await tsImport(STARTER, import.meta.url)) as { startPostgres: Starter };
  const folder = mkdtempSync(join(tmpdir(), "vconnct-bench-postgres-"));
  const { url, stop } = await startPostgres({ folder, settings: DURABLE });
  const until = performance.now() + STARTS_WITHIN_MS;
  while (performance.now() < until && !(await isThere(url))) await sleep(50);
  const end = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop: end };
}

/** The server that DATABASE_URL names, whose role may make databases; without it one of the bench's own. */
async function serverUrl(): Promise<string> {
  const given = process.env["DATABASE_URL"] ?? "";
  if (/^postgres(ql)?:/.test(given)) return given;
  own ??= startOwn();
  return (await own).url;
}

/** Ends the bench's own server, where it has one. */
export const stopPostgres = async (): Promise<void> => (await own)?.stop();

async function ask<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  return (await client.query(text).finally(() => client.end())).rows as Row[];
}

/** Microseconds of CPU of a server of PostgreSQL, all its processes, also those that have ended. */
function treeCpu(postmaster: number): number {
  const stats = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const children = stats.filter(({ parent }) => parent === postmaster).reduce((sum, each) => sum + each.own, 0);
  const parent = statOf(postmaster);
  return (children + (parent ? parent.own + parent.ended : 0)) * TICK_US;
}

/** @throws Error where the server is not on this machine: then nobody can tell what it uses */
async function postmasterOf(url: string): Promise<number> {
  const client = new Client(url);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const backend = statOf(rows[0]?.pid ?? 0);
  await client.end();
  if (backend?.name !== "postgres") throw new Error("DATABASE_URL must name a server on this machine");
  return backend.parent;
}

export interface BenchDatabase {
  url: string;
  /** Microseconds of CPU that its server has used, for whatever database. */
  cpu(): number;
  drop(): Promise<void>;
}

async function newDatabase(server: string, name: string): Promise<string> {
  await ask(server, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migratePostgres(url);
  return url;
}

/** A database of its own, with all that the file has. */
export async function databaseOf(file: string): Promise<BenchDatabase> {
  const server = await serverUrl();
  const postmaster = await postmasterOf(server);
  const name = `vconnct_bench_${newId().replaceAll("-", "")}`;
  const url = await newDatabase(server, name);
  await copyDatabase({ from: file, to: url, say: () => {}, onResumed: () => {} });
  return {
    url,
    cpu: () => treeCpu(postmaster),
    drop: async () => void (await ask(server, `DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

/**
 * One that stays there by its name, where the server does; half filled it is made anew.
 * @returns its address
 */
export async function keptDatabase(name: string, fill: (url: string) => Promise<void>): Promise<string> {
  const server = await serverUrl();
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  if (await isThere(url)) {
    await migratePostgres(url);
    return url;
  }
  const partial = `${name}_partial`;
  await ask(server, `DROP DATABASE IF EXISTS ${partial} WITH (FORCE)`);
  await fill(await newDatabase(server, partial));
  await ask(server, `ALTER DATABASE ${partial} RENAME TO ${name}`);
  return url;
}
