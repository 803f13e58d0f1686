import type { Clock } from "../../clock.js";
import { NoAnswer } from "./errors.js";

/** Calls in a row without an answer, after which the server is left alone for a while. */
const MOST_IN_A_ROW = 5;

/**
 * Spares a server that does not answer, and those who would wait for it: after some calls in a row that got no answer
 * none is sent for `pauseMs`, then one, and what becomes of it decides.
 */
export class Breaker {
  #inARow = 0;
  #closedUntil = 0;

  constructor(
    readonly clock: Pick<Clock, "monotonic">,
    readonly pauseMs: number,
  ) {}

  /** @throws NoAnswer while the server is left alone */
  pass(): void {
    if (this.#inARow < MOST_IN_A_ROW) return;
    const now = this.clock.monotonic();
    if (now < this.#closedUntil) {
      throw new NoAnswer("the server gave no answer several times in a row, and is left alone for some seconds", false);
    }
    // This one tries; until it is known what became of it, the others are told no.
    this.#closedUntil = now + this.pauseMs;
  }

  answered(): void {
    this.#inARow = 0;
  }

  unanswered(): void {
    this.#inARow += 1;
    this.#closedUntil = this.clock.monotonic() + this.pauseMs;
  }
}
