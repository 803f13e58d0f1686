import { setImmediate as nextTurn } from "node:timers/promises";
import { forgetWhatIsOver } from "./domain/forgetting.js";
import { endEmptyRooms } from "./domain/session/empty-rooms.js";
import { noteAlive } from "./domain/homes/note-alive.js";
import { followRooms } from "./domain/following/rooms.js";
import { callEngine } from "./domain/session/engine-call.js";
import { openSessions } from "./domain/session/open-sessions.js";
import { personOf } from "./domain/session/room.js";
import { closeAbandonedStays, settleStuckSessions } from "./domain/session/settle-sessions.js";
import { lookForRecordings } from "./domain/recording/look-for-recordings.js";
import type { Services } from "./domain/services.js";
import type { Opened } from "./services.js";
import type { Session } from "./storage/index.js";

/** Says of a session whether it has been in nobody's hands for too long. */
function stuckWatch({ underWay, unsettled, clock }: Services, stuckMs: number) {
  const firstSeen = new Map<string, number>();
  return (id: string): boolean => {
    if (underWay.has(id) || unsettled.has(id)) {
      firstSeen.delete(id);
      return false;
    }
    const since = firstSeen.get(id) ?? clock.monotonic();
    firstSeen.set(id, since);
    return clock.monotonic() - since >= stuckMs;
  };
}

/** Ids that are asked of in one turn of the event loop. */
const IDS_A_STEP = 500;

/**
 * Another process ended a session (the operator's tool): the people served here are sent out, and where that fails,
 * again in the next round.
 */
function followOthers(services: Services): () => Promise<void> {
  const { storage, engines } = services;
  let followedTo = storage.commitsElsewhere();
  const close = (session: Session) =>
    callEngine(services, async () => services.engineOf(session).closeRoom(session.id, session.endCause ?? "OPERATOR"));
  return async () => {
    const now = storage.commitsElsewhere();
    if (now === followedTo) return;
    const ids = [...engines.values()].flatMap(({ here }) => here?.sessionIds() ?? []);
    const failures: unknown[] = [];
    while (ids.length > 0) {
      const ended = await storage.read.sessions.listEnded(ids.splice(0, IDS_A_STEP));
      for (const each of await Promise.allSettled(ended.map(close))) {
        if (each.status === "rejected") failures.push(each.reason);
      }
      await nextTurn();
    }
    if (failures.length > 0) throw failures[0];
    followedTo = now;
  };
}

async function countOutAbandoned(services: Services): Promise<void> {
  for await (const step of closeAbandonedStays(services)) {
    for (const attendance of step) {
      for (const { here } of services.engines.values()) here?.countedOut(attendance.sessionId, personOf(attendance));
    }
  }
}

/** Their rooms can be neither entered nor closed before that engine is back. */
async function warnOfForeignSessions(services: Services): Promise<void> {
  for await (const step of openSessions(services)) {
    for (const { id, engine } of step) {
      if (services.engines.has(engine)) continue;
      services.log.warn({ sessionId: id, engine }, "an open session's engine is not part of this server");
    }
  }
}

const FORGET_EVERY_MS = 60 * 60 * 1000;

/** Says once that it is gone, and once that it is back. */
function watchDatabase({ storage, log }: Services): () => Promise<void> {
  let wasInPlace = true;
  return async () => {
    const isInPlace = storage.isInPlace();
    if (isInPlace !== wasInPlace) log.error({}, isInPlace ? "the database is back in its place" : storage.outOfPlace);
    wasInPlace = isInPlace;
    await storage.inspect();
  };
}

/** Rounds never overlap; a failing one is logged and tried again with the next, while there is a next. */
function repeat({ log }: Services, ms: number, isOver: () => boolean, round: () => Promise<void>): NodeJS.Timeout {
  let running = false;
  const timer = setInterval(async () => {
    if (running) return;
    running = true;
    await round().catch((err: unknown) => {
      if (!isOver()) log.warn({ err }, "a housekeeping round failed");
    });
    running = false;
  }, ms);
  return timer.unref();
}

async function begin(services: Services): Promise<void> {
  const { storage, instanceId, clock, pool, neighbours } = services;
  await storage.transaction((tx) => tx.instances.insert(instanceId, clock.now()));
  await pool.look();
  await pool.count();
  await neighbours.beat();
  // What another server is just opening is its own to settle.
  if (neighbours.count === 1) await settleStuckSessions(services, () => true);
  await warnOfForeignSessions(services);
}

/**
 * What a running server does without being asked: it says that it lives, ends what nobody ends, and finishes what a
 * dead process left.
 * @returns stops it, and notes that this process ended in good order
 */
export async function keepHouse({ services, config }: Opened): Promise<() => Promise<void>> {
  const { storage, instanceId, clock, pool, neighbours } = services;
  const { heartbeat, hold, sweep, recover, stuck, follow, engineLoad } = config.timings;
  await begin(services);
  const isStuck = stuckWatch(services, stuck);
  const beat = noteAlive(services);
  const look = lookForRecordings(services);
  const endEmpty = endEmptyRooms(services, config.emptyRoomMinutes);
  const tidy = async () => {
    await services.unsettled.retryAll();
    if (!neighbours.isFirst) return;
    await endEmpty();
    await settleStuckSessions(services, isStuck);
  };
  /** Done by one server for all; each claims what it does, because for a moment two may think that they are the one. */
  const forAll = (round: () => Promise<void> | void) => async () => (neighbours.isFirst ? round() : undefined);
  let isStopped = false;
  const isOver = () => isStopped;
  const followRound = followRooms(services, isOver);
  // Where the database was away, nobody could say that they live.
  const isCertain = () => !storage.isShared || neighbours.isSteadyFor(hold);
  const countOut = async () => (isCertain() ? countOutAbandoned(services) : undefined);
  const rounds: [everyMs: number, round: () => Promise<void>][] = [
    [heartbeat, watchDatabase(services)],
    [heartbeat, beat],
    [sweep, tidy],
    [sweep, forAll(look)],
    // A round of its own, so that an engine that answers neither holds up the other.
    [sweep, followOthers(services)],
    // Not waited for: the next round asks the others while one engine hangs.
    [follow, forAll(() => void followRound())],
    [sweep, () => pool.look()],
    [engineLoad, () => pool.count()],
    // Again and again, and nearly always nothing to do: a failed round must not leave anyone inside for ever.
    [storage.isShared ? heartbeat : recover, forAll(countOut)],
    [FORGET_EVERY_MS, forAll(() => forgetWhatIsOver(services, config.retention, isOver))],
  ];
  const timers = rounds.map(([everyMs, round]) => repeat(services, everyMs, isOver, round));
  return async () => {
    isStopped = true;
    for (const timer of timers) clearInterval(timer);
    // Only a note: without it the last heartbeat says when this process lived, and its end must not hang on that.
    await storage
      .transaction((tx) => tx.instances.end(instanceId, clock.now()))
      .catch((err: unknown) => services.log.warn({ err }, "the end of this process could not be noted"));
  };
}
