import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Turns } from "../../turns.js";
import type { Entered, Person } from "../engine.js";
import { encodePerson, enteredBytes, type News, newsBytes } from "./frames.js";
import { closeCodes, type Seat, send, sendBytes } from "./seat.js";

/** After it was told something, a room gathers for so long what it will be told next. */
const GATHER_MS = 20;
/** Writes in one turn of the event loop, of all rooms together: some milliseconds. */
const WRITES_PER_TURN = 500;

const turns = new Turns(WRITES_PER_TURN);

interface Newcomer {
  seat: Seat;
  entered: Entered;
}

/**
 * One room in this process: who sits there, who else is inside, and what those who sit there are still to be told. It is
 * told in order; the first at once, what follows gathered, so that a crowd that enters is told of in few writes.
 */
export class Room {
  readonly seats = new Map<string, Seat>();
  /** Entries that are not answered yet, for which the room must stay. */
  entering = 0;
  /** Everyone inside, encoded; also those who sit nowhere, because an earlier process let them in. */
  readonly #inside = new Map<string, string>();
  /** Told to have left while it was still being read who is inside. */
  readonly #leftSince = new Set<string>();
  #reading: Promise<Person[]> | undefined;
  #isKnown = false;
  readonly #news: News[] = [];
  readonly #newcomers: Newcomer[] = [];
  #coming: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #quiet: Promise<void> = Promise.resolve();

  /** Once for the room: from then on, who comes and goes is known here. @throws what `list` throws */
  async know(list: () => Promise<Person[]>): Promise<void> {
    if (this.#isKnown) return;
    this.#reading ??= list();
    try {
      const people = await this.#reading;
      if (!this.#isKnown) this.#remember(people);
    } finally {
      this.#reading = undefined;
    }
  }

  #remember(people: readonly Person[]): void {
    this.#isKnown = true;
    for (const person of people) {
      if (!this.#leftSince.has(person.id)) this.#inside.set(person.id, encodePerson(person));
    }
    this.#leftSince.clear();
  }

  /** @returns when the person was told that they are inside, and the others that someone came */
  sit(seat: Seat, entered: Entered): Promise<void> {
    const { person } = seat;
    this.seats.set(person.id, seat);
    if (!this.#inside.has(person.id)) this.#news.push({ type: "joined", person });
    this.#inside.set(person.id, encodePerson(person));
    this.#newcomers.push({ seat, entered });
    return this.#tell();
  }

  left(person: Person): void {
    if (!this.#inside.delete(person.id) && !this.#isKnown) this.#leftSince.add(person.id);
    this.#news.push({ type: "left", person });
    void this.#tell();
  }

  /** Everyone is told and sent out. */
  async end(): Promise<void> {
    await this.#last;
    await turns.each(this.seats.values(), ({ line }) => {
      if (!line) return;
      send(line.socket, { type: "ended" });
      line.socket.close(closeCodes.ended, "ended");
    });
  }

  /** @returns when all that happened so far is told */
  #tell(): Promise<void> {
    this.#coming ??= this.#last = this.#last.then(() => this.#tellGathered());
    return this.#coming;
  }

  async #tellGathered(): Promise<void> {
    await this.#quiet;
    await nextTurn();
    this.#coming = undefined;
    const bytes = newsBytes(this.#news.splice(0));
    const newcomers = this.#newcomers.splice(0);
    const fresh = new Set(newcomers.map(({ seat }) => seat));
    const others = [...this.seats.values()].filter((seat) => !fresh.has(seat));
    const people = Buffer.from(`[${newcomers.length > 0 ? [...this.#inside.values()].join() : ""}]`);
    await turns.each(
      newcomers,
      ({ seat: { line }, entered }) => line && sendBytes(line, enteredBytes(entered, people)),
    );
    if (bytes.byteLength > 0) await turns.each(others, ({ line }) => line && sendBytes(line, [bytes]));
    this.#quiet = sleep(GATHER_MS, undefined, { ref: false });
  }
}
