import type { Database as Connection, Statement } from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Handle } from "../database.js";
import { place, type Values } from "../places.js";

/** What drizzle keeps of a query that is prepared. */
interface Prepared {
  stmt: Statement<unknown[], unknown[]>;
  query: { params: unknown[] };
  executeMethod: "run" | "all" | "get";
  customResultMapper?: (rows: unknown[][]) => unknown;
  execute(values: Values): unknown;
}

interface Session {
  prepareQuery(...args: unknown[]): Prepared;
}

/**
 * Runs it on SQLite itself, with what is known beforehand found out once: drizzle asks of each value at each run what it
 * is, and wraps an answer that is there at once into several promises.
 */
function directly(prepared: Prepared): Prepared {
  const byDrizzle = prepared.execute.bind(prepared);
  const { stmt, executeMethod } = prepared;
  const places = prepared.query.params.map(place);
  const paramsOf = (values: Values) => places.map((valueIn) => valueIn(values));
  if (executeMethod === "run") {
    prepared.execute = (values) => stmt.run(paramsOf(values));
  } else if (executeMethod === "all") {
    prepared.execute = (values) => {
      const { customResultMapper: rowsOf } = prepared;
      return rowsOf ? rowsOf(stmt.raw().all(paramsOf(values))) : byDrizzle(values);
    };
  }
  return prepared;
}

/** drizzle on this connection, whose prepared statements run with nothing of it between them and SQLite. */
export function openHandle(connection: Connection): Handle {
  const db = drizzle(connection);
  const { session } = db as unknown as { session: Session };
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = (...args) => directly(prepare(...args));
  return db as unknown as Handle;
}
