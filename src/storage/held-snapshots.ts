import { machineTime } from "../clock.js";
import { guarded } from "./guarded.js";
import type { Queries } from "./queries/queries.js";
import type { Snapshot } from "./storage.js";
import { StorageUnavailable } from "./unavailable.js";

/** Snapshots that are held at once; further ones wait in line. */
export const MOST_HELD = 4;
/** The same of one holder, whose slow readers should keep nobody else waiting. */
const MOST_OF_ONE = 2;
/** So many wait; beyond that it is refused. */
const MOST_IN_LINE = 500;
/** A moment of the database, on a connection of its own. */
export interface Moment {
  queries: Queries;
  close(): void;
}

export interface HeldSnapshotsOptions {
  /** Longer than this none is held: what was overwritten since can't be thrown away meanwhile. */
  heldMs?: number;
  open(): Moment | Promise<Moment>;
  /** Called when none is held. @returns when the next may begin, if not at once */
  onFree(): Promise<void> | undefined;
  /** Called before each read; throws where nothing may be read now. */
  demand(): void;
  told(error: unknown): unknown;
}

interface Waiting {
  holder: string;
  begin(snapshot: Promise<Snapshot>): void;
  refuse(error: unknown): void;
}

/** Moments that are read over many turns of the event loop, each on a connection of its own. */
export class HeldSnapshots {
  /** Whose they are, by what ends them. */
  readonly #held = new Map<() => void, string>();
  #inLine: Waiting[] = [];
  /** When the oldest of them began, by the monotonic clock. */
  #since = 0;
  #isClosed = false;
  /** None was held, and what that is good for is still under way. */
  #isFreeing = false;

  constructor(readonly options: HeldSnapshotsOptions) {}

  /** @throws StorageUnavailable when the line is full, or the database closed */
  async take(holder: string): Promise<Snapshot> {
    if (this.#isClosed) throw new StorageUnavailable("the database is closed");
    if (this.#mayHold(holder)) return this.#hold(holder);
    if (this.#inLine.length >= MOST_IN_LINE) throw new StorageUnavailable("too many wait for a snapshot");
    return new Promise((begin, refuse) => void this.#inLine.push({ holder, begin, refuse }));
  }

  /** Where they overlapped without end, the database would have to keep everything that was ever overwritten. */
  #isOpenToMore(): boolean {
    const { heldMs = Number.POSITIVE_INFINITY } = this.options;
    if (this.#isFreeing) return false;
    return this.#held.size === 0 || machineTime.monotonic() - this.#since < heldMs / 2;
  }

  #mayHold(holder: string): boolean {
    if (!this.#isOpenToMore()) return false;
    const theirs = [...this.#held].filter(([, other]) => other === holder);
    return this.#held.size < MOST_HELD && theirs.length < MOST_OF_ONE;
  }

  async #hold(holder: string): Promise<Snapshot> {
    const { heldMs, open, demand, told } = this.options;
    let moment: Moment | undefined;
    const end = () => {
      if (!this.#held.delete(end)) return;
      clearTimeout(late);
      moment?.close();
      if (this.#held.size === 0) this.#free();
      this.#letNext();
    };
    const late = heldMs === undefined ? undefined : setTimeout(end, heldMs).unref();
    if (this.#held.size === 0) this.#since = machineTime.monotonic();
    // Before it is opened, which may take a while: its place is taken.
    this.#held.set(end, holder);
    try {
      const opened = open();
      moment = opened instanceof Promise ? await opened : opened;
    } catch (error) {
      end();
      throw told(error);
    }
    const before = () => {
      demand();
      if (!this.#held.has(end)) throw new StorageUnavailable("the snapshot is over");
    };
    if (!this.#held.has(end)) moment.close();
    return { read: guarded({ before, told }, moment.queries), end };
  }

  #free(): void {
    const freed = this.options.onFree();
    if (!freed) return;
    this.#isFreeing = true;
    void freed.then(() => {
      this.#isFreeing = false;
      this.#letNext();
    });
  }

  /** At once, so that nobody comes in between. */
  #letNext(): void {
    for (;;) {
      const next = this.#inLine.find(({ holder }) => this.#mayHold(holder));
      if (!next) return;
      this.#inLine = this.#inLine.filter((other) => other !== next);
      next.begin(this.#hold(next.holder));
    }
  }

  close(): void {
    this.#isClosed = true;
    const refused = this.#inLine;
    this.#inLine = [];
    for (const { refuse } of refused) refuse(new StorageUnavailable("the database is closed"));
    for (const end of this.#held.keys()) end();
  }
}
