/**
 * Divides long work into turns of the event loop: all who share one of these take so many steps in a turn together, first
 * come, first served, and between two turns everybody else is.
 */
export class Turns {
  #left: number;
  #isCounting = false;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly stepsPerTurn: number) {
    this.#left = stepsPerTurn;
  }

  /** Before each step. undefined: take it at once, so that only who must wait pays for a promise. */
  pause(): Promise<void> | undefined {
    if (!this.#isCounting) setImmediate(() => this.#begin());
    this.#isCounting = true;
    if (this.#left > 0) {
      this.#left -= 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A step for each. */
  async each<Item>(items: Iterable<Item>, step: (item: Item) => void | Promise<void>): Promise<void> {
    for (const item of items) {
      await this.pause();
      await step(item);
    }
  }

  #begin(): void {
    const next = this.#waiting.splice(0, this.stepsPerTurn);
    this.#left = this.stepsPerTurn - next.length;
    this.#isCounting = next.length > 0;
    if (this.#isCounting) setImmediate(() => this.#begin());
    for (const resolve of next) resolve();
  }
}
