import { type Column, getTableColumns, getTableName, is, Table } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../schema/sqlite.js";

/** As SQLite keeps them: instants and flags are numbers, JSON is a text. */
export type Value = string | number | null;
export type Row = Value[];

export interface CopiedColumn {
  name: string;
  kind: "text" | "number" | "instant" | "flag" | "json";
}

export interface CopiedTable {
  name: string;
  columns: CopiedColumn[];
  /** The places of the primary key's columns among them; rows are walked in its order. */
  key: number[];
  /** The column that counts by itself. */
  counter: string | undefined;
}

const kinds: Record<string, CopiedColumn["kind"]> = {
  string: "text",
  number: "number",
  date: "instant",
  boolean: "flag",
  json: "json",
};

function kindOf({ name, dataType }: Column): CopiedColumn["kind"] {
  const kind = kinds[dataType];
  if (!kind) throw new Error(`nobody knows how to copy column ${name}`);
  return kind;
}

function copied(table: SQLiteTable): CopiedTable {
  const columns = Object.values(getTableColumns(table));
  const { primaryKeys } = getTableConfig(table);
  const key = columns.filter(({ primary }) => primary);
  const inKey = key.length > 0 ? key : (primaryKeys[0]?.columns ?? []);
  return {
    name: getTableName(table),
    columns: columns.map((column) => ({ name: column.name, kind: kindOf(column) })),
    key: inKey.map(({ name }) => columns.findIndex((column) => column.name === name)),
    counter: columns.find((column) => "autoIncrement" in column && column.autoIncrement === true)?.name,
  };
}

const parentsOf = (table: SQLiteTable): SQLiteTable[] =>
  getTableConfig(table).foreignKeys.map((key) => key.reference().foreignTable);

/** Every table there is, each after those that its rows refer to. */
export function tablesInOrder(): CopiedTable[] {
  const all = Object.values<unknown>(schema).filter((table): table is SQLiteTable => is(table, Table));
  const ordered = new Set<SQLiteTable>();
  const add = (table: SQLiteTable) => {
    if (ordered.has(table)) return;
    for (const parent of parentsOf(table)) add(parent);
    ordered.add(table);
  };
  for (const table of all) add(table);
  return [...ordered].map(copied);
}

/** Names in the same order: jsonb keeps them in another one than they came in. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inside]) => [name, inOrder(inside)]));
}

/** The same text for the same row, whichever database it came from. */
export function lineOf({ columns }: CopiedTable, row: Row): string {
  const told = row.map((value, place) =>
    columns[place]?.kind === "json" && typeof value === "string" ? inOrder(JSON.parse(value)) : value,
  );
  return JSON.stringify(told);
}

const compareValues = (one: Value, other: Value): number =>
  typeof one === "string" && typeof other === "string"
    ? // By the bytes, as both databases do; JavaScript would compare halves of letters.
      Buffer.compare(Buffer.from(one), Buffer.from(other))
    : Number(one) - Number(other);

/** Which of two rows comes first in the order of the key; 0 where it is the same. */
export function compareKeys({ key }: CopiedTable, one: Row, other: Row): number {
  for (const place of key) {
    const found = one[place] === other[place] ? 0 : compareValues(one[place] ?? null, other[place] ?? null);
    if (found !== 0) return found;
  }
  return 0;
}
