import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../clock.js";
import type { Engine, EngineSetting } from "../../engine/engine.js";

/** So many checks or starts that fail one after the other take an engine out. */
export const FAILURES_ALLOWED = 2;

interface State {
  /** Whether the last check was passed; undefined before the first. */
  answers?: boolean;
  failedChecks: number;
  failedStarts: number;
  checkedAt?: number;
  isChecking: boolean;
  isAway: boolean;
}

/** @throws Error what the engine threw, or that it took too long */
export async function checkWithin(engine: Engine, ms: number): Promise<void> {
  const timer = new AbortController();
  const tooLong = sleep(ms, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`the engine did not answer within ${ms} ms`);
  });
  try {
    await Promise.race([engine.check(), tooLong]);
  } finally {
    timer.abort();
    tooLong.catch(() => {});
  }
}

/**
 * Which engines elsewhere answer. Each is asked by itself and nobody waits for it. One that fails twice, at checks or at
 * starts of sessions, takes no new ones until it passes a check; a start that fails right after that takes it out again, so
 * that one which answers and opens no room does not draw every session.
 */
export class EngineHealth {
  readonly #states = new WeakMap<Engine, State>();

  constructor(
    readonly world: { clock: Clock; log: EngineSetting["log"] },
    readonly everyMs: number,
  ) {}

  #of(engine: Engine): State {
    const known = this.#states.get(engine);
    if (known) return known;
    const state: State = { failedChecks: 0, failedStarts: 0, isChecking: false, isAway: false };
    this.#states.set(engine, state);
    return state;
  }

  /** undefined while nobody knows yet. */
  answers(engine: Engine): boolean | undefined {
    return this.#of(engine).answers;
  }

  /** Whether it gets new sessions. */
  isWell(engine: Engine): boolean {
    return !this.#of(engine).isAway;
  }

  /** Begins the checks that are due, and waits for none. */
  look(engines: Iterable<Engine>): void {
    const now = this.world.clock.monotonic();
    for (const engine of engines) {
      const { isChecking, checkedAt } = this.#of(engine);
      if (isChecking || (checkedAt !== undefined && now - checkedAt < this.everyMs)) continue;
      void this.#check(engine, now);
    }
  }

  async #check(engine: Engine, now: number): Promise<void> {
    const state = this.#of(engine);
    state.isChecking = true;
    state.checkedAt = now;
    try {
      await checkWithin(engine, this.everyMs);
      state.answers = true;
      state.failedChecks = 0;
      state.failedStarts = Math.min(state.failedStarts, FAILURES_ALLOWED - 1);
      this.#judge(engine);
    } catch (err) {
      state.answers = false;
      state.failedChecks += 1;
      this.#judge(engine, err);
    } finally {
      state.isChecking = false;
    }
  }

  /** It opened a room. */
  started(engine: Engine): void {
    this.#of(engine).failedStarts = 0;
  }

  /** It did not open a room, and not because of that room. */
  failedToStart(engine: Engine, err: unknown): void {
    this.#of(engine).failedStarts += 1;
    this.#judge(engine, err);
  }

  /** Says it once when an engine goes, and once when it comes back. */
  #judge(engine: Engine, err?: unknown): void {
    const state = this.#of(engine);
    const wasAway = state.isAway;
    state.isAway = state.failedChecks >= FAILURES_ALLOWED || state.failedStarts >= FAILURES_ALLOWED;
    if (state.isAway === wasAway) return;
    const { log } = this.world;
    const { name } = engine;
    if (state.isAway) log.error({ engine: name, err }, "an engine does not answer: it gets no new sessions");
    else log.warn({ engine: name }, "an engine answers again: it gets new sessions");
  }
}
