import type { Clock } from "../../clock.js";
import type { Living, Storage } from "../../storage/index.js";

/** A server that has not said for so many of its beats that it lives, is dead to the others. */
const MISSED_BEATS = 3;

interface World {
  storage: Pick<Storage, "read" | "transaction" | "isShared" | "heardAll">;
  clock: Clock;
}

/**
 * The servers of one database, as this one knows them. Each says with every beat that it lives, by the database's clock,
 * so that no machine's own can make anybody dead. On SQLite there is nobody else.
 */
export class Neighbours {
  /** Those that live, the oldest first. */
  #living: readonly Living[] = [];
  #address: string | null = null;
  /** When the last beat that was stored was sent; and since when none was late. */
  #beatAt: number | undefined;
  #steadySince: number | undefined;
  /** When the last one was sent that is known to be stored; undefined once another failed. */
  #provedAt: number | undefined;
  /** The others may have taken this one for dead, and what they did meanwhile is not made good here. */
  #isDoubted = false;

  constructor(
    readonly world: World,
    readonly id: string,
    readonly beatMs: number,
  ) {}

  /** Milliseconds without a beat after which a server is taken for dead. */
  get deadMs(): number {
    return MISSED_BEATS * this.beatMs;
  }

  /** How many serve the database, this one among them. */
  get count(): number {
    return Math.max(1, this.#living.length);
  }

  /** Waits until this server knows what any other has committed before; undefined where it does, or is alone. */
  heardAll(): Promise<void> | undefined {
    return this.world.storage.heardAll(this.count > 1);
  }

  /** Of works that one does for all, this one does them. Another may for a moment, too: each claims what it does. */
  get isFirst(): boolean {
    return !this.world.storage.isShared || this.#living[0]?.id === this.id;
  }

  /** From now on the others are told where this one is reached. */
  async listensAt(address: string): Promise<void> {
    if (!this.world.storage.isShared) return;
    this.#address = address;
    await this.beat();
  }

  /** Whether nobody can have taken this one for dead: its last beat is not that long ago. */
  isSure(): boolean {
    const { storage, clock } = this.world;
    if (!storage.isShared) return true;
    return !this.#isDoubted && this.#beatAt !== undefined && clock.monotonic() - this.#beatAt < this.deadMs;
  }

  /** Whether they may have, and `isRightAgain` was not said since. */
  get isDoubted(): boolean {
    return this.#isDoubted;
  }

  /** Whatever they did meanwhile is made good here. */
  isRightAgain(): void {
    this.#isDoubted = false;
  }

  /**
   * Whether it could say for so long without a gap that it lives: then whoever did not is dead, and not just the
   * database was away, for all of them.
   */
  isSteadyFor(ms: number): boolean {
    const since = this.#steadySince;
    return since !== undefined && this.isSure() && this.world.clock.monotonic() - since >= ms;
  }

  /** Stores that this server lives. */
  async say(): Promise<void> {
    const { storage, clock } = this.world;
    const sentAt = clock.monotonic();
    try {
      await storage.transaction((tx) => tx.instances.beat(this.id, clock.now(), this.#address));
      this.#provedAt = sentAt;
    } catch (error) {
      this.#provedAt = undefined;
      throw error;
    }
  }

  /** That the database takes writes is proved by the last beat, or by one more. @throws StorageUnavailable */
  async proveWrites(): Promise<void> {
    const isProved = this.#provedAt !== undefined && this.world.clock.monotonic() - this.#provedAt < this.deadMs / 2;
    if (!isProved) await this.say();
  }

  /** Says it, and sees who else does. After a gap it is doubted until somebody looked what the others did meanwhile. */
  async beat(): Promise<void> {
    const { storage, clock } = this.world;
    if (!storage.isShared) return this.say();
    // Asked before it says so itself: a machine that slept does not know it.
    const before = await storage.read.instances.listLiving(this.deadMs);
    const sentAt = clock.monotonic();
    await this.say();
    const wasSure = this.isSure() && before.some(({ id }) => id === this.id);
    if (!wasSure) this.#steadySince = sentAt;
    // Before it counts as alive: there must be no moment in between.
    if (!wasSure && this.#beatAt !== undefined) this.#isDoubted = true;
    this.#beatAt = sentAt;
    this.#living = await storage.read.instances.listLiving(this.deadMs);
  }
}
