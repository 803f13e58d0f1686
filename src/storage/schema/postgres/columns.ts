import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  jsonb,
  type PgColumn,
  type PgColumnBuilderBase,
  text as pgText,
  timestamp,
} from "drizzle-orm/pg-core";
import { LONG_SESSION_MS, NEVER_MS, type StoredSettings } from "../columns.js";

/** The same column, with this of its own. */
function built<Builder extends PgColumnBuilderBase>(builder: Builder, own: object): Builder {
  const making = builder as unknown as { build(table: unknown): PgColumn };
  const build = making.build.bind(making);
  making.build = (table) => Object.assign(build(table), own);
  return builder;
}

/** Compared and sorted by its bytes, whatever the database's own order is: so are SQLite's texts, and every position in a list. */
export const text = ((name: string, config?: object) =>
  built(pgText(name, config), { getSQLType: () => 'text COLLATE "C"' })) as typeof pgText;

/** Nothing of ours is before it, and PostgreSQL does not read the years before it as JavaScript writes them. */
const FIRST = new Date("0001-01-01T00:00:00.000Z");

/** A filter's instants reach as far as a Date does. The sign of years with more than four digits is not read, either. */
const written = (value: Date): string => (value < FIRST ? FIRST : value).toISOString().replace(/^\+/, "");

export const instant = (name: string) =>
  built(timestamp(name, { precision: 3, withTimezone: true }), { mapToDriverValue: written });

/** Whatever JavaScript counts to, as in SQLite. */
export const integer = (name: string) => bigint(name, { mode: "number" });

export const serial = (name: string) => bigserial(name, { mode: "number" });

export const flag = (name: string) => boolean(name);

export const settingsColumn = (name: string) => jsonb(name).$type<StoredSettings>().notNull();

/** After all instants there are, in the words of the indexes that keep so what has not ended. */
export const NEVER = `'${new Date(NEVER_MS).toISOString()}'::timestamptz`;

/** As the dialect's `orNever` says it. */
export const orNever = sql.raw(`(CASE WHEN ended_at IS NULL THEN ${NEVER} ELSE ended_at END)`);

/** Sessions that `sessions_long` finds; likewise its `milliseconds`. */
export const isLong = sql.raw(`(extract(epoch from ended_at - started_at) * 1000) >= ${LONG_SESSION_MS}`);
