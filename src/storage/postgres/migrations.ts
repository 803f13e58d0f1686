import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Client } from "pg";
import { DatabaseNotMigrated, DatabaseTooNew } from "../unavailable.js";
import { connect } from "./connections.js";
import { LOCKS } from "./locks.js";

/** Found from this file, not from the working directory; `src/` and `dist/` lie equally deep. */
const migrationsFolder = fileURLToPath(new URL("../../../drizzle/postgres", import.meta.url));

/** Building an index over all that a large partner has may take so long. */
const MIGRATION_MS = 60 * 60_000;

/** Those that this database has not had yet. @throws DatabaseTooNew */
async function missingOf(client: Client) {
  const { rows: tables } = await client.query("SELECT 1 WHERE to_regclass('__drizzle_migrations') IS NOT NULL");
  const { rows } = tables.length
    ? await client.query<{ at: number | null }>("SELECT max(created_at) AS at FROM __drizzle_migrations")
    : { rows: [] };
  const until = rows[0]?.at ?? 0;
  const all = readMigrationFiles({ migrationsFolder });
  if (until > (all.at(-1)?.folderMillis ?? 0)) {
    throw new DatabaseTooNew("the database is newer than this program: start the newer version");
  }
  return all.filter(({ folderMillis }) => folderMillis > until);
}

/** A table that is there while a copy from SQLite is not complete. */
export const copyMark = "__vconnct_copy";

/** @returns whether a copy was begun and is not complete @throws DatabaseNotMigrated, DatabaseTooNew */
export async function demandComplete(client: Client): Promise<boolean> {
  const { length } = await missingOf(client);
  if (length > 0) {
    throw new DatabaseNotMigrated(
      `The database at DATABASE_URL lacks ${length} of this version's migrations: run "vconnct migrate", then start again.`,
    );
  }
  const { rows } = await client.query("SELECT 1 WHERE to_regclass($1) IS NOT NULL", [copyMark]);
  return rows.length > 0;
}

/** For whoever uses the database. @throws DatabaseNotMigrated, also where a copy is not complete; DatabaseTooNew */
export async function demandMigrated(client: Client): Promise<void> {
  if (!(await demandComplete(client))) return;
  throw new DatabaseNotMigrated(
    'A copy into the database at DATABASE_URL is not complete: stop the server that it is copied from and run "vconnct copy" again.',
  );
}

/**
 * Applies what is missing, all of it or nothing; of several at once one does, and the others find it done.
 * @returns how many were applied
 * @throws DatabaseTooNew, or what PostgreSQL says
 */
export async function migratePostgres(url: string): Promise<number> {
  const client = await connect({ url, statementMs: MIGRATION_MS }, () => {});
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1, $2)", [...LOCKS.migration]);
    const missing = await missingOf(client);
    await client.query(
      "CREATE TABLE IF NOT EXISTS __drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint NOT NULL)",
    );
    for (const { sql, hash, folderMillis } of missing) {
      for (const statement of sql) await client.query(statement);
      await client.query("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)", [hash, folderMillis]);
    }
    await client.query("COMMIT");
    return missing.length;
  } finally {
    await client.end().catch(() => {});
  }
}
