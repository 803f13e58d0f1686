import { isStorageUnavailable, type Queries, type Storage, StorageUnavailable } from "../../storage/index.js";

/** What an engine did already, although the database could not store it. */
export type Done = "ENDED" | "NOT_STARTED" | "RUNS_ON";

/** What is true meanwhile: each door says it in its words, as a 503. */
export class NotStoredYet extends StorageUnavailable {
  readonly key: `error.notStored.${Done}`;
  constructor(done: Done, cause: unknown) {
    super("an engine did it, and the database can't store it now", { cause });
    this.key = `error.notStored.${done}`;
  }
}

/**
 * The last steps of sessions whose engine has done its part, kept until the database takes them: a session does not hang
 * between two states because the disk was full for a moment.
 */
export class Unsettled {
  readonly #steps = new Map<string, () => Promise<unknown>>();

  constructor(readonly storage: Pick<Storage, "transaction">) {}

  has(sessionId: string): boolean {
    return this.#steps.has(sessionId);
  }

  /**
   * Takes the step now, and if the database can't, later. The step says itself from which state it goes, so that taking
   * it twice does no harm.
   * @throws NotStoredYet
   */
  async settle<T>(sessionId: string, done: Done, step: (tx: Queries) => Promise<T>): Promise<T> {
    const take = async () => {
      try {
        return await this.storage.transaction(step);
      } catch (error) {
        throw isStorageUnavailable(error) ? new NotStoredYet(done, error) : error;
      }
    };
    try {
      return await take();
    } catch (error) {
      if (error instanceof NotStoredYet) this.#steps.set(sessionId, take);
      throw error;
    }
  }

  /** What the step gives; undefined where none is left to take. @throws NotStoredYet */
  async retry(sessionId: string): Promise<unknown> {
    const take = this.#steps.get(sessionId);
    const given = await take?.().catch((error: unknown) => {
      // Whatever else it is, taking it again would not mend it.
      if (!(error instanceof NotStoredYet)) this.#steps.delete(sessionId);
      throw error;
    });
    this.#steps.delete(sessionId);
    return given;
  }

  /** Every step that is left, as far as the database takes them now. */
  async retryAll(): Promise<void> {
    await Promise.allSettled([...this.#steps.keys()].map((sessionId) => this.retry(sessionId)));
  }
}
