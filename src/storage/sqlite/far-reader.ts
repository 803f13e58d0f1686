import { machineTime } from "../../clock.js";
import { LastingThread, startThread } from "../../threads.js";
import { QueryTooSlow, StorageUnavailable } from "../unavailable.js";
import type { FarAnswer, FarSetting, FarWork } from "./far-work.js";

/** Looking through a license may take so long, with the wait for the thread. */
export const FAR_MS = 5_000;
/** So many wait for the thread, or are looked for by it. */
const MOST_WAITING = 200;
/** The same of one license: one request may ask for several lists, and each for its length. */
const MOST_OF_ONE = 20;
/** Where nothing is asked for so long, the thread ends and gives back its memory. */
const IDLE_MS = 60_000;

type Asked = Omit<FarWork, "within">;

interface Waiting {
  asked: Asked;
  until: number;
  answer(answer: FarAnswer): void;
  fail(error: unknown): void;
}

/** A thread of its own for reads that no index bounds: it begins when it is first needed, and works one after the other. */
export class FarReader {
  readonly #waiting: Waiting[] = [];
  readonly #thread = new LastingThread<FarAnswer>({
    start: () => {
      const { path, busyMs } = this.setting;
      const workerData = { path, busyMs } satisfies FarSetting;
      return startThread(import.meta.url, "reading-thread", { workerData });
    },
    heard: (answer) => this.#answered(answer),
    died: (cause) => {
      this.told(cause);
      this.#current?.fail(new StorageUnavailable("the reading thread ended", { cause }));
      this.#current = undefined;
      this.#next();
    },
    idleMs: IDLE_MS,
  });
  #current: Waiting | undefined;
  #lastLicense: string | undefined;
  #isClosed = false;

  /** @param told hears of each fault of the database */
  constructor(
    readonly setting: FarSetting,
    readonly told: (error: unknown) => unknown,
  ) {}

  /** @throws QueryTooSlow; StorageUnavailable where too many wait, or the thread died */
  ask(asked: Asked): Promise<FarAnswer> {
    if (this.#isClosed) return Promise.reject(new StorageUnavailable("the database is closed"));
    const all = this.#current ? [this.#current, ...this.#waiting] : this.#waiting;
    const theirs = all.filter((other) => other.asked.reach.licenseId === asked.reach.licenseId);
    if (all.length >= MOST_WAITING || theirs.length >= MOST_OF_ONE) {
      return Promise.reject(new StorageUnavailable("too much is looked through already"));
    }
    return new Promise((answer, fail) => {
      this.#waiting.push({ asked, until: machineTime.monotonic() + FAR_MS, answer, fail });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    const next = this.#takeTurn();
    if (!next) return this.#thread.rest();
    const within = next.until - machineTime.monotonic();
    if (within <= 0) {
      next.fail(new StorageUnavailable("others were looked through all the time"));
      return this.#next();
    }
    this.#current = next;
    this.#thread.tell({ ...next.asked, within } satisfies FarWork);
  }

  /** Another license's first, where one waits: one that asks for much holds up itself. */
  #takeTurn(): Waiting | undefined {
    const isOther = ({ asked }: Waiting) => asked.reach.licenseId !== this.#lastLicense;
    const [next] = this.#waiting.splice(Math.max(0, this.#waiting.findIndex(isOther)), 1);
    this.#lastLicense = next?.asked.reach.licenseId;
    return next;
  }

  #answered(answer: FarAnswer): void {
    const asked = this.#current;
    this.#current = undefined;
    if ("isTooSlow" in answer) asked?.fail(new QueryTooSlow());
    else if ("failed" in answer) asked?.fail(this.told(Object.assign(new Error(answer.failed.message), answer.failed)));
    else asked?.answer(answer);
    this.#next();
  }

  /** @returns when the thread has let go of the file: whoever closes it after that is the last, and leaves no log behind */
  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new StorageUnavailable("the database is closed");
    for (const { fail } of [...(this.#current ? [this.#current] : []), ...this.#waiting.splice(0)]) fail(error);
    this.#current = undefined;
    await this.#thread.close();
  }
}
