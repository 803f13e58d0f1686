import { setImmediate as nextTurn } from "node:timers/promises";
import type { Event, EventMark, Reach, Storage } from "../../storage/index.js";
import { Turns } from "../../turns.js";
import type { EventType } from "./events.js";

/** Rows that a follower ever holds, however slow whoever asks it is; and that it reads at once. */
const BATCH = 50;
/** What could not be read is tried again after this. */
const RETRY_MS = 1_000;
/** Events that are given out in one turn of the event loop, to all followers together. */
const DELIVERIES_PER_TURN = 100;
/** Reads of followers that are behind, likewise. */
const READS_PER_TURN = 20;

export const UNREADABLE = "events could not be read; they are looked for again";

const deliveries = new Turns(DELIVERIES_PER_TURN);
const reads = new Turns(READS_PER_TURN);

export interface Following {
  reach: Reach;
  types: readonly EventType[];
  /** null: every meeting within reach. */
  meetingId: string | null;
  /** The `seq` of the last event seen; what comes after it is delivered, also what has happened already. */
  after: number;
}

export type Log = { warn(facts: object, message: string): void };

const placeOf = (type: string, meetingId: string | null): string => `${type} ${meetingId ?? "everywhere"}`;

/** Where a follower looks; nowhere, where it asks for a meeting beyond its reach. */
function placesOf({ types, reach, meetingId }: Following): string[] {
  if (reach.meetingId !== null && meetingId !== null && reach.meetingId !== meetingId) return [];
  return types.map((type) => placeOf(type, meetingId ?? reach.meetingId));
}

/** The followers of one license. Those who have seen everything are found by what they want, and are handed the rows. */
export class Audience {
  /** All of them. */
  readonly followers = new Set<Follower>();
  /** The last of the license's events that was looked at since somebody follows. */
  lookedAt = 0;
  /** Goes up whenever what is stored of the license may have changed. */
  moment = 0;
  readonly #current = new Map<string, Set<Follower>>();

  enter(follower: Follower): void {
    for (const place of placesOf(follower.following)) {
      const others = this.#current.get(place);
      if (others) others.add(follower);
      else this.#current.set(place, new Set([follower]));
    }
  }

  leave(follower: Follower): void {
    for (const place of placesOf(follower.following)) {
      const others = this.#current.get(place);
      others?.delete(follower);
      if (others?.size === 0) this.#current.delete(place);
    }
  }

  wants({ type, meetingId }: EventMark): boolean {
    return this.#at(type, meetingId).length > 0;
  }

  offer(row: Event): void {
    for (const followers of this.#at(row.type, row.meetingId)) for (const follower of followers) follower.offer(row);
  }

  #at(type: string, meetingId: string | null): ReadonlySet<Follower>[] {
    const places = new Set([placeOf(type, null), placeOf(type, meetingId)]);
    return [...places].flatMap((place) => this.#current.get(place) ?? []);
  }
}

/**
 * One who follows. While it has seen everything, it is handed what happens, the same row as everybody else; where it
 * takes too slowly, or begins far back, it reads by itself, until it has caught up. By hand and not a generator, because
 * a generator that waits can't be ended.
 */
export class Follower implements AsyncIterableIterator<Event> {
  readonly #rows: Event[] = [];
  /** What comes after this `seq` is not among the rows yet. */
  #after: number;
  #isCurrent = false;
  #isReadingOn = false;
  #isDone = false;
  #wake: (() => void) | undefined;

  constructor(
    readonly from: { storage: Storage; log: Log; audience: Audience; leave(): void },
    readonly following: Following,
  ) {
    this.#after = following.after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    while (!this.#isDone) {
      const row = this.#rows.shift();
      if (row) {
        await deliveries.pause();
        if (!this.#isDone) return { done: false, value: row };
      } else if (this.#isCurrent) await this.#woken();
      else await this.#read();
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#isDone = true;
    this.fallBehind();
    this.from.leave();
    return { done: true, value: undefined };
  }

  /** @param row that it wants; only where it has seen everything before */
  offer(row: Event): void {
    if (row.seq <= this.#after) return;
    if (this.#rows.length >= BATCH) {
      this.fallBehind();
      return;
    }
    this.#rows.push(row);
    this.#after = row.seq;
    this.#wake?.();
  }

  /** It has seen everything up to where it is, and is handed what comes. */
  keepUp(): void {
    this.#isCurrent = true;
    this.#isReadingOn = false;
    this.from.audience.enter(this);
  }

  /** It reads by itself from where it is. */
  fallBehind(): void {
    if (this.#isCurrent) this.from.audience.leave(this);
    this.#isCurrent = false;
    this.#wake?.();
  }

  async #read(): Promise<void> {
    const { audience, storage, log } = this.from;
    const { reach, types, meetingId } = this.following;
    // Between two steps everyone else has their turn, also where this one would find something each time.
    if (this.#isReadingOn) await nextTurn();
    await reads.pause();
    const { lookedAt } = audience;
    try {
      const range = { after: this.#after, types, meetingId, limit: BATCH };
      const { rows, until, isLast } = await storage.read.events.stepAfter(reach, range);
      this.#rows.push(...rows);
      this.#after = until;
      this.#isReadingOn = true;
      // What was looked at meanwhile was offered to others only, and may be missing here.
      if (isLast && audience.lookedAt === lookedAt && !this.#isDone) this.keepUp();
    } catch (err) {
      log.warn({ err }, UNREADABLE);
      await this.#woken(RETRY_MS);
    }
  }

  async #woken(atLatestMs?: number): Promise<void> {
    if (this.#isDone) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (atLatestMs !== undefined) setTimeout(resolve, atLatestMs).unref();
    });
    this.#wake = undefined;
  }
}
