import { Client } from "pg";
import { v7 as newId } from "uuid";
import { copyDatabase } from "#gateway/storage/copy/copy.js";
import { migratePostgres } from "#gateway/storage/postgres/migrations.js";
import type { Work } from "./works/work.js";

/** Ours on SQLite and ours on PostgreSQL, each answer read anew: the cache of answers is the same for both. */
const SERVERS = ["uncached", "postgres"] as const;

/** The same works for these two; no goal is set. */
export const onPostgres = (works: readonly Work[]): Work[] =>
  works.filter(({ name }) => !name.startsWith("trusted_")).map((work) => ({ ...work, servers: SERVERS, goals: {} }));

async function ask(url: string, text: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/**
 * A database of its own on the server that DATABASE_URL names, with all that the file has.
 * @returns its address, and what removes it
 */
export async function databaseOf(file: string): Promise<{ url: string; drop(): Promise<void> }> {
  const server = process.env["DATABASE_URL"] ?? "";
  if (!/^postgres(ql)?:/.test(server))
    throw new Error("DATABASE_URL must name a server of PostgreSQL, whose role may make databases");
  const name = `vconnct_bench_${newId().replaceAll("-", "")}`;
  await ask(server, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migratePostgres(url);
  await copyDatabase({ from: file, to: url, say: () => {}, onResumed: () => {} });
  return { url, drop: () => ask(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}
