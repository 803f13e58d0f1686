import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { DatabaseInUse, StorageUnavailable } from "../unavailable.js";
import { LOCKS } from "./locks.js";

/** A server that is just ending lets go by then. */
const HANDOVER_MS = 1_000;
const LOOK_AGAIN_MS = 100;

export interface OthersOptions {
  connect(onLost: () => void): Promise<Client>;
  /** Keeps other servers off this database. */
  exclusive: boolean;
  /** Whether this process' own commits come from that connection. */
  isOurs(backend: number): boolean;
  told(error: unknown): void;
}

const isTaken = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS taken", [
    ...LOCKS.serving,
  ]);
  return rows[0]?.taken === true;
};

/** @throws DatabaseInUse when another process holds it, and goes on doing so */
async function takeLock(client: Client): Promise<void> {
  for (const until = performance.now() + HANDOVER_MS; ; await sleep(LOOK_AGAIN_MS)) {
    if (await isTaken(client)) return;
    if (performance.now() > until) {
      throw new DatabaseInUse(
        "Another VConnct server is already running on this database; on PostgreSQL one server is all there may be so far.",
      );
    }
  }
}

/**
 * Other processes' commits, told by the database (NOTIFY) a moment after each. While nothing can be heard, anything may have
 * been committed: then each look gives another number, and nothing that was remembered is believed.
 */
export class Others {
  #commits = 0;
  #client: Client | undefined;
  #isClosed = false;
  /** Another server took the database while this one could not reach it. */
  #isTakenOver = false;

  constructor(readonly options: OthersOptions) {}

  /** @throws StorageUnavailable where another server serves this database now */
  demand(): void {
    if (this.#isTakenOver) throw new StorageUnavailable("another server has taken this database over");
  }

  isKept(): boolean {
    return !this.#isTakenOver;
  }

  /** Another number as soon as another process' commit was heard of. */
  commits(): number {
    this.demand();
    if (!this.#client) this.#commits += 1;
    return this.#commits;
  }

  /** @throws DatabaseInUse */
  async begin(): Promise<void> {
    const client = await this.options.connect(() => this.#lost(client));
    try {
      client.on("notification", ({ processId }) => {
        if (!this.options.isOurs(processId)) this.#commits += 1;
      });
      if (this.options.exclusive) await takeLock(client);
      await client.query("LISTEN vconnct");
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    this.#commits += 1;
    this.#isTakenOver = false;
  }

  #lost(client: Client): void {
    client.end().catch(() => {});
    if (this.#client !== client) return;
    this.#client = undefined;
    void this.#beginAgain();
  }

  async #beginAgain(): Promise<void> {
    while (!this.#isClosed && !this.#client) {
      try {
        await this.begin();
      } catch (error) {
        this.#isTakenOver = error instanceof DatabaseInUse;
        this.options.told(error);
        await sleep(LOOK_AGAIN_MS * 10, undefined, { ref: false });
      }
    }
    if (this.#isClosed) await this.close();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}
