import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { LicenseId } from "../database.js";

const LOOK_AGAIN_MS = 1_000;

export interface OthersOptions {
  connect(onLost: () => void): Promise<Client>;
  /** Whether this process' own commits come from that connection. */
  isOurs(backend: number): boolean;
  /** Whose data another process' commit changed. */
  heard(license: LicenseId): void;
  told(error: unknown): void;
}

/**
 * Other processes' commits, told by the database (NOTIFY) a moment after each. While nothing can be heard, anything may have
 * been committed: then each look gives another number, and nothing that was remembered is believed.
 */
export class Others {
  #commits = 0;
  /** So often was it asked, or begun anew, while nothing could be heard. */
  #deafness = 0;
  #client: Client | undefined;
  #isClosed = false;

  constructor(readonly options: OthersOptions) {}

  /** Another number as soon as another process' commit was heard of. */
  commits(): number {
    if (!this.#client) this.#deafness += 1;
    return this.#commits + this.#deafness;
  }

  /** Another number where something may have been committed that was not heard of. */
  untold(): number {
    if (!this.#client) this.#deafness += 1;
    return this.#deafness;
  }

  async begin(): Promise<void> {
    const client = await this.options.connect(() => this.#lost(client));
    try {
      client.on("notification", ({ processId, payload }) => {
        if (this.options.isOurs(processId)) return;
        this.#commits += 1;
        // Nobody's where an engine of the table changed.
        if (payload) this.options.heard(payload as LicenseId);
      });
      await client.query("LISTEN vconnct");
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    this.#deafness += 1;
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
        this.options.told(error);
        await sleep(LOOK_AGAIN_MS, undefined, { ref: false });
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
