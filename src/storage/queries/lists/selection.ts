import { getTableColumns, type SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

export interface Choice {
  /** Of columns, or of what is computed; others are nothing here. Every column, and nothing computed, where left out. */
  names: readonly string[] | undefined;
  /** Read whatever the names are. */
  always: readonly SQLiteColumn[];
  computed: Readonly<Record<string, SQL>>;
}

/** What a statement selects: a column that nobody asks for costs each row its reading, its text or its JSON. */
export function selectionOf(table: SQLiteTable, { names, always, computed }: Choice): Record<string, SQLiteColumn> {
  const columns = getTableColumns(table) as Record<string, SQLiteColumn>;
  if (!names) return columns;
  const asked = new Set(names);
  const chosen = Object.entries({ ...columns, ...computed }).filter(
    ([name, column]) => asked.has(name) || always.includes(column as SQLiteColumn),
  );
  // A row that tells nothing is a row all the same.
  if (chosen.length === 0) return { id: columns["id"] as SQLiteColumn };
  return Object.fromEntries(chosen) as Record<string, SQLiteColumn>;
}
