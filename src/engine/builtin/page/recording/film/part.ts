// One part of a recording: a film of this page, and its pieces on their way. What is loaded when somebody records.

import type { Ticket } from "../../../recording/ticket.js";
import { Film, type Surroundings as Filmed } from "./film.js";
import { Pieces } from "./pieces.js";

/** Twelve minutes of a line that is broken, or of one that is too slow. */
const mostKept = 96 * 2 ** 20;

export interface Surroundings extends Omit<Filmed, "take"> {
  /** For another token, or to go on after a break. */
  askAgain(part: string): void;
  /** The film has ended because too much of it is still here. */
  full(): void;
  /** All is written; or the server takes no more of it, and says why. */
  over(code?: string): void;
}

export class Part {
  readonly #film: Film;
  readonly #pieces: Pieces;
  #hasLast = false;
  #timer = 0;

  constructor(
    ticket: Ticket,
    readonly around: Surroundings,
  ) {
    const { scene, voices } = around;
    this.#pieces = new Pieces(ticket, mostKept, {
      askAgain: () => around.askAgain(ticket.part),
      empty: () => this.#hasLast && this.#end(),
      full: () => this.#stopFull(),
      refused: (code) => this.#end(code),
    });
    this.#film = new Film({ scene, voices, take: (piece, isLast) => this.#take(piece, isLast) });
    this.#renewLater(ticket);
  }

  renew(ticket: Ticket): void {
    this.#pieces.renew(ticket);
    this.#renewLater(ticket);
  }

  /** The line is back: what waits is tried at once. */
  wake(): void {
    this.#pieces.wake();
  }

  /** Nobody waits for the rest any more. */
  giveUp(): void {
    this.#pieces.giveUp("GIVEN_UP");
  }

  /** The last piece follows by itself, and then `over`. */
  stop(): void {
    this.#film.stop();
  }

  #take(piece: Blob, isLast: boolean): void {
    this.#hasLast ||= isLast;
    this.#pieces.add(piece, isLast);
  }

  #stopFull(): void {
    this.#film.stop();
    this.around.full();
  }

  #end(code?: string): void {
    clearTimeout(this.#timer);
    this.#film.stop();
    this.around.over(code);
  }

  #renewLater({ part, seconds }: Ticket): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.around.askAgain(part), (seconds * 1000) / 2);
  }
}
