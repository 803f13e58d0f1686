import type { LinkHolder } from "../engine.js";
import type { EntranceRefusal } from "./frames.js";
import { closeCodes, type Line, type Seat, send } from "./seat.js";

/** People who wait before one room; further ones are told that it is full. */
const MOST_WAITING = 200;
/** Whether there is room is also asked every so often: the limit may have been raised. */
const LOOK_EVERY_MS = 5_000;

/** What came of it; undefined where the person waits no more, or over another line. */
export type Admission = Seat | EntranceRefusal | undefined;

/** Someone who stands in line; their line may break, and their place is held for a while. */
export class Waiter {
  line: Line | undefined;
  /** What they were told last. */
  place = 0;
  holdTimer: NodeJS.Timeout | undefined;
  readonly admission: Promise<Admission>;
  readonly settle: (admission: Admission) => void;

  constructor(
    readonly holder: LinkHolder,
    line: Line,
  ) {
    this.line = line;
    let settle: (admission: Admission) => void = () => {};
    this.admission = new Promise((resolve) => (settle = resolve));
    this.settle = settle;
  }
}

const isOpen = (line: Line | undefined): line is Line =>
  line !== undefined && line.socket.readyState === line.socket.OPEN;

/** Those who wait before one room, in the order in which they came; all of it in memory: they come back by themselves. */
export class WaitingLine {
  #waiters: Waiter[] = [];
  #isAdvancing: "no" | "yes" | "again" = "no";
  readonly #timer: NodeJS.Timeout;

  /**
   * @param tryToEnter refuses with ATTENDANCE_LIMIT_REACHED as long as there is no room
   * @param isOver called when nobody stands here any more
   */
  constructor(
    readonly tryToEnter: (holder: LinkHolder, line: Line) => Promise<Seat | EntranceRefusal>,
    readonly isOver: () => void,
  ) {
    this.#timer = setInterval(() => this.advance(), LOOK_EVERY_MS).unref();
  }

  /** Whether nobody who could go in now stands before this person. */
  lets(personId: string): boolean {
    const first = this.#waiters.find(({ line, holder }) => isOpen(line) || holder.person.id === personId);
    return first === undefined || first.holder.person.id === personId;
  }

  /** At the end, or at the place that is held for this person. undefined where the line is too long. */
  stand(holder: LinkHolder, line: Line): Waiter | undefined {
    const at = this.#waiters.findIndex((waiter) => waiter.holder.person.id === holder.person.id);
    if (at < 0 && this.#waiters.length >= MOST_WAITING) return undefined;
    const waiter = new Waiter(holder, line);
    const before = this.#waiters[at];
    if (before) {
      this.#waiters[at] = waiter;
      this.#dismiss(before);
      before.line?.socket.close(closeCodes.elsewhere, "opened elsewhere");
    } else this.#waiters.push(waiter);
    this.#tellPlaces();
    return waiter;
  }

  #dismiss(waiter: Waiter, admission?: Admission): void {
    clearTimeout(waiter.holdTimer);
    waiter.settle(admission);
  }

  lineBroke(waiter: Waiter, holdMs: number): void {
    waiter.line = undefined;
    clearTimeout(waiter.holdTimer);
    waiter.holdTimer = setTimeout(() => this.leave(waiter), holdMs).unref();
    this.advance();
  }

  leave(waiter: Waiter): void {
    this.#take(waiter, undefined);
    this.advance();
  }

  #take(waiter: Waiter, admission: Admission): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    this.#dismiss(waiter, admission);
    this.#tellPlaces();
    if (this.#waiters.length > 0) return;
    clearInterval(this.#timer);
    this.isOver();
  }

  /** Someone who stands here may not come in at all; or came in over another line, where nothing is given: this one is closed. */
  answer(personId: string, refusal?: EntranceRefusal): void {
    const waiter = this.#waiters.find(({ holder }) => holder.person.id === personId);
    if (!waiter) return;
    this.#take(waiter, refusal);
    if (refusal === undefined) waiter.line?.socket.close(closeCodes.elsewhere, "opened elsewhere");
  }

  /** There may be room: the first go in, as many as it has room for. */
  advance(): void {
    if (this.#isAdvancing !== "no") this.#isAdvancing = "again";
    else void this.#advance();
  }

  async #advance(): Promise<void> {
    do {
      this.#isAdvancing = "yes";
      const first = this.#waiters.find(({ line }) => isOpen(line));
      if (!first?.line) break;
      // The database can't take it now: with the next look.
      const outcome = await this.tryToEnter(first.holder, first.line).catch(() => "ATTENDANCE_LIMIT_REACHED" as const);
      if (outcome === "ATTENDANCE_LIMIT_REACHED") continue;
      this.#isAdvancing = "again";
      // Whose line broke meanwhile did not come in, and keeps their place.
      if (isOpen(first.line) || typeof outcome === "object") this.#take(first, outcome);
    } while (this.#isAdvancing === ("again" as string));
    this.#isAdvancing = "no";
  }

  #tellPlaces(): void {
    for (const [at, waiter] of this.#waiters.entries()) {
      if (waiter.place === at + 1) continue;
      waiter.place = at + 1;
      if (waiter.line) send(waiter.line.socket, { type: "waiting", place: waiter.place });
    }
  }

  end(refusal: EntranceRefusal): void {
    clearInterval(this.#timer);
    for (const waiter of this.#waiters.splice(0)) this.#dismiss(waiter, refusal);
  }

  /** The room is run elsewhere from now on: they come again by themselves. */
  sendAway(): void {
    clearInterval(this.#timer);
    for (const waiter of this.#waiters.splice(0)) {
      this.#dismiss(waiter);
      waiter.line?.socket.close(closeCodes.restart, "the room has moved");
    }
  }
}

/** The lines before all rooms of this process, by the session whose room is full. */
export class WaitingLines {
  readonly #lines = new Map<string, WaitingLine>();

  constructor(readonly tryToEnter: WaitingLine["tryToEnter"]) {}

  get(sessionId: string): WaitingLine | undefined {
    return this.#lines.get(sessionId);
  }

  /** Where this one waits. */
  of({ holder: { sessionId } }: Waiter): WaitingLine | undefined {
    return this.#lines.get(sessionId);
  }

  /** The line before this room, made where there is none. */
  before(sessionId: string): WaitingLine {
    const known = this.#lines.get(sessionId);
    if (known) return known;
    const made = new WaitingLine(this.tryToEnter, () => this.#lines.delete(sessionId));
    this.#lines.set(sessionId, made);
    return made;
  }

  end(sessionId: string, refusal: EntranceRefusal): void {
    this.#lines.get(sessionId)?.end(refusal);
    this.#lines.delete(sessionId);
  }

  sendAway(sessionId: string): void {
    this.#lines.get(sessionId)?.sendAway();
    this.#lines.delete(sessionId);
  }
}
