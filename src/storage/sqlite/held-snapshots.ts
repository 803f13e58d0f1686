import Sqlite, { type Database as Connection } from "better-sqlite3";
import { machineTime } from "../../clock.js";
import type { Queries } from "../queries/queries.js";
import type { Snapshot } from "../storage.js";
import { StorageUnavailable } from "../unavailable.js";
import { guarded } from "./turn-snapshot.js";

/** Snapshots that are held at once; further ones wait in line. */
const MOST_HELD = 4;
/** The same of one holder, whose slow readers should keep nobody else waiting. */
const MOST_OF_ONE = 2;
/** So many wait; beyond that it is refused. */
const MOST_IN_LINE = 500;
/** Whoever reads along a list needs no page twice; SQLite would keep 16 MB of them. */
const CACHE_KIB = 1024;

export interface HeldSnapshotsOptions {
  path: string;
  busyMs: number;
  /** Longer than this none is held: the write-ahead log can't be emptied meanwhile. */
  heldMs?: number;
  queriesOn(connection: Connection): Queries;
  /** Called when none is held: then the write-ahead log can go into the file. */
  onFree(): void;
  /** Called before each read; throws where nothing may be read now. */
  demand(): void;
  told(error: unknown): unknown;
}

interface Waiting {
  holder: string;
  begin(snapshot: Snapshot): void;
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

  constructor(readonly options: HeldSnapshotsOptions) {}

  /** @throws StorageUnavailable when the line is full, or the database closed */
  async take(holder: string): Promise<Snapshot> {
    if (this.#isClosed) throw new StorageUnavailable("the database is closed");
    if (this.#mayHold(holder)) return this.#hold(holder);
    if (this.#inLine.length >= MOST_IN_LINE) throw new StorageUnavailable("too many wait for a snapshot");
    return new Promise((begin, refuse) => void this.#inLine.push({ holder, begin, refuse }));
  }

  /** Where they overlapped without end, the write-ahead log would never be free. */
  #isOpenToMore(): boolean {
    const { heldMs = Number.POSITIVE_INFINITY } = this.options;
    return this.#held.size === 0 || machineTime.monotonic() - this.#since < heldMs / 2;
  }

  #mayHold(holder: string): boolean {
    if (!this.#isOpenToMore()) return false;
    const theirs = [...this.#held.values()].filter((other) => other === holder);
    return this.#held.size < MOST_HELD && theirs.length < MOST_OF_ONE;
  }

  #hold(holder: string): Snapshot {
    const { path, busyMs, heldMs, queriesOn, onFree, demand, told } = this.options;
    const connection = new Sqlite(path, { readonly: true, timeout: busyMs });
    connection.pragma(`cache_size = -${CACHE_KIB}`);
    connection.exec("BEGIN");
    const end = () => {
      if (!this.#held.delete(end)) return;
      clearTimeout(late);
      connection.close();
      if (this.#held.size === 0) onFree();
      this.#letNext();
    };
    const late = heldMs === undefined ? undefined : setTimeout(end, heldMs).unref();
    if (this.#held.size === 0) this.#since = machineTime.monotonic();
    this.#held.set(end, holder);
    const before = () => {
      demand();
      if (!this.#held.has(end)) throw new StorageUnavailable("the snapshot is over");
    };
    return { read: guarded({ before, told }, queriesOn(connection)), end };
  }

  /** At once, so that nobody comes in between. */
  #letNext(): void {
    for (;;) {
      const next = this.#inLine.find(({ holder }) => this.#mayHold(holder));
      if (!next) return;
      this.#inLine = this.#inLine.filter((other) => other !== next);
      try {
        next.begin(this.#hold(next.holder));
      } catch (error) {
        next.refuse(error);
      }
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
