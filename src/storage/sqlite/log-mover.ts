import { fstatSync } from "node:fs";
import type { Database as Connection } from "better-sqlite3";
import { machineTime } from "../../clock.js";
import { LastingThread, startThread } from "../../threads.js";
import type { LogState, Moved, MovingSetting } from "./moving-work.js";

/** Twice what is written to the write-ahead log before it is emptied. */
export const WAL_LIMIT_BYTES = 8 * 1024 * 1024;
/** What one that grew longer gives back each time it begins anew: the system frees it inside that commit, 16 MB in 20 ms. */
const GIVEN_BACK_BYTES = 16 * 1024 * 1024;
/** So many pages of the log are moved together, which is SQLite's own measure. */
export const MOVED_FROM_PAGES = 1_000;
/** So few are moved here, where it takes a few milliseconds at most; then the log begins anew. */
const LEFT_PAGES = 250;
/** While somebody reads what was before, nothing can be moved; it is tried again after. */
const AGAIN_MS = 1_000;
/** Where the thread failed, this connection moves the log by itself for so long, as SQLite does. */
const FAILED_MS = 60_000;
/** Where nothing is to be moved for so long, the thread ends and gives back its memory; to begin it takes the loop some 5 ms. */
const IDLE_MS = 600_000;
/** In MiB: it keeps nothing. */
const MOST_MEMORY = 16;

/**
 * Moves the write-ahead log into the file in a thread of its own: SQLite would do it inside a COMMIT, and the event loop
 * would wait for the disk. The thread moves most of it while commits go on. What these wrote meanwhile is moved here, because only
 * a log that is moved whole begins anew.
 */
export class LogMover {
  readonly #state;
  readonly #moveHere;
  readonly #thread = new LastingThread<Moved>({
    start: () => {
      const resourceLimits = { maxOldGenerationSizeMb: MOST_MEMORY };
      return startThread(import.meta.url, "moving-thread", { workerData: this.setting, resourceLimits });
    },
    heard: (moved) => this.#try(() => this.#moved(moved)),
    died: (cause) => this.#fail(cause),
    idleMs: IDLE_MS,
  });
  /** What the thread was asked to begin with. */
  #asked: LogState | undefined;
  #isAskedAgain = false;
  /** By the monotonic clock. */
  #notBefore = 0;
  #hasFailed = false;
  #isClosed = false;
  #waiting: (() => void)[] = [];

  /** @param told hears of each fault of the database */
  constructor(
    readonly writer: Connection,
    readonly setting: MovingSetting,
    readonly told: (error: unknown) => unknown,
  ) {
    this.#state = writer.prepare<[], LogState>("PRAGMA wal_checkpoint(NOOP)");
    this.#moveHere = writer.prepare<[], LogState>("PRAGMA wal_checkpoint(PASSIVE)");
    this.#byItself(false);
  }

  /** Called after each commit, so it costs two microseconds. */
  look(): void {
    if (this.#asked || this.#isClosed || machineTime.monotonic() < this.#notBefore) return;
    this.#try(() => {
      if (this.#hasFailed) this.#byItself(false);
      this.#hasFailed = false;
      const state = this.#now();
      if (state.log - state.checkpointed >= MOVED_FROM_PAGES) this.#move(state);
    });
  }

  /** As much as others let it. @returns when it is done; nothing where that is so already */
  empty(): Promise<void> | undefined {
    if (this.#isClosed || this.writer.inTransaction) return undefined;
    this.#try(() => {
      const state = this.#now();
      if (this.#asked) this.#isAskedAgain = true;
      else if (this.#hasFailed || state.log - state.checkpointed <= LEFT_PAGES) this.#here();
      else this.#move(state);
    });
    return this.#asked ? new Promise((resolve) => this.#waiting.push(resolve)) : undefined;
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #now = (): LogState => this.#state.get() as LogState;

  #here(): void {
    this.#limit();
    this.#moveHere.get();
  }

  #limit(): void {
    const { log } = this.setting;
    const bytes = log ? fstatSync(log.descriptor).size - GIVEN_BACK_BYTES : 0;
    this.writer.pragma(`journal_size_limit = ${Math.max(WAL_LIMIT_BYTES, bytes)}`);
  }

  #byItself(isSo: boolean): void {
    this.writer.pragma(`wal_autocheckpoint = ${isSo ? MOVED_FROM_PAGES : 0}`);
  }

  #move(state: LogState): void {
    this.#asked = state;
    this.#thread.tell(undefined);
  }

  #moved(moved: Moved): void {
    if ("failed" in moved) return this.#fail(Object.assign(new Error(moved.failed.message), moved.failed));
    // Some work awaits more than its queries; the look after its commit goes on.
    if (this.writer.inTransaction) return this.#rest();
    this.#limit();
    const state = this.#now();
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      return this.#move(state);
    }
    const left = state.log - state.checkpointed;
    const isFew = left <= LEFT_PAGES;
    if (!isFew && left * 2 < moved.checkpointed - (this.#asked?.checkpointed ?? 0)) return this.#move(state);
    const isHeld = moved.busy === 1 || moved.checkpointed < moved.log;
    if (!isFew && isHeld) this.#notBefore = machineTime.monotonic() + AGAIN_MS;
    // Shorter than it was, it has begun anew by itself.
    else if (state.log >= moved.log) this.#here();
    this.#rest();
  }

  #fail(cause: unknown): void {
    this.#hasFailed = true;
    this.#notBefore = machineTime.monotonic() + FAILED_MS;
    this.#byItself(true);
    this.#thread.end();
    this.told(cause);
    this.#rest();
  }

  #rest(): void {
    this.#asked = undefined;
    this.#isAskedAgain = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#thread.rest();
  }

  /** @returns when the thread has let go of the file: whoever closes it after that is the last, and leaves no log behind */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rest();
    await this.#thread.close();
  }
}
