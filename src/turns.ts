import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Divides long work into turns of the event loop: all who share one of these do so many steps in a turn together, and
 * between two turns everybody else is served.
 */
export class Turns {
  #taken = 0;
  #next: Promise<void> | undefined;

  constructor(readonly stepsPerTurn: number) {}

  /** Takes a step for each. Only where it must wait it costs a promise. */
  async each<Item>(items: Iterable<Item>, step: (item: Item) => void): Promise<void> {
    for (const item of items) {
      while (this.#taken >= this.stepsPerTurn) await this.#begin();
      void this.#begin();
      this.#taken += 1;
      step(item);
    }
  }

  /** @returns when the next turn has begun */
  #begin(): Promise<void> {
    this.#next ??= nextTurn().then(() => {
      this.#taken = 0;
      this.#next = undefined;
    });
    return this.#next;
  }
}
