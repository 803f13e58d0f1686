import { setImmediate as nextTurn } from "node:timers/promises";
import type { Engine, LiveRoom } from "../../engine/engine.js";
import type { OverElsewhere } from "../../storage/index.js";
import type { Services } from "../services.js";
import { endReported } from "../session/end-reported.js";
import { callEngine } from "../session/engine-call.js";
import { type Look, PeopleSeen } from "./people.js";
import { openSessions } from "../session/open-sessions.js";

/** A room that is missed twice, so far apart, is gone: an engine may lose sight of one for a moment. */
export const GONE_MS = 10_000;
/** Rooms of sessions that are over are looked for this far back, and further if there was no look for longer. */
export const OVER_BACK_MS = 10 * 60_000;
const OVER_MOST_BACK_MS = 24 * 60 * 60_000;
/** At most so many of them, so many ends at once, and in one round. */
const MOST_OVER = 500;
const AT_ONCE = 16;
const MOST_ENDS = 200;
/** Rooms whose people are compared in one turn of the event loop. */
const ROOMS_A_TURN = 10;

/** One engine elsewhere, as its looks show it. */
class Follower {
  readonly #people: PeopleSeen;
  #missing = new Map<string, Look>();
  #lookedAt: Date | undefined;
  #isBusy = false;

  constructor(
    readonly services: Services,
    readonly engine: Engine,
  ) {
    this.#people = new PeopleSeen(services, engine.name);
  }

  /** Nothing, while the round before goes on: an engine that hangs is not asked twice at once. */
  async round(running: readonly string[]): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.#look(running);
    } finally {
      this.#isBusy = false;
    }
  }

  async #look(running: readonly string[]): Promise<void> {
    const { clock } = this.services;
    const look: Look = { at: clock.now(), monotonic: clock.monotonic() };
    const over = await this.#over(look.at);
    const { elsewhere } = this.engine;
    if (!elsewhere || running.length + over.length === 0) return;
    const asked = [...running, ...over.map(({ id }) => id)];
    const rooms = new Map(
      (await callEngine(this.services, () => elsewhere.look(asked))).map((room) => [room.sessionId, room]),
    );
    this.#lookedAt = look.at;
    await this.#atOnce(this.#gone(running, rooms, look), (gone) => this.#end(gone));
    await this.#atOnce(
      over.filter(({ id }) => rooms.has(id)),
      (session) => this.#close(session),
    );
    await this.#comparePeople(
      running.flatMap((id) => rooms.get(id) ?? []),
      look,
    );
  }

  #over(now: Date): Promise<OverElsewhere[]> {
    const since = (this.#lookedAt?.getTime() ?? 0) - OVER_BACK_MS;
    const back = new Date(Math.max(since, now.getTime() - OVER_MOST_BACK_MS));
    return this.services.storage.read.sessions.listOverElsewhere(this.engine.name, back, MOST_OVER);
  }

  /** Those that were missed by an earlier look, too; with when they were missed first. */
  #gone(running: readonly string[], rooms: ReadonlyMap<string, LiveRoom>, look: Look) {
    const missed = running.filter((id) => !rooms.has(id));
    this.#missing = new Map(missed.map((id) => [id, this.#missing.get(id) ?? look]));
    return [...this.#missing]
      .filter(([, first]) => look.monotonic - first.monotonic >= GONE_MS)
      .map(([sessionId, { at }]) => ({ sessionId, at }));
  }

  async #end({ sessionId, at }: { sessionId: string; at: Date }): Promise<void> {
    await endReported(this.services, this.engine.name, { sessionId, at, source: "POLL" });
    this.services.log.warn(
      { sessionId, engine: this.engine.name },
      "a session's room was gone at its engine: it has ended",
    );
  }

  /** It was opened late, or came back with its engine. Nobody holds a link into it that still works. */
  async #close({ id, endCause }: OverElsewhere): Promise<void> {
    await callEngine(this.services, () => this.engine.closeRoom(id, endCause ?? "LOST"));
  }

  async #comparePeople(rooms: readonly LiveRoom[], look: Look): Promise<void> {
    for (const [at, room] of rooms.entries()) {
      if (at % ROOMS_A_TURN === 0) await nextTurn();
      await this.#people
        .look(room, look)
        .catch((err: unknown) => this.services.log.warn({ err }, "the people of a room could not be compared"));
    }
    this.#people.endRound();
  }

  /** What fails is tried again in the next round. */
  async #atOnce<Each>(all: readonly Each[], work: (each: Each) => Promise<void>): Promise<void> {
    const left = all.slice(0, MOST_ENDS);
    while (left.length > 0) await Promise.allSettled(left.splice(0, AT_ONCE).map(work));
  }
}

/**
 * Asks the engines elsewhere what is in their rooms, each by itself: who came and went without being told, whose room is
 * gone, and which rooms are left of sessions that are over. A look that fails changes nothing.
 * @param isOver whether nobody wants to hear any more of a round that fails
 * @returns one round, done when each engine's is; it may begin while one before goes on, because an engine hangs
 */
export function followRooms(services: Services, isOver: () => boolean = () => false): () => Promise<void> {
  let followers = new Map<Engine, Follower>();
  const followed = async (follower: Follower, running: readonly string[]) => {
    await follower.round(running).catch((err: unknown) => {
      if (!isOver())
        services.log.warn({ err, engine: follower.engine.name }, "an engine's rooms could not be followed");
    });
  };
  return async () => {
    const there = [...services.engines.values()].filter(({ elsewhere }) => elsewhere !== undefined);
    followers = new Map(there.map((engine) => [engine, followers.get(engine) ?? new Follower(services, engine)]));
    if (there.length === 0) return;
    const running = new Map<string, string[]>(there.map(({ name }) => [name, []]));
    for await (const step of openSessions(services)) {
      for (const { id, status, engine } of step) if (status === "RUNNING") running.get(engine)?.push(id);
    }
    await Promise.all([...followers.values()].map((each) => followed(each, running.get(each.engine.name) ?? [])));
  };
}
