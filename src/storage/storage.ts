import type { License, LicenseId } from "./database.js";
import type { Queries } from "./queries/queries.js";

/** Works that share one transaction at most. */
export const MOST_TOGETHER = 64;

/** One moment, to be read over many turns of the event loop. */
export interface Snapshot {
  /** @throws StorageUnavailable once it is over */
  readonly read: Queries;
  /** May be called twice. */
  end(): void;
}

/**
 * @param changed whose data is no longer as it was, which is nobody's after a heartbeat; the `version` of these licenses
 * went up with it
 * @param rows these licenses as they are since, where the database tells that with the commit
 */
export type CommitListener = (changed: ReadonlySet<LicenseId>, rows?: ReadonlyMap<LicenseId, License>) => void;

export interface Storage {
  /** Committed data only; all reads of one turn of the event loop see one moment. */
  readonly read: Queries;
  /** The reads of one operation that asks more than once: those that follow one another see one moment, over turns as well. */
  moment(): Queries;
  /**
   * A moment, held until it is ended or for `heldMs`; one that is still to come, where too many are held.
   * @param holder who may hold only some of those that there may be
   * @throws StorageUnavailable when too many wait already
   */
  snapshot(holder: string): Promise<Snapshot>;
  /**
   * Does `work` whole or not at all. `work` awaits nothing but the queries it is given, and never calls
   * `transaction` itself.
   * @throws StorageUnavailable when it could not be committed: nothing was changed
   */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Calls `listener` after each commit of this process, once what was written can be read. */
  onCommit(listener: CommitListener): void;
  /** The latest instant that was stored before this process opened the database; undefined in a new one. */
  readonly lastInstant: Date | undefined;
  /**
   * Another number as soon as another process has committed: what was remembered before may no longer be so, and what is
   * read from here on is not older. A microsecond, so it may be asked for each request.
   * @throws StorageUnavailable where a read would be refused, too
   */
  commitsElsewhere(): number;
  /** Calls `listener` as soon as another process' commit is heard of, with whose data it changed, where the database tells that. */
  onCommitElsewhere(listener: (changed: LicenseId) => void): void;
  /** As `commitsElsewhere`, but for those commits of which the listeners above were told. */
  untoldElsewhere(): number;
  /**
   * Waits until the above know of all that was committed before; undefined where they do at once, or where no other process
   * writes as far as anybody knows.
   * @param areOthers whether the caller knows of other servers
   */
  heardAll(areOthers: boolean): Promise<void> | undefined;
  /** Whether other servers may serve this database at the same time. */
  readonly isShared: boolean;
  /** Whether the database that was opened is still there, and ours; while it is not, every read and write is refused. */
  isInPlace(): boolean;
  /** What that means, for whoever reads the log. */
  readonly outOfPlace: string;
  /** Looks at the file itself: one that was cut off or overwritten. @throws Error saying what is wrong */
  inspect(): Promise<void>;
  /**
   * Looks at the file and at the disk below it, for readiness: a disk that is nearly full takes a few bytes and no more.
   * @throws Error saying what is wrong
   */
  check(): Promise<void>;
  close(): Promise<void>;
  /**
   * For a start that failed: closes, without waiting for what is still being written, and removes the files that this
   * opening made, unless another process has written to them.
   */
  discard(): void;
}

export interface StorageOptions {
  /** The database file. */
  path: string;
  /** The server keeps the file to itself; a tool beside it does not. */
  exclusive: boolean;
  /** Milliseconds to wait for another process' write; the wait stops the whole event loop. */
  busyMs: number;
  /** Milliseconds that a snapshot may be held; as long as its holder likes, when left out. */
  heldMs?: number;
  /** Called when a transaction awaited something else than its own queries. */
  onSlow?: () => void;
  /** Called, perhaps more than once, when the file turns out to be damaged. */
  onDamage?: (error: unknown) => void;
}
