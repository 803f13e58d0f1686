import type { Database as Connection, Statement } from "better-sqlite3";
import { is, Param, Placeholder } from "drizzle-orm";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { Handle } from "../database.js";

type Values = Record<string, unknown>;

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

const valueOf = (values: Values, name: string): unknown => {
  if (!(name in values)) throw new Error(`no value for the placeholder ${name}`);
  return values[name];
};

/** How one place of a statement gets its value. */
function place(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return (values) => valueOf(values, param.name);
  if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
  const { name } = param.value;
  const { encoder } = param;
  return (values) => encoder.mapToDriverValue(valueOf(values, name));
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
