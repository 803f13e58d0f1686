import { alone, type Sharing, shareOf } from "../minute.js";

const FREE_FAILURES = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Counted from the last of them. */
const FAILURES_KEPT_MS = 24 * 60 * 60 * 1000;
/** Passwords whose failures are remembered, of all meetings together; of more, those tried longest ago are forgotten. */
const MOST_GUESSED = 100_000;

interface Failures {
  count: number;
  /** By the monotonic clock, as `now` below. */
  lastAt: number;
  /** Until then nothing is compared. */
  closedUntil: number;
}

/**
 * Who guesses is slowed: after ten failures each further one doubles the wait. Of several servers each lets its part of
 * the ten pass, and makes wait so many times longer: whoever asks all of them guesses no faster.
 */
export class PasswordGate {
  /** In the order of the last failure of each. */
  readonly #failures = new Map<string, Failures>();

  constructor(readonly among: Sharing = alone) {}

  /** Milliseconds to wait; 0 when it may be tried. */
  wait(name: string, now: number): number {
    return Math.max(0, (this.#failures.get(name)?.closedUntil ?? 0) - now);
  }

  failed(name: string, now: number): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const beyond = count - shareOf(FREE_FAILURES, this.among);
    const wait = beyond < 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** beyond) * this.among.count;
    this.#failures.delete(name);
    this.#failures.set(name, { count, lastAt: now, closedUntil: now + wait });
    this.#forgetOld(now);
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }

  /** Passwords that it remembers failures of. */
  get size(): number {
    return this.#failures.size;
  }

  #forgetOld(now: number): void {
    for (const [name, { lastAt }] of this.#failures) {
      if (this.#failures.size <= MOST_GUESSED && now - lastAt < FAILURES_KEPT_MS) break;
      this.#failures.delete(name);
    }
  }
}
