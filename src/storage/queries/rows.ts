import { Column, type DriverValueDecoder, is, noopDecoder, SQL } from "drizzle-orm";

type Decoder = DriverValueDecoder<unknown, unknown>;

/** What drizzle keeps of a prepared query: what it selects, and who makes rows of the values. */
interface Prepared {
  fields?: { path: string[]; field: unknown }[];
  customResultMapper?: (rows: unknown[][]) => unknown;
}

/** One value of a row: under which name, and how it is read from what is stored. */
interface Part {
  name: string;
  decode: ((value: unknown) => unknown) | undefined;
}

const decoderOf = (field: unknown): Decoder => {
  if (is(field, Column)) return field;
  return is(field, SQL) ? (field as unknown as { decoder: Decoder }).decoder : decoderOf((field as { sql: SQL }).sql);
};

const asItIs = new Set([Column.prototype.mapFromDriverValue, noopDecoder.mapFromDriverValue]);

function partOf({ path, field }: { path: string[]; field: unknown }): Part {
  const decoder = decoderOf(field);
  const decode = asItIs.has(decoder.mapFromDriverValue) ? undefined : decoder.mapFromDriverValue.bind(decoder);
  return { name: path[0] as string, decode };
}

/**
 * The same query, with its rows made by a function that knows the columns beforehand: drizzle finds out for each value of
 * each row what kind of column it is from, which costs a list more than SQLite does.
 */
function withRows<Query>(query: Query, makerOf: (parts: readonly Part[]) => (values: unknown[]) => object): Query {
  const { fields } = query as Prepared;
  // Without fields it gives back no rows, and with longer paths those of several tables: that is drizzle's to make.
  if (!fields || fields.some(({ path }) => path.length !== 1)) return query;
  const make = makerOf(fields.map(partOf));
  (query as Prepared).customResultMapper = (rows) => rows.map((values) => make(values));
  return query;
}

export const withPlainRows = <Query>(query: Query): Query =>
  withRows(query, (parts) => (values) => {
    const row: Record<string, unknown> = {};
    let at = 0;
    for (const { name, decode } of parts) {
      const value = values[at];
      row[name] = value === null || !decode ? value : decode(value);
      at += 1;
    }
    return row;
  });

/**
 * For lists, whose rows are shown and then forgotten: each value is read when it is asked for, an instant made no earlier.
 * Such a row has getters and no properties of its own, so it can't be spread.
 */
export const withLazyRows = <Query>(query: Query): Query =>
  withRows(query, (parts) => {
    class Row {
      constructor(readonly stored: readonly unknown[]) {}
    }
    for (const [at, { name, decode }] of parts.entries()) {
      const get = decode
        ? ({ stored }: Row) => (stored[at] === null ? null : decode(stored[at]))
        : ({ stored }: Row) => stored[at];
      Object.defineProperty(Row.prototype, name, {
        enumerable: true,
        get(this: Row) {
          return get(this);
        },
      });
    }
    return (values) => new Row(values);
  });

/** The row of a list with properties of its own, as it can be handed to another thread. */
export function ownRow(row: object): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  // Getters of its class among them, which are all that is known of a lazy row.
  for (const name in row) if (!Object.hasOwn(row, name)) own[name] = row[name as keyof typeof row];
  return own;
}
