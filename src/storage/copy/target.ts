import type { Client } from "pg";
import { connect, runOn } from "../postgres/connections.js";
import { LOCKS } from "../postgres/locks.js";
import { copyMark, demandComplete } from "../postgres/migrations.js";
import { CopyFailed } from "../unavailable.js";
import type { CopiedColumn, CopiedTable, Row, Value } from "./tables.js";

/** Sending a batch of rows may take so long, or taking rows away that many refer to. */
const STATEMENT_MS = 10 * 60_000;
/** Rows that are read at once: as many as were this large together the last time, and never more than the second. */
const PAGE_BYTES = 2_000_000;
const MOST_ROWS = 2_000;
const FIRST_ROWS = 50;

const SHOWN: Record<CopiedColumn["kind"], (name: string) => string> = {
  text: (name) => name,
  number: (name) => name,
  instant: (name) => `(extract(epoch FROM ${name}) * 1000)::bigint`,
  flag: (name) => `${name}::integer`,
  json: (name) => `${name}::text`,
};

const SENT: Record<CopiedColumn["kind"], { type: string; stored: (sent: string) => string }> = {
  text: { type: "text", stored: (sent) => sent },
  number: { type: "bigint", stored: (sent) => sent },
  instant: { type: "bigint", stored: (sent) => `'epoch'::timestamptz + ${sent} * interval '1 millisecond'` },
  flag: { type: "bigint", stored: (sent) => `${sent} <> 0` },
  json: { type: "text", stored: (sent) => `${sent}::jsonb` },
};

const quoted = ({ name }: { name: string }): string => `"${name}"`;
const keyOf = ({ columns, key }: CopiedTable): CopiedColumn[] => key.map((place) => columns[place] as CopiedColumn);

/** Rows as a table of the statement's own: an array for each column, so that no number of rows needs a new text. */
function given(columns: readonly CopiedColumn[]): string {
  const arrays = columns.map(({ kind }, place) => `$${place + 1}::${SENT[kind].type}[]`);
  return `unnest(${arrays.join()}) AS given(${columns.map(quoted).join()})`;
}

const storedOf = (column: CopiedColumn): string => SENT[column.kind].stored(`given.${quoted(column)}`);

