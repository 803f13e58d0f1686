import { setImmediate as nextTurn } from "node:timers/promises";
import type { Event, EventMark, LicenseId, Storage } from "../../storage/index.js";
import { Audience, Follower, type Following, type Log, UNREADABLE } from "./follower.js";

/** Another process' commits (the operator's tool) are noticed this late at most, also where the database does not tell of them. */
const POLL_MS = 1_000;
/** Rows looked at in one turn of the event loop to see whom they concern. */
const MARKS_A_STEP = 1_000;

/**
 * Tells followers what happened, read from the `events` rows: an event is there only once its transaction is. Each row is
 * read once, and handed to all who want it; who takes too slowly reads by itself when it wants the next one, so that
 * nothing piles up here.
 */
export class EventFeed {
  readonly #audiences = new Map<LicenseId, Audience>();
  /** The last row that was looked at; undefined before the first look since someone follows. */
  #seen: number | undefined;
  #looking: "no" | "yes" | "again" = "no";
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly storage: Storage,
    readonly log: Log,
  ) {
    storage.onCommit((changed) => this.#changed(changed));
    storage.onCommitElsewhere((license) => this.#changed(new Set([license])));
  }

  #changed(licenses: ReadonlySet<LicenseId>): void {
    // A heartbeat changes nobody's data, and what nobody follows is passed by with the next look.
    const concerned = [...licenses].flatMap((license) => this.#audiences.get(license) ?? []);
    for (const audience of concerned) audience.moment += 1;
    if (concerned.length > 0) void this.#look();
  }

  /** Where the present is: following from here, only what is yet to happen comes. */
  now(): Promise<number> {
    return this.storage.read.events.latestSeq();
  }

  follow(following: Following): AsyncIterableIterator<Event> {
    const { storage, log } = this;
    const { licenseId } = following.reach;
    const audience = this.#audiences.get(licenseId) ?? new Audience();
    this.#audiences.set(licenseId, audience);
    const follower: Follower = new Follower(
      { storage, log, audience, leave: () => this.#left(licenseId, follower) },
      following,
    );
    audience.followers.add(follower);
    if (this.#seen !== undefined && following.after >= this.#seen) follower.keepUp();
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS).unref();
    return follower;
  }

  /** How many follow at this moment. */
  get followed(): number {
    return [...this.#audiences.values()].reduce((sum, { followers }) => sum + followers.size, 0);
  }

  /**
   * Between two times when it is the same, nothing of the license has changed that this process could know of; what
   * another one changes is noticed as late as its events are. Only for a license that is followed.
   */
  momentOf(licenseId: LicenseId): number | undefined {
    return this.#audiences.get(licenseId)?.moment;
  }

  #left(licenseId: LicenseId, follower: Follower): void {
    const audience = this.#audiences.get(licenseId);
    audience?.followers.delete(follower);
    if (audience?.followers.size === 0) this.#audiences.delete(licenseId);
    if (this.#audiences.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#seen = undefined;
  }

  #poll(): void {
    for (const audience of this.#audiences.values()) audience.moment += 1;
    void this.#look();
  }

  /** One look at a time; what is committed during one is looked for after it. */
  async #look(): Promise<void> {
    if (this.#audiences.size === 0) return;
    if (this.#looking !== "no") {
      this.#looking = "again";
      return;
    }
    do {
      this.#looking = "yes";
      await this.#tellThoseConcerned().catch((err: unknown) => this.log.warn({ err }, UNREADABLE));
    } while ((this.#looking as string) === "again");
    this.#looking = "no";
  }

  async #tellThoseConcerned(): Promise<void> {
    const { events } = this.storage.read;
    if (this.#seen === undefined) {
      const seen = await events.latestSeq();
      this.#seen = seen;
      for (const audience of this.#audiences.values()) {
        audience.lookedAt = seen;
        for (const follower of audience.followers) follower.fallBehind();
      }
      return;
    }
    for (;;) {
      const marks = await events.marksAfter(this.#seen, MARKS_A_STEP);
      await this.#tell(this.#seen, marks);
      // Nobody follows any more: there is nothing to go on from.
      if ((this.#seen as number | undefined) === undefined) return;
      this.#seen = marks.at(-1)?.seq ?? this.#seen;
      if (marks.length < MARKS_A_STEP) return;
      await nextTurn();
      if ((this.#seen as number | undefined) === undefined) return;
    }
  }

  /** @param after the `seq` before them */
  async #tell(after: number, marks: readonly EventMark[]): Promise<void> {
    const wanted = marks.filter((mark) => {
      const audience = this.#audiences.get(mark.licenseId);
      // Before anything is awaited: who reads by itself at this moment may read past them.
      if (audience) audience.lookedAt = mark.seq;
      return audience?.wants(mark);
    });
    const last = wanted.at(-1);
    if (!last) return;
    const licenseIds = [...new Set(wanted.map(({ licenseId }) => licenseId))];
    const types = [...new Set(wanted.map(({ type }) => type))];
    const rows = await this.storage.read.events.listBetween({ after, until: last.seq, licenseIds, types });
    for (const row of rows) this.#audiences.get(row.licenseId)?.offer(row);
  }
}
