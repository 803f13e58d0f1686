import type { Account } from "./budget.js";

/** A subscription that is held, for each minute. */
const HELD_POINTS = 10;
/** An event, before what is selected of it: it is looked for, and goes out by itself. */
const EVENT_POINTS = 10;
/** So often is a spent budget looked at again. */
const PAUSE_MS = 1_000;

/**
 * What following events costs while it lasts: each that is delivered, and the holding. Where the budget is spent, the
 * next one waits in the database until there are points again, so that nothing is lost and no client needs to know.
 */
export class Following {
  readonly #minutes: NodeJS.Timeout;
  #resume = () => {};
  #isOver = false;

  /**
   * @param selectedPoints what is selected of an event
   * @param minuteMs how long a minute is
   * @param giveBack when it is over
   */
  constructor(
    readonly account: Account,
    readonly selectedPoints: number,
    minuteMs: number,
    readonly giveBack: () => void,
  ) {
    this.#minutes = setInterval(() => account.take(HELD_POINTS), minuteMs).unref();
  }

  /** Resolves when the next event is paid, or nobody follows any more. */
  async payEvent(): Promise<void> {
    while (!this.#isOver && this.account.spend(EVENT_POINTS + this.selectedPoints).isSpent) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        setTimeout(resolve, PAUSE_MS).unref();
      });
    }
  }

  end(): void {
    this.#isOver = true;
    clearInterval(this.#minutes);
    this.giveBack();
    this.#resume();
  }
}
