import type { Clock } from "../clock.js";
import type { Engine } from "../engine/engine.js";
import type { Sealing } from "../sealing.js";
import type { Storage } from "../storage/index.js";
import type { EnginePool } from "./engine/pool.js";
import type { EventFeed } from "./events/event-feed.js";
import type { JoinLinks } from "./entering/join-link.js";
import type { PasswordGate } from "./password-gate.js";
import type { Homes } from "./homes/homes.js";
import type { Neighbours } from "./homes/neighbours.js";
import type { KnownCallers } from "./license/known-callers.js";
import type { TokenSigner } from "./license/token-signer.js";
import type { Unsettled } from "./session/unsettled.js";

/** The world a use-case acts in: its first argument. Opened once, by `src/services.ts`. */
export interface Services {
  storage: Storage;
  /** By their names; those of the table come and go while the server runs. */
  engines: ReadonlyMap<string, Engine>;
  /**
   * The engine of a session.
   * @throws EngineRefused where this server does not have it
   */
  engineOf(of: { engine: string }): Engine;
  /** The engine of a session that starts. */
  pool: EnginePool;
  sealing: Sealing;
  clock: Clock;
  links: JoinLinks;
  tokens: TokenSigner;
  /** Who was let in before. */
  knownCallers: KnownCallers;
  passwordGate: PasswordGate;
  /** Keyed hashes, to compare by what must not lie stored: of today's secret, then of those before it. */
  fingerprints(text: string): [string, ...string[]];
  /** What happens, for those who listen. */
  feed: EventFeed;
  /** This process' row of `instances`; a stay carries the process that sees it. */
  instanceId: string;
  /** The servers of this database, and which of them runs which room. */
  neighbours: Neighbours;
  homes: Homes;
  /** Last steps of sessions that the database could not take yet. */
  unsettled: Unsettled;
  /** Sessions that a call of this process is opening or closing right now. */
  underWay: Set<string>;
  /** Milliseconds a call waits for an engine, or for another call's start (start-5). */
  engineWaitMs: number;
  /** Milliseconds for which somebody who was sent on to an engine elsewhere takes a place before it tells of them. */
  onTheWayMs: number;
  /** Milliseconds for which a place is held after its line broke (leave-2). */
  holdMs: number;
  isProduction: boolean;
  log: { warn(facts: object, message: string): void; error(facts: object, message: string): void };
}
