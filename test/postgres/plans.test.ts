import Sqlite from "better-sqlite3";
import type { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { seedGrowth } from "../../bench/growth/seed.js";
import { copyDatabase } from "../../src/storage/copy/copy.js";
import { connect } from "../../src/storage/postgres/connections.js";
import { openPostgres } from "../../src/storage/postgres/open.js";
import { temporaryFolder } from "../helpers/boot.js";
import { postgresDatabase } from "../helpers/postgres.js";
import { fillEmptyTables, watchServer } from "../helpers/rows.js";
import { askEveryList } from "../storage/every-list.js";
import { askEverything } from "../storage/every-query.js";

/** https://www.postgresql.org/docs/current/using-explain.html */
interface Step {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  /** Of a bitmap's rows: the condition by which its indexes found them. */
  "Recheck Cond"?: string;
  Filter?: string;
  "Plan Rows": number;
  "Parent Relationship"?: string;
  Plans?: Step[];
}

/** As the gateway connects. */
async function connected(url: string): Promise<Client> {
  const client = await connect({ url, statementMs: 60_000 }, () => {});
  onTestFinished(() => client.end());
  return client;
}

interface Planned {
  Plan: Step;
  /** What the server would compile first, which takes it up to a second. */
  JIT?: object;
}

/** The plan that serves whatever is asked for: the only one that is known before. */
async function planOf(client: Client, text: string): Promise<Planned> {
  const count = Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  await client.query(`PREPARE asked AS ${text}`);
  const values = count > 0 ? `(${Array.from({ length: count }, () => "NULL").join()})` : "";
  const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE asked${values}`);
  await client.query("DEALLOCATE asked");
  const [planned] = JSON.parse(rows[0]["QUERY PLAN"]) as [Planned];
  return planned;
}

/** Tables of a row for each license, process or engine; or for each day of a license. */
const few = new Set(["licenses", "instances", "engines", "license_days"]);
/** Indexes of what is open now, as many as there are people in rooms; and of the few sessions that last for hours. */
const openOnes = new Set(["sessions_open", "sessions_one_open", "stays_open", "stays_one_open", "sessions_long"]);
/** Between two instants, or numbers, that the asker gave: as many as there are between them. */
const between = /(\w+) >=? \$\d+\) AND \(\1 <=? \$\d+\)/;
/** What gives back its first rows before it has read the last: a limit above it ends it. */
const streaming = new Set([
  "Limit",
  "Append",
  "Merge Append",
  "Nested Loop",
  "Subquery Scan",
  "Result",
  "LockRows",
  "Unique",
  "Incremental Sort",
]);
/** A session's people, a meeting's sessions: more than this is a license or a table. */
const MANY = 2_000;

/** What reads more than a constant times what it gives back. */
function unboundedSteps(step: Step, isCutOff = false): string[] {
  const { "Node Type": kind, "Relation Name": table = "", "Index Name": index = "", "Plan Rows": rows } = step;
  const below = step.Plans ?? [];
  const goesOn = kind === "Limit" || (isCutOff && streaming.has(kind));
  const found = below.flatMap((each) => unboundedSteps(each, goesOn && each["Parent Relationship"] !== "Inner"));
  const isScan = kind.endsWith("Scan") && (table !== "" || index !== "");
  const indexes = kind === "Bitmap Heap Scan" ? below.map((each) => each["Index Name"] ?? "") : [index];
  const isOfOpen = indexes.every((name) => openOnes.has(name));
  if (!isScan || few.has(table) || isOfOpen || (isCutOff && kind.startsWith("Index"))) return found;
  const isSmall =
    kind !== "Seq Scan" && (rows <= MANY || between.test(step["Index Cond"] ?? step["Recheck Cond"] ?? ""));
  return isSmall
    ? found
    : [...found, `${kind} ${table} ${index} ${step["Index Cond"] ?? ""} ${step.Filter ?? ""} ${rows}`];
}

/**
 * A file of 10,000 people, brought over, and told to the planner as a thousand times as many; or ten million that are
 * really there, of `npm run bench -- --growth --postgres`, where somebody names that database.
 */
async function grown(): Promise<string> {
  const real = process.env["GROWN_DATABASE_URL"];
  if (real) return real;
  const url = await postgresDatabase();
  const from = seedGrowth(temporaryFolder(), 1_000, () => {});
  const db = new Sqlite(from);
  fillEmptyTables(db);
  db.close();
  await copyDatabase({ from, to: url, say: () => {}, onResumed: () => {} });
  const client = await connected(url);
  // Few are open at any time, however many there were.
  const over = "WHERE ended_at IS NULL AND id > (SELECT min(id) FROM sessions WHERE ended_at IS NULL)";
  await client.query(
    `UPDATE sessions SET status = 'ENDED', end_cause = 'API', ended_at = started_at + interval '45 min' ${over}`,
  );
  for (const table of ["stays", "attendances"]) {
    const gone = "left_at IS NULL AND session_id IN (SELECT id FROM sessions WHERE ended_at IS NOT NULL)";
    await client.query(`UPDATE ${table} SET left_at = joined_at + interval '30 min' WHERE ${gone}`);
  }
  await client.query("VACUUM ANALYZE");
  // What is nearly empty yet may be full one day.
  await client.query(`UPDATE pg_class SET reltuples = greatest(reltuples, 1000) * 1000
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')`);
  return url;
}

test("no statement reads more than it gives back times a constant, with ten million people", async () => {
  const [url, empty] = [await grown(), await postgresDatabase()];
  const texts = new Set<string>();
  const stop = watchServer((text, _rows, database) => {
    // Servers of other tests may not have ended yet; and a line that is asked whether there is news is asked nothing.
    if (text !== "" && empty.endsWith(`/${database}`)) texts.add(text);
  });
  const storage = await openPostgres({ url: empty });
  onTestFinished(() => storage.close());
  await storage.transaction((tx) => askEverything(tx, 3));
  await askEveryList(storage.read);
  stop();
  expect(texts.size).toBeGreaterThan(800);
  const client = await connected(url);
  await client.query("SET plan_cache_mode = force_generic_plan");
  // As with tables of gigabytes, which these are not.
  await client.query("SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0");
  // Where rows are really there, some tables and indexes have none: whatever is asked of them is read at once.
  const { rows: emptyOnes } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reltuples < 1000",
  );
  for (const { name } of emptyOnes) for (const known of [few, openOnes]) known.add(name);
  const found: object[] = [];
  for (const text of texts) {
    const { Plan: plan, JIT: compiled } = await planOf(client, text);
    const steps = unboundedSteps(plan);
    if (steps.length > 0 || compiled) found.push({ text, steps, compiled });
  }
  expect(found).toEqual([]);
});

test("what would read a whole license or table is seen as such", async () => {
  const client = await connected(await grown());
  await client.query("SET plan_cache_mode = force_generic_plan");
  for (const text of [
    "select * from meetings",
    "select * from sessions where license_id = $1 order by peak_present limit 20",
    "select * from attendances where full_name = $1",
    "select count(*) from sessions where license_id = $1 and started_at > $2",
    "delete from events where occurred_at < $1",
  ]) {
    expect([text, unboundedSteps((await planOf(client, text)).Plan)]).toEqual([text, [expect.any(String)]]);
  }
});
