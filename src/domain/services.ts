import type { Engine } from "../engine/engine.js";
import type { EventDoor, License, Reach, Storage } from "../storage/index.js";
import type { JoinLinks } from "./join-link.js";

/** The world a use-case acts in: its first argument. Opened once, by `src/services.ts`. */
export interface Services {
  storage: Storage;
  engine: Engine;
  clock: { now(): Date };
  links: JoinLinks;
  /** This process' row of `instances`; a stay carries the process that sees it. */
  instanceId: string;
  /** Sessions that a call of this process is opening or closing right now. */
  underWay: Set<string>;
  /** Milliseconds a call waits for an engine, or for another call's start (start-5). */
  engineWaitMs: number;
  isProduction: boolean;
  log: { warn(facts: object, message: string): void; error(facts: object, message: string): void };
}

/** Where something came from: goes into its event row. */
export interface Origin {
  door: EventDoor;
  requestId?: string | undefined;
}

/** Who calls, with a license that is valid at this moment. */
export interface Caller extends Origin {
  license: License;
  reach: Reach;
}
