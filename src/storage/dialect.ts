import type { SQL, SQLWrapper } from "drizzle-orm";

/**
 * What the databases spell differently; every other query is one text for all of them. SQLite's is in
 * `sqlite/dialect.ts`, and PostgreSQL's will lie beside its own opening in the same way.
 */
export interface Dialect {
  /** The greater of two values, none of them null. */
  greatest(one: SQLWrapper, other: SQLWrapper): SQL<number>;
  /** The smaller of two values, none of them null. */
  least(one: SQLWrapper, other: SQLWrapper): SQL;
  /** From one instant to another. */
  milliseconds(from: SQLWrapper, until: SQLWrapper): SQL<number>;
  /** The instant, or where there is none one after all others; in the very words of the indexes that keep it. */
  orNever(column: SQLWrapper): SQL;
  /** @param list a JSON array of texts */
  isAmong(column: SQLWrapper, list: SQLWrapper): SQL;
  /** Among what the query gives, which has a limit: it is run first, and the rows are found by its answer. */
  isOneOf(column: SQLWrapper, query: SQLWrapper): SQL;
  /** The column as one to check rows by that are found otherwise, and not to find them by. */
  unindexed(column: SQLWrapper): SQLWrapper;
  /** Whether the text stands anywhere in the column, each character meaning itself. */
  contains(column: SQLWrapper, text: SQLWrapper): SQL;
  /**
   * Whether all of these switches are on in a column of settings.
   * @param names a JSON array of texts
   */
  areOn(column: SQLWrapper, names: SQLWrapper): SQL;
  /** This instant: as the server says it, or by the clock that all servers on one database have in common. */
  now(given: SQLWrapper): SQL;
  /** Whether an instant of that clock is longer ago than so many milliseconds; on SQLite always, where nobody else may live. */
  isLongAgo(instant: SQLWrapper, ms: SQLWrapper): SQL;
  /** Whether what changes rows tells how many there were, without giving any back. */
  countsChanges: boolean;
  /** The rows a query finds stay as they are until this transaction ends; only inside one. */
  locking<Query>(query: Query): Query;
}
