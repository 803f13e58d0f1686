import { existsSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { appliedUntil, readJournal } from "./migrations.js";
import { holdFile } from "./prepare-file.js";
import { CopyFailed, DatabaseInUse } from "../unavailable.js";
import type { CopiedTable, Row } from "../copy/tables.js";

export interface Source {
  /** Whether no server runs on the file, and none can before `close`: then nothing is missing in the end. */
  readonly isHeld: boolean;
  /** In the order of their key, read as they are asked for. */
  rows(table: CopiedTable): Iterable<Row>;
  count(table: CopiedTable): number;
  /** The last number that a table's counter gave, also to a row that is gone. */
  lastNumber(table: CopiedTable): number;
  close(): void;
}

function held(path: string): (() => void) | undefined {
  try {
    return holdFile(path);
  } catch (error) {
    if (error instanceof DatabaseInUse) return undefined;
    throw error;
  }
}

function demandUpToDate(db: Database): void {
  const applied = appliedUntil(db);
  const newest = readJournal().entries.at(-1)?.when ?? 0;
  if (applied === 0) throw new CopyFailed("NO_SOURCE");
  if (applied !== newest) throw new CopyFailed(applied < newest ? "OLDER_SOURCE" : "NEWER_SOURCE");
}

/**
 * A file of SQLite at one moment, whoever writes to it meanwhile. It is changed in no way.
 * @throws CopyFailed, or what SQLite says
 */
export function openSource(path: string): Source {
  if (!existsSync(path)) throw new CopyFailed("NO_SOURCE");
  const release = held(path);
  const db = new Sqlite(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  const close = () => {
    db.close();
    release?.();
  };
  try {
    db.exec("BEGIN");
    demandUpToDate(db);
  } catch (error) {
    close();
    throw error;
  }
  return {
    isHeld: release !== undefined,
    rows({ name, columns, key }) {
      const names = columns.map((column) => `"${column.name}"`);
      const order = key.map((place) => names[place]);
      const all = db.prepare<[], Row>(`SELECT ${names.join()} FROM "${name}" ORDER BY ${order.join()}`);
      return all.raw().iterate();
    },
    count: ({ name }) => db.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get() as number,
    lastNumber: ({ name }) =>
      (db.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?").pluck().get(name) as number | undefined) ?? 0,
    close,
  };
}
