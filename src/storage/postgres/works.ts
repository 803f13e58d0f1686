import type { Client } from "pg";
import type { Demand } from "../database.js";
import { runOn, sendTogether } from "./connections.js";
import { asStorageFault, isBroken, isClash } from "./faults.js";
import type { RunStatement } from "./statements.js";

export type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

/** What went wrong first. */
interface Fault {
  /** Which of the works it was. */
  work: number;
  /** Which of all that was asked. */
  place: number;
  error: unknown;
}

const ignored = () => {};

/**
 * A group's works in one transaction, one after the other, a savepoint each. They are run in good hope: a change that gives
 * nothing back is not waited for, so that works of nothing but such changes cost one way to the database, all of them
 * together. What went wrong is heard of later, with the answers: then the transaction goes back to where that work began,
 * and those after it are run anew, each answer waited for. No savepoint is released before the commit, so that there is a
 * way back to each.
 */
export class Works {
  #isHopeful = true;
  #work = 0;
  #fault: Fault | undefined;
  /** Nothing of the transaction can be saved after it, wherever it was: a clash makes doubtful what was read before, too. */
  #end: unknown;
  #answers: Promise<unknown>[] = [];

  constructor(readonly client: () => Client) {}

  /** Where the works' queries go. */
  readonly run: RunStatement = async (statement, values) => {
    const client = this.client();
    sendTogether(client);
    const answer = runOn(client)(statement, values);
    this.#watch(answer);
    return statement.isSilent && this.#isHopeful ? [] : answer;
  };

  readonly demand: Demand = async (rows, refused) => {
    const told = rows.then(({ length }) => {
      if (length === 0) throw refused();
    });
    // Where it waits, the work itself says what it is refused with.
    if (!this.#isHopeful) return told;
    this.#watch(told);
  };

  #watch(answer: Promise<unknown>): void {
    const fault = { work: this.#work, place: this.#answers.length };
    const noted = answer.catch((error: unknown) => {
      this.#noteEnd(error);
      if (!this.#fault || fault.place < this.#fault.place) this.#fault = { ...fault, error };
    });
    this.#answers.push(noted);
  }

  #noteEnd(error: unknown): void {
    if (isClash(error) || isBroken(error)) this.#end ??= error;
  }

  /**
   * @param close asks what is the last thing inside the transaction; where works are run anew, once more
   * @returns what came of each work, and that answer
   * @throws Error where the transaction can't be saved: others stood in its way, or its connection broke
   */
  async runAll<Closed>(client: Client, works: readonly (() => Promise<unknown>)[], close: () => Promise<Closed>) {
    this.#isHopeful = true;
    // Not waited for: where it fails, so does what comes after it.
    client.query("BEGIN ISOLATION LEVEL SERIALIZABLE").catch(ignored);
    const outcomes: Outcome[] = [];
    for (;;) {
      this.#begin();
      await this.#runFrom(client, works, outcomes);
      const closing = close();
      await closing.catch((error: unknown) => this.#noteEnd(error));
      // They were answered before it, and some of them are told a little later.
      await Promise.all(this.#answers);
      if (this.#end !== undefined) throw this.#end;
      if (!this.#fault) return { outcomes, closed: await closing };
      await this.#goBack(client, outcomes, this.#fault);
    }
  }

  #begin(): void {
    this.#fault = undefined;
    this.#end = undefined;
    this.#answers = [];
  }

  /** As far as it goes without a fault that is known of. */
  async #runFrom(client: Client, works: readonly (() => Promise<unknown>)[], outcomes: Outcome[]): Promise<void> {
    for (const work of works.slice(outcomes.length)) {
      this.#work = outcomes.length;
      outcomes.push(await this.#runOne(client, work));
      if (this.#fault) return;
    }
  }

  async #runOne(client: Client, work: () => Promise<unknown>): Promise<Outcome> {
    // A name each: in a transaction that has failed by then, the way back of another one is not taken for this one's.
    const savepoint = `work_${this.#work}`;
    sendTogether(client);
    client.query(`SAVEPOINT ${savepoint}`).catch(ignored);
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      client.query(`ROLLBACK TO ${savepoint}`).catch(ignored);
      return { ok: false, error: asStorageFault(error) };
    }
  }

  async #goBack(client: Client, outcomes: Outcome[], { work, error }: Fault): Promise<void> {
    await client.query(`ROLLBACK TO work_${work}`);
    outcomes.splice(work, Number.POSITIVE_INFINITY, { ok: false, error: asStorageFault(error) });
    this.#isHopeful = false;
  }
}
