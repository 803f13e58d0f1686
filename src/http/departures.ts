import { atTurnsEnd } from "../turns-end.js";

/**
 * So many answers leave together at most. Four have nearly all of what there is to gain, and the first waits for no more
 * than three others.
 */
const MOST_TOGETHER = 4;

/**
 * Whoever reads on the same machine (a proxy) is woken by what is written to its line, which costs as much as a small answer
 * does otherwise. Where several answers are ready in one turn of the event loop they leave one right after the other, so
 * that who reads is awake for all but the first: as soon as there are four, and at the end of the turn's requests at the
 * latest. What is ready only after that (a commit's answers are, all at once) waits for no other turn.
 */
export class Departures {
  #ready: (() => void)[] = [];
  /** Requests of this turn are still to come. */
  #isGathering = false;
  readonly #endGathering = () => {
    this.#isGathering = false;
    this.#leave();
  };

  /** Call it when a request begins, before its answer can be ready. */
  begins(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    atTurnsEnd(this.#endGathering);
  }

  /** @param send writes the answer; called in this turn */
  add(send: () => void): void {
    const count = this.#ready.push(send);
    if (count === MOST_TOGETHER) this.#leave();
    // After all that is ready by now.
    else if (count === 1 && !this.#isGathering) process.nextTick(() => this.#leave());
  }

  #leave(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const send of ready) send();
  }
}
