import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../../clock.js";
import type { OpenRoom, Storage } from "../../storage/index.js";

/**
 * As Scalelite counts (its LOAD_MIN_USER_COUNT and LOAD_JOIN_BUFFER_TIME): people come in the first minutes, so a young
 * room counts as if so many were in it already.
 */
export const YOUNG_ROOM_MS = 15 * 60_000;
export const YOUNG_ROOM_PEOPLE = 15;

/** What an engine bears. */
export interface Load {
  rooms: number;
  people: number;
  /** People, those of young rooms counted as said above, and a room that is empty as one. */
  load: number;
}

export const noLoad: Load = { rooms: 0, people: 0, load: 0 };

interface Counting {
  storage: Pick<Storage, "read">;
  clock: Clock;
}

/** Rooms that are counted in one turn of the event loop. */
export const ROOMS_A_STEP = 500;

const loadOf = ({ startedAt, people }: OpenRoom, now: number): number =>
  Math.max(people, now - startedAt.getTime() < YOUNG_ROOM_MS ? YOUNG_ROOM_PEOPLE : 1);

/** What every engine bears now, by its name. @param seen is told of each session that was counted */
export async function countLoads(
  { storage, clock }: Counting,
  seen: (sessionId: string) => void = () => {},
): Promise<Map<string, Load>> {
  const loads = new Map<string, Load>();
  const now = clock.now().getTime();
  let after = "";
  for (;;) {
    const step = await storage.read.engines.listRoomsAfter(after, ROOMS_A_STEP);
    for (const room of step) {
      const { rooms, people, load } = loads.get(room.engine) ?? noLoad;
      loads.set(room.engine, { rooms: rooms + 1, people: people + room.people, load: load + loadOf(room, now) });
      seen(room.id);
    }
    const last = step.at(-1);
    if (!last || step.length < ROOMS_A_STEP) return loads;
    after = last.meetingId;
    await nextTurn();
  }
}

/** A start is in no count before its transaction is over; it takes no longer. */
const COMMITTED_AFTER_MS = 1_000;

/** What engines bear, counted now and then, and the sessions that were given out since: of many starts at once each counts. */
export class Loads {
  #counted = new Map<string, Load>();
  readonly #given = new Map<string, { engine: string; at: number }>();
  readonly #givenTo = new Map<string, number>();

  constructor(readonly world: Counting) {}

  /** A session starts there. */
  give(sessionId: string, engine: string): void {
    this.#given.set(sessionId, { engine, at: this.world.clock.monotonic() });
    this.#givenTo.set(engine, (this.#givenTo.get(engine) ?? 0) + 1);
  }

  /** It did not start after all, or is counted elsewhere. */
  takeBack(sessionId: string): void {
    const given = this.#given.get(sessionId);
    if (!given) return;
    this.#given.delete(sessionId);
    this.#givenTo.set(given.engine, (this.#givenTo.get(given.engine) ?? 0) - 1);
  }

  of(engine: string): number {
    return (this.#counted.get(engine)?.load ?? 0) + (this.#givenTo.get(engine) ?? 0) * YOUNG_ROOM_PEOPLE;
  }

  async count(): Promise<void> {
    const from = this.world.clock.monotonic() - COMMITTED_AFTER_MS;
    const seen = new Set<string>();
    this.#counted = await countLoads(this.world, (sessionId) => seen.add(sessionId));
    for (const [sessionId, { at }] of this.#given) {
      if (seen.has(sessionId) || at < from) this.takeBack(sessionId);
    }
  }
}
