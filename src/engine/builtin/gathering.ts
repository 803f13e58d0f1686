import { setTimeout as sleep } from "node:timers/promises";

/** What comes close together goes on together: the first at once, and what follows it when so many milliseconds are over. */
export class Gathering {
  #wait: Promise<void> | undefined;
  #isAwaited = false;

  constructor(readonly ms: number) {}

  pass(): Promise<void> {
    if (this.#wait) {
      this.#isAwaited = true;
      return this.#wait;
    }
    this.#begin();
    return Promise.resolve();
  }

  #begin(): void {
    this.#wait = sleep(this.ms).then(() => {
      this.#wait = undefined;
      // Those who waited go now, and are the first of what follows them.
      if (this.#isAwaited) this.#begin();
      this.#isAwaited = false;
    });
  }
}
