/** Rows of lists that may be read in one turn of the event loop before others have theirs. */
const ROWS_A_TURN = 1_000;

/**
 * Shares the event loop's turns among lists: many at once are read one after the other, as many in a turn as fit, with a
 * turn for everybody between.
 */
export class ListTurns {
  readonly #waiting: (() => void)[] = [];
  #rows = 0;
  #isEnding = false;

  /** Begins it as soon as something of a turn is left, which may be now. */
  take(begin: () => void): void {
    if (this.#waiting.length === 0 && this.#rows < ROWS_A_TURN) return begin();
    this.#waiting.push(begin);
    this.#endTurn();
  }

  /** So many rows were read in this turn; who waits has what is left of it. */
  took(rows: number): void {
    this.#rows += rows;
    this.#endTurn();
    if (this.#rows < ROWS_A_TURN) this.#waiting.shift()?.();
  }

  #endTurn(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    setImmediate(() => {
      this.#isEnding = false;
      this.#rows = 0;
      this.#waiting.shift()?.();
      if (this.#waiting.length > 0) this.#endTurn();
    });
  }
}
