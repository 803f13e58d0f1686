import { type Engine, EngineRefused, EngineUnavailable } from "../../engine/engine.js";
import type { License } from "../../storage/index.js";
import { isEngineFailure } from "../refusal.js";
import type { EngineHealth } from "./health.js";
import { type Loads, YOUNG_ROOM_PEOPLE } from "./load.js";
import type { EngineRegistry, Share } from "./registry.js";

/** How an engine elsewhere is, for whoever watches the server. */
export interface EngineState {
  name: string;
  /** null before its first check is done. */
  answers: boolean | null;
  isDraining: boolean;
}

/** Which engine a session starts at. Asks nobody: what it goes by is known already. */
export class EnginePool {
  constructor(
    readonly registry: EngineRegistry,
    readonly health: EngineHealth,
    readonly loads: Loads,
    /** Runs the sessions while no engine elsewhere is there to take them. */
    readonly builtinName: string,
  ) {}

  /** Names of the pool's engines, whether they can take a session now or not. */
  #members(): [name: string, share: Share][] {
    return [...this.registry.shares].filter(([, { weight }]) => weight > 0);
  }

  /** Of those that can take a session the one with the least to do for its weight; known ones before unknown ones. */
  #least(): Engine | undefined {
    let least: { engine: Engine; isKnown: boolean; load: number } | undefined;
    for (const [name, { weight, drainingAt }] of this.#members()) {
      const engine = this.registry.engines.get(name);
      if (!engine || drainingAt || !this.health.isWell(engine)) continue;
      const isKnown = this.health.answers(engine) === true;
      const load = (this.loads.of(name) + YOUNG_ROOM_PEOPLE) / weight;
      const isBetter = !least || (isKnown === least.isKnown ? load < least.load : isKnown);
      if (isBetter) least = { engine, isKnown, load };
    }
    return least?.engine;
  }

  /** @throws EngineRefused */
  builtin(): Engine {
    return this.registry.engines.get(this.builtinName) ?? this.#missing(this.builtinName);
  }

  #shared(): Engine {
    if (this.#members().length === 0) return this.builtin();
    const least = this.#least();
    if (!least)
      throw new EngineUnavailable(
        "no engine of the pool takes sessions now: each drains, does not answer or could not be opened",
      );
    return least;
  }

  #missing(name: string): never {
    throw new EngineRefused(`this server does not have the engine "${name}"`);
  }

  /** A license's own is never exchanged for another: it was chosen for what it keeps, or for where it stands. */
  #own(name: string): Engine {
    const engine = this.registry.engines.get(name) ?? this.#missing(name);
    if (this.registry.shares.get(name)?.drainingAt) {
      throw new EngineRefused(`the license's engine "${name}" drains: it takes no new sessions`);
    }
    if (!this.health.isWell(engine)) throw new EngineUnavailable(`the license's engine "${name}" does not answer`);
    return engine;
  }

  /**
   * The engine of a session that starts now; it counts there from here on.
   * @throws EngineRefused, EngineUnavailable where there is none
   */
  choose({ engine: own }: Pick<License, "engine">, sessionId: string): Engine {
    const engine = own === null ? this.#shared() : this.#own(own);
    if (!engine.here) this.loads.give(sessionId, engine.name);
    return engine;
  }

  /** The session that was given out runs. */
  started(of: { id: string; engine: string }): void {
    const engine = this.registry.engines.get(of.engine);
    if (engine && !engine.here) this.health.started(engine);
  }

  /** It did not start: the engine's fault, unless it refused just this room. */
  failed(of: { id: string; engine: string }, err: unknown): void {
    this.loads.takeBack(of.id);
    const engine = this.registry.engines.get(of.engine);
    const isRefused = isEngineFailure(err) && !err.facts.retryable;
    if (engine && !engine.here && !isRefused) this.health.failedToStart(engine, err);
  }

  /** Engines of the table come and go, and checks that are due begin; nobody waits for those. */
  async look(): Promise<void> {
    await this.registry.follow();
    this.health.look(this.#elsewhere());
  }

  /** Counts anew what each has to do, where there is any but the built-in one. */
  async count(): Promise<void> {
    if (this.#elsewhere().length > 0) await this.loads.count();
  }

  #elsewhere(): Engine[] {
    return [...this.registry.engines.values()].filter(({ here }) => !here);
  }

  /** Of every engine elsewhere; one that could not be opened answers nobody. */
  states(): EngineState[] {
    const { engines, shares } = this.registry;
    return [...shares].flatMap(([name, { drainingAt }]) => {
      const engine = engines.get(name);
      if (engine?.here) return [];
      const answers = engine ? (this.health.answers(engine) ?? null) : false;
      return [{ name, answers, isDraining: drainingAt !== null }];
    });
  }

  /**
   * Whether an engine of the pool is well, be it that it drains: then running sessions go on and people come to them.
   * undefined where the built-in engine is the pool.
   */
  isThere(): boolean | undefined {
    const members = this.#members();
    if (members.length === 0) return undefined;
    const engines = members.flatMap(([name]) => this.registry.engines.get(name) ?? []);
    return engines.some((engine) => this.health.isWell(engine));
  }
}
