import type { SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { QueryBase } from "../../database.js";
import { listed, type Many, MOST_SHAPES, shapes, type Values } from "../prepare.js";
import { selectionOf } from "./selection.js";

interface Shown<Table> {
  table: Table;
  /** Which row it is, with placeholders for the values. */
  where: SQL | undefined;
  computed?: Record<string, SQL>;
}

/** One row with its id and what is asked of it by name, in a fixed order; like a list's, it can't be spread. */
export function shownRow<Row, Table extends SQLiteTable & { id: SQLiteColumn }>(
  { db }: QueryBase,
  { table, where, computed = {} }: Shown<Table>,
): (values: Values, names: readonly string[]) => Promise<Row | undefined> {
  const prepared = shapes<Many<Row>>(MOST_SHAPES);
  const always = [table.id];
  return async (values, names) => {
    const query = prepared(
      names.join(),
      () =>
        listed(() =>
          db
            .select(selectionOf(table, { names, always, computed }))
            .from(table as SQLiteTable)
            .where(where),
        ) as Many<Row>,
    );
    return (await query(values))[0];
  };
}
