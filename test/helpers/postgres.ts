import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type QueryResultRow } from "pg";
import { v7 as newId } from "uuid";
import { onTestFinished } from "vitest";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import { copyMark, migratePostgres } from "../../src/storage/postgres/migrations.js";
import { makeData, type RunningPostgres, type ServerPlan, startPostgres } from "./postgres-server.js";

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
/** What this one takes besides are the texts of tests that look into the database themselves, as SQLite takes them. */
const LENIENT = `${TEMPLATE}_lenient`;
let template: Promise<string> | undefined;

const SQLITES_WORDS = `
  CREATE FUNCTION at_ms(bigint) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz + $1 * interval '1 ms' $$;
  CREATE FUNCTION at_ms(integer) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$ SELECT at_ms($1::bigint) $$;
  CREATE CAST (bigint AS timestamptz) WITH FUNCTION at_ms(bigint) AS ASSIGNMENT;
  CREATE CAST (integer AS timestamptz) WITH FUNCTION at_ms(integer) AS ASSIGNMENT;
  CREATE CAST (text AS jsonb) WITH INOUT AS ASSIGNMENT;
  UPDATE pg_cast SET castcontext = 'a' WHERE castsource = 'integer'::regtype AND casttarget = 'boolean'::regtype;
  CREATE SCHEMA beside;
  CREATE FUNCTION beside.later(timestamptz, integer) RETURNS timestamptz IMMUTABLE LANGUAGE sql
    AS $$ SELECT $1 + $2 * interval '1 ms' $$;
  CREATE OPERATOR beside.+ (LEFTARG = timestamptz, RIGHTARG = integer, FUNCTION = beside.later);
  CREATE FUNCTION beside.printf(text, integer) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT regexp_replace($1, '%0\\d+d', lpad($2::text, substring($1 FROM '%0(\\d+)d')::integer, '0')) $$;
`;

async function make(client: Client, url: string): Promise<void> {
  for (const name of [LENIENT, TEMPLATE]) await client.query(`DROP DATABASE IF EXISTS ${name}`);
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await migratePostgres(named(url, TEMPLATE));
  await client.query(`CREATE DATABASE ${LENIENT} TEMPLATE ${TEMPLATE}`);
  await asOwner(named(url, LENIENT), (lenient) => lenient.query(SQLITES_WORDS));
}

/** Databases without rows, up to date, that others are copied from: made once in a run. @returns their server */
async function withTemplates(): Promise<string> {
  const url = await serverOfRun();
  await asOwner(url, async (client) => {
    await client.query("SELECT pg_advisory_lock(1)");
    const mark = `${process.env["POSTGRES_OF_RUN"]}/migrated`;
    if (existsSync(mark)) return;
    await make(client, url);
    writeFileSync(mark, "");
  });
  return url;
}

interface DatabaseOptions {
  /** Without it there are no tables. */
  migrated?: boolean;
  /** For statements that are SQLite's, too. */
  isLenient?: boolean;
}

/** Those that a test of this process has emptied again: to make one takes ten times as long. */
const emptied = new Map<string, string[]>();

/** Nobody is left in it, and no row; triggers and references are not asked. Many rows leave no file behind that grows. */
const EMPTIED = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET session_replication_role = replica;
  DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY '{${tablesInOrder()
      .map((table) => table.name)
      .join()}}'::text[] LOOP
      EXECUTE CASE WHEN pg_relation_size(name::regclass) > 65536 THEN format('TRUNCATE %I CASCADE', name)
        ELSE format('DELETE FROM %I', name) END;
    END LOOP;
  END $$;
  ALTER SEQUENCE events_seq_seq RESTART; DROP TABLE IF EXISTS ${copyMark}`;

async function makeDatabase(server: string, from: string): Promise<string> {
  const name = `vconnct_test_${process.env["POSTGRES_RUN"]}_${newId().replaceAll("-", "")}`;
  await asOwner(server, (client) => client.query(`CREATE DATABASE ${name} ${from}`));
  return named(server, name);
}

export interface TakenDatabase {
  url: string;
  /** Nobody uses it any more; another may have it, empty again. */
  giveBack(): Promise<void>;
}

/** An empty database of a real server, until it is given back. */
export async function takeDatabase(options: DatabaseOptions = {}): Promise<TakenDatabase> {
  const { migrated = true, isLenient = false } = options;
  template ??= withTemplates();
  const server = await template;
  if (!migrated) return { url: await makeDatabase(server, ""), giveBack: async () => {} };
  const from = `TEMPLATE ${isLenient ? LENIENT : TEMPLATE}`;
  const free = emptied.get(from) ?? [];
  emptied.set(from, free);
  const url = free.pop() ?? (await makeDatabase(server, from));
  const giveBack = async () => {
    const isAsBefore = await asOwner(url, (client) => client.query(EMPTIED)).then(
      () => true,
      () => false,
    );
    // What a test has changed tables of is left alone.
    if (isAsBefore) free.push(url);
  };
  return { url, giveBack };
}

/** An empty database of a real server, until the test ends. */
export async function postgresDatabase(options: DatabaseOptions = {}): Promise<string> {
  const { url, giveBack } = await takeDatabase(options);
  onTestFinished(giveBack);
  return url;
}

/** Nobody may be in it. */
export async function copyOfDatabase(url: string): Promise<string> {
  const server = await (template ??= withTemplates());
  const name = new URL(url).pathname.slice(1);
  const copy = await makeDatabase(server, `TEMPLATE ${name}`);
  const dropped = `DROP DATABASE ${new URL(copy).pathname.slice(1)} WITH (FORCE)`;
  onTestFinished(() => asOwner(server, async (client) => void (await client.query(dropped))));
  return copy;
}

/** A server of the test's own, which ends with it. */
export async function ownServer(plan: Omit<ServerPlan, "folder"> = {}): Promise<RunningPostgres & { data: string }> {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-postgres-"));
  const server = await startPostgres({ folder, ...plan });
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...server, data: `${folder}/data` };
}

/** A primary, and a standby that has everything before a commit is answered. */
export async function postgresPair() {
  const folder = mkdtempSync(join(tmpdir(), "vconnct-postgres-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Both begin as the same files, as after a base backup.
  const { path: data } = makeData({ folder });
  const primary = await ownServer({ data, settings: ["synchronous_standby_names=*"] });
  const standby = await ownServer({
    data,
    files: { "standby.signal": "" },
    settings: [`primary_conninfo=host=127.0.0.1 port=${primary.port} user=postgres`],
  });
  const followed = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'";
  while ((await askPostgres(primary.url, followed)).length === 0) await sleep(20);
  return { primary, standby };
}

/** Asks a database beside whoever else uses it. */
export const askPostgres = <Row extends QueryResultRow>(url: string, text: string, values: unknown[] = []) =>
  asOwner(url, async (client) => (await client.query<Row>(text, values)).rows);
