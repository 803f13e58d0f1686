import { createHash } from "node:crypto";
import { CopyFailed } from "../unavailable.js";
import { openSource, type Source } from "../sqlite/copied-file.js";
import { type CopiedTable, compareKeys, lineOf, type Row, tablesInOrder } from "./tables.js";
import { openTarget, sizeOf, type Target } from "./target.js";

/** A batch is sent as soon as it has so many rows, or so many bytes. */
const BATCH_ROWS = 2_000;
const BATCH_BYTES = 2_000_000;
/** Rows between two words of how far it is. */
const SAID_EACH = 100_000;

export interface CopiedRows {
  table: string;
  rows: number;
  /** Of all its rows in the order of their key, the same on both databases. */
  sha256: string;
}

export interface CopyMade {
  tables: CopiedRows[];
  /** Whether nothing is missing: a server that runs on the file goes on changing it. */
  isComplete: boolean;
}

export interface CopyOptions {
  /** The file of SQLite. */
  from: string;
  /** The address of a database of PostgreSQL. */
  to: string;
  /** Hears how far it is, now and then. */
  say(table: string, rows: number, of: number): void;
  /** Hears that it goes on where an earlier run was ended. */
  onResumed(): void;
}

/** Rows that wait to be sent together. */
function batchesTo(send: (rows: readonly Row[]) => Promise<void>) {
  let rows: Row[] = [];
  let bytes = 0;
  const flush = async () => {
    const sent = rows;
    rows = [];
    bytes = 0;
    await send(sent);
  };
  return {
    flush,
    async add(row: Row) {
      rows.push(row);
      bytes += row.reduce<number>((sum, value) => sum + sizeOf(value), 0);
      if (rows.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await flush();
    },
  };
}

interface Differences {
  missing?(row: Row): Promise<void>;
  changed?(row: Row): Promise<void>;
  extra?(row: Row): Promise<void>;
  walked?(rows: number): void;
}

/** One database's rows as they are walked: the next of them, and what those before it came to. */
class Walk {
  readonly #hash = createHash("sha256");
  rows = 0;
  next: Row | undefined;

  constructor(
    readonly table: CopiedTable,
    readonly iterator: Iterator<Row> | AsyncIterator<Row>,
  ) {}

  async begin(): Promise<void> {
    const { done, value } = await this.iterator.next();
    this.next = done ? undefined : value;
  }

  /** The row that was next, as the line that stands for it. */
  async step(row: Row): Promise<string> {
    const line = lineOf(this.table, row);
    this.#hash.update(`${line}\n`);
    this.rows += 1;
    const given = this.iterator.next();
    const { done, value } = given instanceof Promise ? await given : given;
    this.next = done ? undefined : value;
    return line;
  }

  copied = (): CopiedRows => ({ table: this.table.name, rows: this.rows, sha256: this.#hash.digest("hex") });
}

/** Walks both side by side in the order of the key. @returns what the file has, and whether the copy has the same */
async function compare(source: Source, target: Target, table: CopiedTable, found: Differences) {
  const rows = source.rows(table)[Symbol.iterator]();
  const [ours, theirs] = [new Walk(table, rows), new Walk(table, target.rows(table))];
  try {
    await ours.begin();
    await theirs.begin();
    for (let [own, other] = [ours.next, theirs.next]; own || other; [own, other] = [ours.next, theirs.next]) {
      const order = own && other ? compareKeys(table, own, other) : own ? -1 : 1;
      const line = own && order <= 0 ? await ours.step(own) : "";
      const otherLine = other && order >= 0 ? await theirs.step(other) : "";
      if (own && order < 0) await found.missing?.(own);
      else if (other && order > 0) await found.extra?.(other);
      else if (own && line !== otherLine) await found.changed?.(own);
      if (order <= 0) found.walked?.(ours.rows);
    }
  } finally {
    // Half walked, it would keep the file from being closed.
    rows.return?.();
  }
  const [copied, there] = [ours.copied(), theirs.copied()];
  return { copied, isSame: copied.rows === there.rows && copied.sha256 === there.sha256 };
}

/** Takes away what is no longer in the file, rows before those that they refer to. @returns what is the same already */
async function clear(source: Source, target: Target, tables: readonly CopiedTable[]) {
  const same = new Map<string, CopiedRows>();
  for (const table of tables.toReversed()) {
    const removed = batchesTo((rows) => target.remove(table, rows));
    const { isSame, copied } = await compare(source, target, table, { extra: removed.add });
    await removed.flush();
    if (isSame) same.set(table.name, copied);
  }
  return same;
}

async function fill(source: Source, target: Target, table: CopiedTable, say: CopyOptions["say"]): Promise<void> {
  const of = source.count(table);
  let next = 0;
  const put = batchesTo((rows) => target.put(table, rows));
  const walked = (rows: number) => {
    if (rows < next && rows < of) return;
    say(table.name, rows, of);
    next = rows + SAID_EACH;
  };
  await compare(source, target, table, { changed: put.add, missing: put.add, walked });
  await put.flush();
}

/**
 * Makes the database what the file was at one moment, and compares both row by row. Run again after it was ended anywhere,
 * or after the file was changed, it does what is left to do.
 * @throws CopyFailed, DatabaseNotMigrated, DatabaseTooNew, or what a database says
 */
export async function copyDatabase({ from, to, say, onResumed }: CopyOptions): Promise<CopyMade> {
  const tables = tablesInOrder();
  const source = openSource(from);
  try {
    const { target, isBegun } = await openTarget(to, tables);
    try {
      if (isBegun) onResumed();
      const same = isBegun ? await clear(source, target, tables) : new Map<string, CopiedRows>();
      const left = tables.filter(({ name }) => !same.has(name));
      for (const table of left) await fill(source, target, table, say);
      for (const table of left) {
        const { isSame, copied } = await compare(source, target, table, {});
        if (!isSame) throw new CopyFailed("UNSOUND", table.name);
        same.set(table.name, copied);
      }
      for (const table of tables) await target.countFrom(table, table.counter ? source.lastNumber(table) : 0);
      if (source.isHeld) await target.finish();
      return { tables: tables.map(({ name }) => same.get(name) as CopiedRows), isComplete: source.isHeld };
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}
