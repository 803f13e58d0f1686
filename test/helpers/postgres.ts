import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type QueryResultRow } from "pg";
import { v7 as newId } from "uuid";
import { onTestFinished } from "vitest";
import { migratePostgres } from "../../src/storage/postgres/migrations.js";

/** The one server of this run, started now if nobody wanted it before. */
async function serverOfRun(): Promise<string> {
  const folder = process.env["POSTGRES_OF_RUN"] as string;
  if (!existsSync(`${folder}/url`)) writeFileSync(`${folder}/wanted`, "");
  while (!existsSync(`${folder}/url`)) {
    if (existsSync(`${folder}/failed`)) throw new Error(readFileSync(`${folder}/failed`, "utf8"));
    await sleep(20);
  }
  return readFileSync(`${folder}/url`, "utf8");
}

async function asOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  for (;;) {
    const client = new Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
    } catch (error) {
      // It is just starting.
      if (!/ECONNREFUSED|57P03/.test((error as { code?: string }).code ?? "")) throw error;
      await sleep(20);
      continue;
    }
    return work(client).finally(() => client.end());
  }
}

const named = (url: string, database: string) => Object.assign(new URL(url), { pathname: `/${database}` }).href;

const TEMPLATE = "vconnct_test_template";
let template: Promise<string> | undefined;

/** A database without rows, up to date, that others are copied from: made once in a run. @returns its server */
async function withTemplate(): Promise<string> {
  const url = await serverOfRun();
  await asOwner(url, async (client) => {
    await client.query("SELECT pg_advisory_lock(1)");
    const mark = `${process.env["POSTGRES_OF_RUN"]}/migrated`;
    if (existsSync(mark)) return;
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE}`);
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await migratePostgres(named(url, TEMPLATE));
    writeFileSync(mark, "");
  });
  return url;
}

/** An empty database of a real server, which goes with the test. @param migrated without it there are no tables */
export async function postgresDatabase({ migrated = true } = {}): Promise<string> {
  template ??= withTemplate();
  const url = await template;
  const name = `vconnct_test_${newId().replaceAll("-", "")}`;
  await asOwner(url, (client) => client.query(`CREATE DATABASE ${name} ${migrated ? `TEMPLATE ${TEMPLATE}` : ""}`));
  onTestFinished(() => asOwner(url, async (client) => void (await client.query(`DROP DATABASE ${name} WITH (FORCE)`))));
  return named(url, name);
}

/** Asks a database beside whoever else uses it. */
export const askPostgres = <Row extends QueryResultRow>(url: string, text: string, values: unknown[] = []) =>
  asOwner(url, async (client) => (await client.query<Row>(text, values)).rows);
