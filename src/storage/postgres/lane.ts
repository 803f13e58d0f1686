import { AsyncResource } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { LicenseId } from "../database.js";
import { backendOf } from "./connections.js";
import { MOST_TOGETHER } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { isBroken, isClash } from "./faults.js";
import { LOCKS } from "./locks.js";
import { type Outcome, Works } from "./works.js";

type Job = { work: () => Promise<unknown>; settle: (outcome: Outcome) => void };

/** So often a group is run that others' transactions stand in the way of. */
const MOST_TRIES = 6;
/** The first of those waits, which double; and between two such questions. */
const WAIT_MS = 20;
/** So long after a clash a process' groups run alone. */
const ALONE_MS = 1_000;
/** A group whose connection breaks within so long is run once more on another: nobody has waited long for it. */
const PATIENCE_MS = 5_000;
/** So long it is asked whether a commit was stored whose answer never came. */
const DOUBT_MS = 5_000;

// Before BEGIN, because a transaction sees the moment of its first statement: what waits inside of it has lost already.
const BESIDE_OTHERS = `SELECT pg_advisory_lock_shared(${LOCKS.writes.join()})`;
const ALONE = `SELECT pg_advisory_lock(${LOCKS.writes.join()})`;
const DONE = "SELECT pg_advisory_unlock_all()";

/** The licenses that this transaction's triggers noted; and its own number, by which it can be asked for afterwards. */
const RAISE_VERSIONS = `WITH raised AS (
    UPDATE licenses SET version = version + 1
    WHERE id = ANY(string_to_array(trim(current_setting('vconnct.touched', true)), ' ')) RETURNING id)
  SELECT pg_current_xact_id_if_assigned()::text AS number, array(SELECT id FROM raised)::text[] AS changed`;

export interface LaneOptions {
  connect(onLost: () => void): Promise<Client>;
  /** Called after the commit and before anyone is answered. */
  beforeAnswer(changed: ReadonlySet<LicenseId>): void;
}

const ignored = () => {};

/**
 * A process' writes, one after the other on one connection: works queued in one turn of the event loop share a transaction,
 * a savepoint each, as on SQLite. Against other processes it is SERIALIZABLE: whatever a work read is so when it is stored,
 * or the whole group is run anew; then alone, and those after it for a while, so that nobody loses again and again where
 * several processes write what is one license's.
 */
export class Lane {
  /** What runs its works; their queries go there. */
  readonly works = new Works(() => this.client);
  readonly #waiting: Job[] = [];
  #client: Client | undefined;
  #connecting: Promise<Client> | undefined;
  #isRunning = false;
  #aloneUntil = 0;
  #idle: (() => void)[] = [];

  constructor(readonly options: LaneOptions) {}

