/** Rows of lists that may be read in one turn of the event loop before others have theirs. */
const ROWS_A_TURN = 1_000;

/** Returns false where it has nothing to read after all. */
type Begin = () => unknown;

/**
 * Shares the event loop's turns among lists: many at once are read one after the other, as many in a turn as fit, with a
 * turn for everybody between.
 */
export class ListTurns {
  readonly #waiting: Begin[] = [];
  #rows = 0;
  #isEnding = false;

  /** Begins it as soon as something of a turn is left, which may be now. */
  take(begin: Begin): void {
    if (this.#waiting.length === 0 && this.#rows < ROWS_A_TURN) begin();
    else this.#wait(begin);
  }

  #wait(begin: Begin): void {
    this.#waiting.push(begin);
    this.#endTurn();
  }

  /** So many rows were read in this turn; who waits has what is left of it. */
  took(rows: number): void {
    this.#rows += rows;
    this.#endTurn();
    if (this.#rows < ROWS_A_TURN) this.#next();
  }

  /** Who reads nothing leaves the turn to the next. */
  #next(): void {
    let begun: unknown = false;
    while (begun === false) begun = this.#waiting.shift()?.();
  }

  #endTurn(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setImmediate(() => {
      this.#isEnding = false;
      this.#rows = 0;
      this.#next();
      if (this.#waiting.length > 0) this.#endTurn();
    });
  }
}
