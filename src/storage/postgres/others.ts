import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { LicenseId } from "../database.js";
import { backendOf } from "./connections.js";

const LOOK_AGAIN_MS = 1_000;
/** So often it asks whether it still hears; and so long an answer may take. */
const ASK_MS = 1_000;
const ANSWER_MS = 2_000;
/** Longer than this it believes nothing that was not confirmed: its line may be dead, or the process stood still. */
const SURE_MS = ASK_MS + ANSWER_MS;
/** So long after it heard of another process it takes it to be there. */
const IN_COMPANY_MS = 10_000;

/** Nothing, which is answered. */
const QUESTION = { text: "", query_timeout: ANSWER_MS };
/** The others know from then on that they are not alone. */
const GREETING = "LISTEN vconnct; NOTIFY vconnct";

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
 * been committed: then each look gives another number, and nothing that was remembered is believed. Whoever can't bear that
 * moment waits for `heardAll`.
 */
export class Others {
  #commits = 0;
  /** So often was it asked, or begun anew, while nothing could be heard. */
  #deafness = 0;
  #client: Client | undefined;
  #isClosed = false;
  /** When the question was asked that was answered last. */
  #sureAt = 0;
  #companyAt = Number.NEGATIVE_INFINITY;
  /** The question that all wait for who came after the one under way was asked. */
  #next: Promise<void> | undefined;
  #underWay: Promise<void> | undefined;
  #asking: NodeJS.Timeout | undefined;

  constructor(readonly options: OthersOptions) {}

  /** Another number as soon as another process' commit was heard of. */
  commits(): number {
    if (!this.#hears()) this.#deafness += 1;
    return this.#commits + this.#deafness;
  }

  /** Another number where something may have been committed that was not heard of. */
  untold(): number {
    if (!this.#hears()) this.#deafness += 1;
    return this.#deafness;
  }

  #hears(): boolean {
    return this.#client !== undefined && performance.now() - this.#sureAt < SURE_MS;
  }

  /** Whether another process was heard of lately. */
  get isInCompany(): boolean {
    return performance.now() - this.#companyAt < IN_COMPANY_MS;
  }

  /**
   * Until all that was committed before is heard of, or it is known that nothing is: the database tells a line what it has
   * for it before it answers there. One question serves all who came before it was asked. Never rejects.
   */
  heardAll(): Promise<void> {
    this.#next ??= this.#askNext();
    return this.#next;
  }

  async #askNext(): Promise<void> {
    await this.#underWay;
    await nextTurn();
    this.#next = undefined;
    this.#underWay = this.#ask();
    await this.#underWay;
  }

  async #ask(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const askedAt = performance.now();
    try {
      await client.query(QUESTION);
      this.#sureAt = askedAt;
    } catch (error) {
      if (this.#client === client) this.options.told(error);
      this.#lost(client);
    }
  }

  async begin(): Promise<void> {
    const client = await this.options.connect(() => this.#lost(client));
    try {
      client.on("notification", ({ processId, payload }) => {
        if (this.options.isOurs(processId) || processId === backendOf(client)) return;
        this.#companyAt = performance.now();
        this.#commits += 1;
        // Nobody's where an engine of the table changed.
        if (payload) this.options.heard(payload as LicenseId);
      });
      this.#sureAt = performance.now();
      await client.query(GREETING);
    } catch (error) {
      client.end().catch(() => {});
      throw error;
    }
    this.#client = client;
    this.#deafness += 1;
    this.#asking ??= setInterval(() => void this.heardAll(), ASK_MS).unref();
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
    clearInterval(this.#asking);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
}
