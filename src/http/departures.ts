/**
 * So many answers leave together at most. Four have nearly all of what there is to gain, and the first waits for no more
 * than three others.
 */
const MOST_TOGETHER = 4;

/**
 * Whoever reads on the same machine (a proxy) is woken by what is written to its line, which costs as much as a small answer
 * does otherwise. Where several answers are ready in one turn of the event loop they leave one right after the other, so
 * that who reads is awake for all but the first: as soon as there are four, and at the turn's end at the latest.
 */
export class Departures {
  #ready: (() => void)[] = [];

  /** @param send writes the answer; called in this turn */
  add(send: () => void): void {
    const count = this.#ready.push(send);
    if (count === MOST_TOGETHER) this.#leave();
    else if (count === 1) setImmediate(() => this.#leave());
  }

  #leave(): void {
    const ready = this.#ready;
    this.#ready = [];
    for (const send of ready) send();
  }
}
