import { Turns } from "../turns.js";

/** Requests that begin in one turn of the event loop while new lines come. */
const REQUESTS_PER_TURN = 2;
/** Who keeps opening lines and sends many requests on each would make all others wait behind those, and fill the memory. */
const MOST_WAITING = 200;
/** Turns without a new line after which none is waiting. */
const QUIET_TURNS = 2;

/**
 * Node takes one new line in a turn of the event loop, however many wait. While they come, a turn is kept short: else a
 * thousand people who open their links would wait behind a few who ask without a pause, one turn of all their requests
 * for each line.
 */
export class Arrivals {
  readonly #turns = new Turns(REQUESTS_PER_TURN);
  #quiet = QUIET_TURNS;
  #waiting = 0;

  /** A line came. */
  note(): void {
    const isWatched = this.#quiet < QUIET_TURNS;
    this.#quiet = -1;
    if (!isWatched) this.#watch();
  }

  /** When a request may begin; undefined: now. */
  turn(): Promise<void> | undefined {
    if (this.#quiet >= QUIET_TURNS || this.#waiting === MOST_WAITING) return undefined;
    const turn = this.#turns.pause();
    if (!turn) return undefined;
    this.#waiting += 1;
    return turn.then(() => void (this.#waiting -= 1));
  }

  #watch(): void {
    setImmediate(() => {
      this.#quiet += 1;
      if (this.#quiet < QUIET_TURNS) this.#watch();
    });
  }
}
