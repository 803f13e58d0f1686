import type { Pool, PoolClient } from "pg";
import type { Queries } from "../queries/queries.js";
import { runOn } from "./connections.js";
import { isUndone } from "./faults.js";
import type { RunStatement } from "./statements.js";

type Group = Readonly<Record<string, (...args: never[]) => unknown>>;

const ignored = () => {};

/**
 * Reads that follow one another: a connection's transaction begins with the first, and ends when all are answered and a turn
 * of the event loop brings no further one. What is asked later sees another moment.
 */
class Moment {
  #client: Promise<PoolClient> | undefined;
  #underWay = 0;

  constructor(readonly pool: Pool) {}

  readonly run: RunStatement = async (statement, values) => {
    const begun = (this.#client ??= this.#begin());
    this.#underWay += 1;
    try {
      return await runOn(await begun)(statement, values);
    } catch (error) {
      if (this.#client === begun) this.#end();
      // It was in order; one before it was not.
      if (isUndone(error)) return this.run(statement, values);
      throw error;
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) setImmediate(() => this.#endUnused());
    }
  };

  async #begin(): Promise<PoolClient> {
    const client = await this.pool.connect();
    // Not waited for: it comes before all that follows.
    client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").catch(ignored);
    return client;
  }

  #endUnused(): void {
    if (this.#underWay === 0 && this.#client) this.#end();
  }

  #end(): void {
    const begun = this.#client;
    this.#client = undefined;
    begun?.then((client) => {
      client.query("COMMIT").then(
        () => client.release(),
        () => client.release(true),
      );
    }, ignored);
  }
}

/**
 * Reads of one operation each. Queries are made once, and each asks at once and in one go where it is to be run: one that
 * awaited something between two statements of its own would run the second outside of its moment, which a test looks for.
 */
export class Moments {
  #current: RunStatement | undefined;

  constructor(readonly pool: Pool) {}

  /** Where the statements of `view`'s queries run, and others. */
  readonly run: RunStatement = (statement, values) => (this.#current ?? runOn(this.pool))(statement, values);

  #within(run: RunStatement, group: Group): Group {
    const within =
      (query: Group[string]) =>
      (...args: never[]) => {
        this.#current = run;
        try {
          return query(...args);
        } finally {
          this.#current = undefined;
        }
      };
    return Object.fromEntries(Object.entries(group).map(([name, query]) => [name, within(query)]));
  }

  /** @returns makes the same queries for one operation; a group of them when it is asked for */
  views(queries: Queries): () => Queries {
    const { pool } = this;
    const within = this.#within.bind(this);
    class View {
      readonly run = new Moment(pool).run;
    }
    for (const [name, group] of Object.entries(queries) as [string, Group][]) {
      Object.defineProperty(View.prototype, name, {
        get(this: View) {
          const value = within(this.run, group);
          Object.defineProperty(this, name, { value });
          return value;
        },
      });
    }
    return () => new View() as unknown as Queries;
  }
}
