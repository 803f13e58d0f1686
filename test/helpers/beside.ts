import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import Sqlite, { type Database } from "better-sqlite3";
import { escapeLiteral } from "pg";
import { tablesInOrder } from "../../src/storage/copy/tables.js";
import type { Gateway } from "./boot.js";
import { databaseOf, isOnPostgres } from "./databases.js";
import { askPostgres } from "./postgres.js";

interface Answer {
  columns: string[];
  rows: unknown[][];
  changes: number;
}

/** Asks PostgreSQL and waits, as SQLite does: a thread asks, and this one stands still meanwhile. */
function makeAsker() {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1: asking, port2: asked } = new MessageChannel();
  const worker = new Worker(new URL("beside-worker.mjs", import.meta.url), {
    workerData: { flag, line: asked },
    transferList: [asked],
  });
  worker.unref();
  return (what: object): Answer => {
    Atomics.store(flag, 0, 0);
    asking.postMessage(what, []);
    if (Atomics.wait(flag, 0, 0, 20_000) === "timed-out")
      throw new Error("the database does not answer beside the server");
    const { value, fault } = receiveMessageOnPort(asking)?.message ?? { fault: "no answer" };
    if (fault !== undefined) throw new Error(fault);
    return value;
  };
}

let asker: ReturnType<typeof makeAsker> | undefined;
let count = 0;

const literal = (value: unknown): string => {
  if (value === null || value === undefined) return "NULL";
  return typeof value === "string" ? escapeLiteral(value) : JSON.stringify(value);
};

function filled(text: string, values: unknown[]): string {
  const [first] = values;
  if (typeof first === "object" && first !== null) {
    return text.replaceAll(/@(\w+)/g, (_, name: string) => literal((first as Record<string, unknown>)[name]));
  }
  let at = 0;
  return text.replaceAll("?", () => literal(values[at++]));
}

/** Holds all tables against whoever writes, and lets them be read. */
const TAKEN = `BEGIN; LOCK TABLE ${tablesInOrder()
  .map(({ name }) => name)
  .join()} IN EXCLUSIVE MODE`;

/** What tests use of SQLite's driver, on a database of PostgreSQL. */
function onServer(url: string): Database {
  asker ??= makeAsker();
  const ask = asker;
  const id = (count += 1);
  ask({ id, url });
  const run = (text: string, values: unknown[] = []) =>
    ask({ id, text: filled(text.replaceAll("BEGIN IMMEDIATE", TAKEN), values) });
  const prepare = (text: string) => {
    let shape = (row: unknown[], columns: string[]): unknown =>
      Object.fromEntries(columns.map((column, at) => [column, row[at]]));
    const all = (...values: unknown[]) => {
      const { columns, rows } = run(text, values);
      return rows.map((row) => shape(row, columns));
    };
    const statement = {
      all,
      run: (...values: unknown[]) => ({ changes: run(text, values).changes }),
      get: (...values: unknown[]) => all(...values)[0],
      pluck: () => ((shape = ([first]) => first), statement),
      raw: () => ((shape = (row) => row), statement),
    };
    return statement;
  };
  const transaction = (work: () => unknown) => () => {
    run("BEGIN");
    work();
    run("COMMIT");
  };
  // What SQLite is asked for in order to find them, PostgreSQL has refused before.
  const pragma = (name: string) => {
    if (name === "foreign_key_check") return [];
    throw new Error(`${name} is SQLite's alone`);
  };
  const own = {
    open: true,
    prepare,
    pragma,
    transaction,
    exec: run,
    close() {
      own.open = false;
      ask({ id });
    },
  };
  return own as unknown as Database;
}

/** Until the server has heard of what was committed beside it; with a file it looks by itself before each request. */
export async function heard({ folder, opened }: Gateway): Promise<void> {
  const url = databaseOf(folder);
  if (!url) return;
  const commits = () => opened.services.storage.commitsElsewhere();
  const before = commits();
  await askPostgres(url, "SELECT pg_notify('vconnct', '')");
  for (let [last, same] = [before, 0]; last === before || same < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    same = commits() === last ? same + 1 : 0;
    last = commits();
  }
}

/**
 * From now on the database itself refuses this, for example `INSERT ON events`.
 * @param when which rows: all, when left out
 * @returns ends that
 */
export function refuse(database: Database, what: string, when = "1 = 1"): () => void {
  if (!isOnPostgres) {
    database.exec(`CREATE TRIGGER refused BEFORE ${what} WHEN ${when} BEGIN SELECT RAISE(ABORT, 'not today'); END`);
    return () => void database.exec("DROP TRIGGER refused");
  }
  database.exec(`CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
    CREATE TRIGGER refused BEFORE ${what} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refused()`);
  return () => void database.exec("DROP FUNCTION refused CASCADE");
}

export const refuseEvents = (database: Database): (() => void) => refuse(database, "INSERT ON events");

/** The same database on a connection of the test's own, which has to be closed. */
export function openBeside(gateway: Pick<Gateway, "folder">): Database {
  const url = databaseOf(gateway.folder);
  return url ? onServer(url) : new Sqlite(`${gateway.folder}/vconnct.sqlite`);
}
