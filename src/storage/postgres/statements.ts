import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/pg-proxy";
import type { Handle } from "../database.js";
import { place, type Values } from "../places.js";

export interface Statement {
  /** The same for the same text: the server parses and plans it once a connection. */
  name: string;
  text: string;
  /** It gives no rows back. */
  isSilent?: boolean;
}

/** Runs a statement on some connection. @returns its rows, each a list of values */
export type RunStatement = (statement: Statement, values: unknown[]) => Promise<unknown[][]>;

/** What drizzle keeps of a query that is prepared. */
interface Prepared {
  queryString: string;
  params: unknown[];
  fields?: unknown;
  customResultMapper?: (rows: unknown[][]) => unknown;
  execute(values: Values): Promise<unknown>;
}

interface Session {
  prepareQuery(...args: unknown[]): Prepared;
}

const named = (text: string, isSilent = false): Statement => ({
  name: createHash("sha256").update(text).digest("base64url").slice(0, 22),
  text,
  isSilent,
});

/** PostgreSQL keeps no NUL in a text, and refuses one that is only compared. Where we would store one, it is refused before. */
const sendable = (value: unknown): unknown =>
  typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value;

/** With nothing of drizzle between it and the connection but the maker of its rows, where `rows.ts` made one. */
function directly(prepared: Prepared, run: RunStatement): Prepared {
  const byDrizzle = prepared.execute.bind(prepared);
  const statement = named(prepared.queryString, !prepared.fields);
  const places = prepared.params.map(place);
  prepared.execute = async (values) => {
    const { customResultMapper: rowsOf } = prepared;
    if (prepared.fields && !rowsOf) return byDrizzle(values);
    const rows = await run(
      statement,
      places.map((valueIn) => sendable(valueIn(values))),
    );
    return rowsOf ? rowsOf(rows) : rows;
  };
  return prepared;
}

/** drizzle's builders, whose prepared statements are run by `run`. */
export function openHandle(run: RunStatement): Handle {
  const db = drizzle(async (text, values) => ({ rows: await run(named(text), values.map(sendable)) }));
  const { session } = db as unknown as { session: Session };
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = (...args) => directly(prepare(...args), run);
  return db as unknown as Handle;
}
