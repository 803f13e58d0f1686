import { setTimeout as sleep } from "node:timers/promises";
import type { Queries, Session, Storage } from "../../storage/index.js";
import { StorageUnavailable } from "../../storage/index.js";
import type { Home, RoomHomes } from "../../engine/engine.js";
import type { Neighbours } from "./neighbours.js";

/** It is another server's now, or nobody's for a moment: whoever wanted to do something there tries again. */
export class NotAtHome extends StorageUnavailable {}

/**
 * Which server runs which room, where several serve one database: the first that is asked for it, for as long as it lives
 * (decision 48). On SQLite every room is at home here, and nothing is asked.
 */
export class Homes implements RoomHomes {
  readonly #here = new Set<string>();
  #saying: Promise<void> | undefined;

  constructor(
    readonly storage: Pick<Storage, "read" | "transaction" | "isShared">,
    readonly neighbours: Neighbours,
    /** Makes good what others did with rooms of this server while they took it for dead. */
    readonly setRight: () => Promise<void>,
  ) {}

  /** Says that this server lives, and sets its rooms right where the others may have doubted it. One at a time: all wait for that one. */
  sayAlive(): Promise<void> {
    this.#saying ??= this.#say().finally(() => (this.#saying = undefined));
    return this.#saying;
  }

  async #say(): Promise<void> {
    const { neighbours } = this;
    await neighbours.beat();
    if (!neighbours.isDoubted) return;
    await this.setRight();
    neighbours.isRightAgain();
  }

  /** Whether this server runs the room, and nobody else can have taken it. Asks nobody. */
  isHere(sessionId: string): boolean {
    return !this.storage.isShared || (this.#here.has(sessionId) && this.neighbours.isSure());
  }

  /**
   * As `isHere`; where it was not heard of for a while, it says at once that it lives, and looks what the others did meanwhile.
   * False after a beat's time where the database does not answer.
   */
  async isStillHere(sessionId: string): Promise<boolean> {
    if (!this.neighbours.isSure()) {
      // What was being said already may have been sent before the gap.
      const again = () => (this.neighbours.isSure() ? undefined : this.sayAlive());
      const said = this.sayAlive()
        .then(again)
        .catch(() => {});
      await Promise.race([said, sleep(this.neighbours.beatMs, undefined, { ref: false })]);
    }
    return this.isHere(sessionId);
  }

  /** Another server that runs the room; undefined where this one does, or nobody. */
  async elsewhere(sessionId: string): Promise<Home | undefined> {
    if (this.isHere(sessionId)) return undefined;
    const { id, deadMs } = this.neighbours;
    const home = await this.storage.read.homes.find(sessionId, deadMs);
    return home && home.id !== id ? home : undefined;
  }

  /**
   * The room's home; this server, where it has none.
   * @throws NotAtHome where it can't be told yet whether the one that had it is dead
   */
  async take(sessionId: string): Promise<Home | "HERE"> {
    const home = await this.elsewhere(sessionId);
    if (home || this.isHere(sessionId)) return home ?? "HERE";
    const { id } = this.neighbours;
    const taken = await this.storage.transaction(async (tx) => {
      const session = await tx.sessions.lock(sessionId);
      // Entering it is refused in its own words.
      if (session?.status !== "RUNNING") return "OVER";
      if (session.homeId === id) return "OURS";
      if (!(await this.#isFree(tx, session))) return "THEIRS";
      await tx.homes.set(sessionId, id);
      return "OURS";
    });
    if (taken === "THEIRS") return (await this.elsewhere(sessionId)) ?? this.take(sessionId);
    if (taken === "OURS") this.#here.add(sessionId);
    return "HERE";
  }

  /** Whoever has not said so may be away together with the database: first this one must have been sure for a while. */
  async #isFree(tx: Queries, { homeId }: Session): Promise<boolean> {
    if (homeId === null) return true;
    const { neighbours } = this;
    if (await tx.instances.findLiving(homeId, neighbours.deadMs)) return false;
    const [known] = await tx.instances.findMany([homeId]);
    if (known && known.endedAt === null && !neighbours.isSteadyFor(neighbours.deadMs)) {
      throw new NotAtHome("the server that ran the room may still live");
    }
    return true;
  }

  /** Whether a session, as a transaction sees it, has its room here. */
  has({ homeId }: Pick<Session, "homeId">): boolean {
    return !this.storage.isShared || homeId === this.neighbours.id;
  }

  /** @throws NotAtHome where it has not */
  demand(session: Pick<Session, "homeId">): void {
    if (!this.has(session)) throw new NotAtHome("another server runs the room");
  }

  /** After others may have taken this one for dead. @returns which of these rooms they have taken */
  async lost(sessionIds: readonly string[]): Promise<string[]> {
    const { id } = this.neighbours;
    // What is taken from now on is not asked for, and stays.
    const asked = [...new Set([...sessionIds, ...this.#here])];
    const stored = await this.storage.read.homes.list(asked);
    const gone = stored.filter(({ homeId }) => homeId !== id).map((session) => session.id);
    for (const sessionId of asked) this.#here.delete(sessionId);
    for (const session of stored) if (session.homeId === id) this.#here.add(session.id);
    return gone;
  }

  /** Nobody is in it any more. */
  forget(sessionId: string): void {
    this.#here.delete(sessionId);
  }

  get isFirst(): boolean {
    return this.neighbours.isFirst;
  }

  /** This server ends: others may run its rooms. */
  async leave(): Promise<void> {
    this.#here.clear();
    if (this.storage.isShared) await this.storage.transaction((tx) => tx.homes.leaveAll(this.neighbours.id));
  }
}
