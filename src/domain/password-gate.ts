import { alone, type Sharing, shareOf } from "../minute.js";

const FREE_FAILURES = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15 * 60_000;

interface Failures {
  count: number;
  /** By the monotonic clock, as `now` below; until then nothing is compared. */
  closedUntil: number;
}

/**
 * Who guesses is slowed: after ten failures each further one doubles the wait. Of several servers each lets its part of
 * the ten pass, and makes wait so many times longer: whoever asks all of them guesses no faster.
 */
export class PasswordGate {
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
    this.#failures.set(name, { count, closedUntil: now + wait });
  }

  succeeded(name: string): void {
    this.#failures.delete(name);
  }
}
