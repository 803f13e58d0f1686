import { setImmediate as nextTurn } from "node:timers/promises";
import type { Event, EventMark, LicenseId, Reach, Storage } from "../../storage/index.js";
import type { EventType } from "./events.js";

/** Rows read at once; all that a follower ever holds, however slow whoever asks it is. */
const BATCH = 50;
/** Another process' commits (the operator's tool) are noticed this late at most. */
const POLL_MS = 1_000;
/** Rows looked at in one turn of the event loop to see whom they concern. */
const MARKS_A_STEP = 1_000;
const UNREADABLE = "events could not be read; they are looked for again";

export interface Following {
  reach: Reach;
  types: readonly EventType[];
  /** null: every meeting within reach. */
  meetingId: string | null;
  /** The `seq` of the last event seen; what comes after it is delivered, also what has happened already. */
  after: number;
}

type Log = { warn(facts: object, message: string): void };

/**
 * Tells followers what happened, read from the `events` rows: an event is there only once its transaction is. Rows are
 * pulled when the follower wants the next one, so that a slow one makes nothing pile up here.
 */
export class EventFeed {
  readonly #followers = new Map<LicenseId, Set<Follower>>();
  /** The last row that was looked at; undefined before the first look since someone follows. */
  #seen: number | undefined;
  #looking: "no" | "yes" | "again" = "no";
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly storage: Storage,
    readonly log: Log,
  ) {
    storage.onCommit((changed) => {
      // A heartbeat changes nobody's data, and what nobody follows is passed by with the next look.
      if ([...changed].some((license) => this.#followers.has(license))) void this.#look();
    });
  }

  /** Where the present is: following from here, only what is yet to happen comes. */
  now(): Promise<number> {
    return this.storage.read.events.latestSeq();
  }

  follow(following: Following): AsyncIterableIterator<Event> {
    const { licenseId } = following.reach;
    const follower = new Follower(this, following);
    const others = this.#followers.get(licenseId);
    if (others) others.add(follower);
    else this.#followers.set(licenseId, new Set([follower]));
    this.#timer ??= setInterval(() => void this.#look(), POLL_MS).unref();
    return follower;
  }

  /** How many follow at this moment. */
  get followed(): number {
    return [...this.#followers.values()].reduce((sum, { size }) => sum + size, 0);
  }

  leave(follower: Follower): void {
    const { licenseId } = follower.following.reach;
    const ofLicense = this.#followers.get(licenseId);
    ofLicense?.delete(follower);
    if (ofLicense?.size === 0) this.#followers.delete(licenseId);
    if (this.#followers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#seen = undefined;
  }

  /** One look at a time; what is committed during one is looked for after it. */
  async #look(): Promise<void> {
    if (this.#followers.size === 0) return;
    if (this.#looking !== "no") {
      this.#looking = "again";
      return;
    }
    do {
      this.#looking = "yes";
      await this.#wakeThoseConcerned().catch((err: unknown) => this.log.warn({ err }, UNREADABLE));
    } while ((this.#looking as string) === "again");
    this.#looking = "no";
  }

  async #wakeThoseConcerned(): Promise<void> {
    const { events } = this.storage.read;
    if (this.#seen === undefined) {
      this.#seen = await events.latestSeq();
      for (const ofLicense of this.#followers.values()) for (const follower of ofLicense) follower.wake();
      return;
    }
    for (;;) {
      const marks = await events.marksAfter(this.#seen, MARKS_A_STEP);
      for (const mark of marks) {
        for (const follower of this.#followers.get(mark.licenseId) ?? []) if (follower.wants(mark)) follower.wake();
      }
      this.#seen = marks.at(-1)?.seq ?? this.#seen;
      if (marks.length < MARKS_A_STEP) return;
      await nextTurn();
      // Nobody follows any more: there is nothing to go on from.
      if ((this.#seen as number | undefined) === undefined) return;
    }
  }
}

/** By hand and not a generator, because a generator that waits can't be ended. */
class Follower implements AsyncIterableIterator<Event> {
  readonly #rows: Event[] = [];
  #after: number;
  #isDone = false;
  #isWoken = false;
  /** There is more to be read than the last step looked at. */
  #isBehind = false;
  #resume: (() => void) | undefined;

  constructor(
    readonly feed: EventFeed,
    readonly following: Following,
  ) {
    this.#after = following.after;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @param mark of the license it follows */
  wants({ type, meetingId }: EventMark): boolean {
    const { types, reach, meetingId: only } = this.following;
    return (
      (types as readonly string[]).includes(type) &&
      [reach.meetingId, only].every((id) => id === null || id === meetingId)
    );
  }

  wake(): void {
    this.#isWoken = true;
    this.#resume?.();
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    while (!this.#isDone) {
      const row = this.#rows.shift();
      if (row) return { done: false, value: row };
      // Between two steps everyone else has their turn, also where this one would find something each time.
      if (this.#isBehind) await nextTurn();
      this.#isWoken = false;
      await this.#read();
      if (this.#rows.length === 0 && !this.#isBehind) await this.#untilWoken();
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#isDone = true;
    this.feed.leave(this);
    this.#resume?.();
    return { done: true, value: undefined };
  }

  async #read(): Promise<void> {
    const { reach, types, meetingId } = this.following;
    try {
      const range = { after: this.#after, types, meetingId, limit: BATCH };
      const { rows, until, isLast } = await this.feed.storage.read.events.stepAfter(reach, range);
      this.#rows.push(...rows);
      this.#after = until;
      this.#isBehind = !isLast;
    } catch (err) {
      this.#isBehind = false;
      this.feed.log.warn({ err }, UNREADABLE);
      setTimeout(() => this.wake(), POLL_MS).unref();
    }
  }

  async #untilWoken(): Promise<void> {
    if (this.#isWoken || this.#isDone) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#resume = undefined;
  }
}
