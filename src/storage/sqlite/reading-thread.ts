import { parentPort, workerData } from "node:worker_threads";
import Sqlite from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { machineTime } from "../../clock.js";
import type { Handle } from "../database.js";
import { joined, stepsOf, type Steppable } from "../queries/lists/in-steps.js";
import { makeQueries } from "../queries/queries.js";
import { ownRow } from "../queries/rows.js";
import * as tables from "../schema/sqlite.js";
import { sqliteDialect } from "./dialect.js";
import type { FarAnswer, FarSetting, FarWork } from "./far-work.js";

/** Rows that are looked at between two looks at the clock: some ten milliseconds. */
const ROWS_A_STEP = 10_000;

const { path, busyMs } = workerData as FarSetting;
const connection = new Sqlite(path, { readonly: true, timeout: busyMs });
const queries = makeQueries({ db: drizzle(connection) as unknown as Handle, tables, dialect: sqliteDialect });

/** SQLite can't be interrupted in the middle of a statement, so none is long. */
async function look({ list, reach, request, isCount, within }: FarWork): Promise<FarAnswer> {
  const until = machineTime.monotonic() + within;
  const steppable = queries[list] as Steppable<unknown, string, unknown>;
  let rows: unknown[] = [];
  let count = 0;
  for await (const found of stepsOf(steppable, reach, request, ROWS_A_STEP)) {
    count += found.length;
    if (!isCount) rows = joined(rows, found, request);
    if (machineTime.monotonic() >= until) return { isTooSlow: true };
  }
  return isCount ? { count } : { rows: rows.map((row) => ownRow(row as object)) };
}

function failed(error: unknown): FarAnswer {
  const { message, code } = error as NodeJS.ErrnoException;
  return { failed: { message, code } };
}

parentPort?.on("message", async (work: FarWork) => {
  // One moment for all steps.
  connection.exec("BEGIN");
  const answer = await look(work).catch(failed);
  if (connection.inTransaction) connection.exec("COMMIT");
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
  parentPort?.postMessage(answer);
});