function insertion(table: CopiedTable): string {
  const { name, columns } = table;
  const key = keyOf(table);
  const others = columns.filter((column) => !key.includes(column)).map(quoted);
  const replaced = others.map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO "${name}" (${columns.map(quoted).join()}) SELECT ${columns.map(storedOf).join()} FROM ${given(columns)}
    ON CONFLICT (${key.map(quoted).join()}) DO ${replaced.length > 0 ? `UPDATE SET ${replaced.join()}` : "NOTHING"}`;
}

function deletion(table: CopiedTable): string {
  const key = keyOf(table);
  const same = key.map((column) => `kept.${quoted(column)} = ${storedOf(column)}`);
  return `DELETE FROM "${table.name}" AS kept USING ${given(key)} WHERE ${same.join(" AND ")}`;
}

const UNSTORABLE = /^(22021|22P05)$/;

export class Target {
  constructor(readonly client: Client) {}

  async #all(text: string, values: unknown[] = []): Promise<Value[][]> {
    return (await runOn(this.client)({ name: "", text }, values)) as Value[][];
  }

  /** The triggers that count days and versions are not run: what they would write is copied as it is. */
  async #changing(table: CopiedTable, text: string, rows: readonly Row[], columns: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    const values = columns.map((place) => rows.map((row) => row[place]));
    try {
      await this.#all("BEGIN");
      await this.#all(`ALTER TABLE "${table.name}" DISABLE TRIGGER USER`);
      await this.#all(text, values);
      await this.#all(`ALTER TABLE "${table.name}" ENABLE TRIGGER USER`);
      await this.#all("COMMIT");
    } catch (cause) {
      await this.#all("ROLLBACK").catch(() => {});
      const code = (cause as { code?: string }).code ?? "";
      throw UNSTORABLE.test(code) ? new CopyFailed("UNSTORABLE", table.name, { cause }) : cause;
    }
  }

  put = (table: CopiedTable, rows: readonly Row[]): Promise<void> =>
    this.#changing(table, insertion(table), rows, [...table.columns.keys()]);

  remove = (table: CopiedTable, rows: readonly Row[]): Promise<void> =>
    this.#changing(table, deletion(table), rows, table.key);

  /** In the order of their key, some at a time. */
  async *rows(table: CopiedTable): AsyncGenerator<Row> {
    const { name, columns } = table;
    const key = keyOf(table);
    const order = key.map(quoted).join();
    const shown = columns.map((column) => SHOWN[column.kind](quoted(column)));
    const sent = key.map(({ kind }, place) => SENT[kind].stored(`$${place + 1}::${SENT[kind].type}`));
    let after: Row | undefined;
    for (let most = FIRST_ROWS; ; ) {
      const where = after ? `WHERE (${order}) > (${sent.join()})` : "";
      const from = after ? table.key.map((place) => after?.[place]) : [];
      const page = await this.#all(
        `SELECT ${shown.join()} FROM "${name}" ${where} ORDER BY ${order} LIMIT ${most}`,
        from,
      );
      yield* page;
      if (page.length < most) return;
      after = page.at(-1);
      const bytes = page.reduce((sum, row) => sum + row.reduce<number>((all, value) => all + sizeOf(value), 0), 0);
      most = Math.max(1, Math.min(MOST_ROWS, most * 4, Math.floor((PAGE_BYTES / bytes) * page.length)));
    }
  }

  /** So that the next number is one that was never given. */
  async countFrom({ name, counter }: CopiedTable, last: number): Promise<void> {
    if (!counter) return;
    const greatest = `greatest($1::bigint, (SELECT coalesce(max("${counter}"), 0) FROM "${name}"))`;
    await this.#all(`SELECT setval(pg_get_serial_sequence($2, $3), greatest(1, ${greatest}), ${greatest} > 0)`, [
      last,
      name,
      counter,
    ]);
  }

  /** From here on a server may start on it; what the planner knows of it is made as well. */
  async finish(): Promise<void> {
    await this.#all(`DROP TABLE ${copyMark}`);
    await this.#all("ANALYZE");
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}

/** A letter of UTF-16 takes two bytes at most. */
export const sizeOf = (value: Value | undefined): number => (typeof value === "string" ? 2 * value.length : 8);

async function isEmpty(client: Client, tables: readonly CopiedTable[]): Promise<boolean> {
  const some = tables.map((table) => `SELECT 1 FROM ${quoted(table)}`).join(" UNION ALL ");
  return (await client.query(`SELECT 1 FROM (${some}) AS rows LIMIT 1`)).rows.length === 0;
}

/**
 * A database of PostgreSQL that is up to date and empty, or that a copy has begun to fill. No server starts on it before
 * `finish`, and neither a migration nor another copy runs on it meanwhile.
 * @throws CopyFailed, DatabaseNotMigrated, DatabaseTooNew, or what PostgreSQL says
 */
export async function openTarget(url: string, tables: readonly CopiedTable[]) {
  const client = await connect({ url, statementMs: STATEMENT_MS }, () => {});
  try {
    const { rows } = await client.query("SELECT pg_try_advisory_lock($1, $2) AS taken", [...LOCKS.migration]);
    if (!rows[0]?.taken) throw new CopyFailed("TARGET_BUSY");
    const isBegun = await demandComplete(client);
    if (!isBegun) {
      if (!(await isEmpty(client, tables))) throw new CopyFailed("TARGET_NOT_EMPTY");
      await client.query(`CREATE TABLE ${copyMark} (begun_at timestamptz NOT NULL DEFAULT now())`);
    }
    return { target: new Target(client), isBegun };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