  /** The connection that it writes over. */
  get client(): Client {
    if (!this.#client) throw new StorageUnavailable("the connection to the database is lost");
    return this.#client;
  }

  /** Whether this is the connection that it writes over. */
  isOurs(backend: number): boolean {
    return backendOf(this.#client) === backend;
  }

  /**
   * @param work may be run more than once: it changes nothing but by its queries
   * @throws StorageUnavailable when the group could not be committed; whatever `work` threw, after the commit
   */
  write<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: Outcome) => (outcome.ok ? resolve(outcome.value as T) : reject(outcome.error));
      // It runs in another turn and must still see its own request's context, where anybody keeps one.
      const context = new AsyncResource("write");
      this.#waiting.push({ work: () => context.runInAsyncScope(work), settle });
      if (this.#isRunning) return;
      this.#isRunning = true;
      setImmediate(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MOST_TOGETHER);
      try {
        const { outcomes, changed } = await this.#commit(group);
        this.options.beforeAnswer(changed);
        for (const [at, job] of group.entries()) job.settle(outcomes[at] as Outcome);
      } catch (cause) {
        const error = new StorageUnavailable("the group could not be committed", { cause });
        for (const job of group) job.settle({ ok: false, error });
      }
    }
    this.#isRunning = false;
    for (const tell of this.#idle.splice(0)) tell();
  }

  async #commit(group: readonly Job[]) {
    const begun = performance.now();
    for (let tries = 1; ; tries += 1) {
      const client = await this.#connected();
      let isInDoubt = false;
      try {
        // Not waited for: it comes before all that follows.
        client.query(performance.now() < this.#aloneUntil ? ALONE : BESIDE_OTHERS).catch(ignored);
        const { number, ...made } = await this.#runTogether(client, group);
        isInDoubt = true;
        const lost = await this.#commitAs(client, number);
        if (lost === undefined) return made;
        isInDoubt = false;
        throw lost;
      } catch (error) {
        if (isBroken(error)) this.#drop(client);
        else await client.query(`ROLLBACK; ${DONE}`).catch(() => this.#drop(client));
        if (isBroken(error) && !isInDoubt && tries === 1 && performance.now() - begun < PATIENCE_MS) continue;
        if (!isClash(error) || tries === MOST_TRIES) throw error;
        this.#aloneUntil = performance.now() + ALONE_MS;
        // Whoever was in the way of one that was alone does not mind that lock.
        if (tries > 1) await sleep(Math.random() * WAIT_MS * 2 ** (tries - 1));
      }
    }
  }

  async #runTogether(client: Client, group: readonly Job[]) {
    const works = group.map(({ work }) => work);
    const raise = () => client.query<{ number: string | null; changed: string }>(RAISE_VERSIONS);
    const { outcomes, closed } = await this.works.runAll(client, works, raise);
    const { number = null, changed = "{}" } = closed.rows[0] ?? {};
    return { outcomes, number, changed: new Set(changed.slice(1, -1).split(",").filter(Boolean)) as Set<LicenseId> };
  }

  /**
   * @param number the transaction's, where it has changed anything
   * @returns what the connection broke of, where nothing was stored
   */
  async #commitAs(client: Client, number: string | null): Promise<unknown> {
    try {
      const committed = client.query("COMMIT");
      // Right behind it: a process that stands still from here on holds up nobody.
      client.query(DONE).catch(ignored);
      const { command } = await committed;
      if (command !== "COMMIT") throw new Error("the transaction was rolled back");
      return undefined;
    } catch (error) {
      if (!isBroken(error)) throw error;
      this.#drop(client);
      return number === null || (await this.#wasStored(number)) ? undefined : error;
    }
  }

  /** Whether a transaction was committed of which nobody has told. @throws Error where that is not found out in time */
  async #wasStored(number: string): Promise<boolean> {
    const over = new AbortController();
    // Whatever hangs, a connection that is not opened or an answer that does not come, nobody waits for it.
    const late = sleep(DOUBT_MS, undefined, { signal: over.signal }).then(() => {
      if (this.#client) this.#drop(this.#client);
      throw new Error("whether it was committed is not known yet");
    });
    try {
      return await Promise.race([late, this.#askUntilKnown(number, over.signal)]);
    } finally {
      over.abort();
    }
  }

  async #askUntilKnown(number: string, over: AbortSignal): Promise<boolean> {
    while (!over.aborted) {
      try {
        const client = await this.#connected();
        if (over.aborted) break;
        const { rows } = await client.query<{ status: string }>("SELECT pg_xact_status($1::xid8) AS status", [number]);
        if (rows[0]?.status !== "in progress") return rows[0]?.status === "committed";
      } catch {
        // Again, while there is time.
      }
      await sleep(WAIT_MS);
    }
    return false;
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    // One that nobody waits for any more is the next one's.
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  async #connect(): Promise<Client> {
    const client = await this.options.connect(() => this.#drop(client));
    this.#client = client;
    return client;
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(ignored);
  }

  /** Opens the connection before anybody waits for it. */
  async begin(): Promise<void> {
    await this.#connected();
  }

  async drain(): Promise<void> {
    if (this.#isRunning) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    await this.drain();
    await this.#connecting?.catch(ignored);
    if (this.#client) await this.#client.end().catch(ignored);
    this.#client = undefined;
  }
}
