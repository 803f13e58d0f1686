import type { Engine, EngineSetting, OpenedEngine } from "../../engine/engine.js";
import type { Sealing } from "../../sealing.js";
import type { EngineRow, Storage } from "../../storage/index.js";
import { type EngineOptions, readSecrets } from "./stored-engine.js";

/** @throws Error where this server has no such kind, or the kind does not take them */
export type OpenStored = (row: Pick<EngineRow, "name" | "kind">, given: EngineOptions) => OpenedEngine;

/** Whether and how much of the sessions whose license names no engine it takes. */
export interface Share {
  weight: number;
  drainingAt: Date | null;
}

/** How a row was when its engine was opened; undefined where it could not be. */
interface Followed {
  as: string;
  opened: OpenedEngine | undefined;
}

/** What an engine is made of; what else changes in its row needs no new one. */
const whatItIs = ({ kind }: EngineRow, given: EngineOptions | undefined): string => JSON.stringify([kind, given]);

const unreadable = (name: string): string =>
  `the secret of the engine ${name} was stored under another SECRET_KEY: it takes no sessions before that key stands in ` +
  `SECRET_KEY_PREVIOUS, or "vconnct engine update ${name}" is given the secret again`;

interface World {
  storage: Pick<Storage, "read" | "commitsElsewhere">;
  sealing: Sealing;
  log: EngineSetting["log"];
}

/** The engines there are by their names: those that this server was started with, and those of the table as it is now. */
export class EngineRegistry {
  readonly engines = new Map<string, Engine>();
  readonly opened = new Map<string, OpenedEngine>();
  /** Also of those in the table that could not be opened. */
  readonly shares = new Map<string, Share>();
  readonly #rows = new Map<string, Followed>();
  readonly #fixed: ReadonlySet<string>;
  readonly #leaving = new Set<OpenedEngine>();
  #followedTo: number | undefined;

  /** @param fixed with their weights; they never drain */
  constructor(
    fixed: ReadonlyMap<string, { opened: OpenedEngine; weight: number }>,
    readonly world: World,
    readonly openStored: OpenStored,
    /** How long an engine that is replaced may take for its last calls, in milliseconds. */
    readonly lastCallsMs: number,
  ) {
    this.#fixed = new Set(fixed.keys());
    for (const [name, { opened, weight }] of fixed) this.#put(name, opened, { weight, drainingAt: null });
  }

  isFixed(name: string): boolean {
    return this.#fixed.has(name);
  }

  #put(name: string, opened: OpenedEngine, share: Share): void {
    this.opened.set(name, opened);
    this.engines.set(name, opened.engine);
    this.shares.set(name, share);
  }

  /** Reads the table again where another process has committed since; nothing else changes it. */
  async follow(): Promise<void> {
    const { storage } = this.world;
    const now = storage.commitsElsewhere();
    if (now === this.#followedTo) return;
    const rows = await storage.read.engines.list();
    const names = new Set(rows.map(({ name }) => name));
    for (const name of this.#rows.keys()) if (!names.has(name)) this.#drop(name);
    for (const row of rows) this.#followRow(row);
    this.#followedTo = now;
  }

  #followRow(row: EngineRow): void {
    const { name } = row;
    const secrets = readSecrets(this.world, row);
    const given = secrets && { options: row.options, secrets };
    const as = whatItIs(row, given);
    const share = { weight: row.weight, drainingAt: row.drainingAt };
    if (this.#rows.get(name)?.as === as) {
      this.#notice(name, share);
      return;
    }
    const opened = this.#open(row, given);
    this.#drop(name);
    this.#rows.set(name, { as, opened });
    if (this.#fixed.has(name)) return;
    this.shares.set(name, share);
    if (opened) this.#put(name, opened, share);
    if (opened) this.#say({ engine: name }, "an engine of the table was opened");
  }

  #notice(name: string, share: Share): void {
    if (this.#fixed.has(name)) return;
    const wasDraining = this.shares.get(name)?.drainingAt != null;
    this.shares.set(name, share);
    if (share.drainingAt && !wasDraining) this.#say({ engine: name }, "an engine drains: it gets no new sessions");
    if (!share.drainingAt && wasDraining) this.#say({ engine: name }, "an engine drains no more: it gets new sessions");
  }

  /** What changes while the server runs; how it was at the start is no news. */
  #say(facts: object, message: string): void {
    if (this.#followedTo !== undefined) this.world.log.warn(facts, message);
  }

  /** undefined, and said, where it can't be: whoever has sessions there is told as of an engine that is not here. */
  #open(row: EngineRow, given: EngineOptions | undefined): OpenedEngine | undefined {
    const { log } = this.world;
    const { name } = row;
    if (this.#fixed.has(name)) {
      log.error({ engine: name }, `the engine ${name} of the table is left out: this server uses the name itself`);
      return undefined;
    }
    if (!given) {
      log.error({ engine: name }, unreadable(name));
      return undefined;
    }
    try {
      return this.openStored(row, given);
    } catch (err) {
      log.error({ engine: name, err }, `the engine ${name} of the table can't be opened: it takes no sessions`);
      return undefined;
    }
  }

  #drop(name: string): void {
    const { opened } = this.#rows.get(name) ?? {};
    this.#rows.delete(name);
    if (!this.#fixed.has(name)) this.shares.delete(name);
    if (!opened) return;
    this.engines.delete(name);
    this.opened.delete(name);
    this.#say({ engine: name }, "an engine of the table was removed or changed: what was open is closed");
    this.#leaving.add(opened);
    setTimeout(() => void this.#close(opened), this.lastCallsMs).unref();
  }

  async #close(opened: OpenedEngine): Promise<void> {
    this.#leaving.delete(opened);
    await opened.close?.().catch((err: unknown) => {
      this.world.log.warn({ err, engine: opened.engine.name }, "an engine could not be closed");
    });
  }

  /** Every one, at the end of the process. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values(), ...this.#leaving].map((opened) => this.#close(opened)));
  }
}
