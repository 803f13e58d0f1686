import type { Source } from "../engine/engine.js";
import type { EventDoor, License, Reach } from "../storage/index.js";
import type { AccessScope } from "./license/scopes.js";

/** Where something came from: goes into its event row. */
export interface Origin {
  door: EventDoor;
  requestId?: string | undefined;
  /** Which access token acted; the license itself where there is none. */
  actor?: string | undefined;
}

/** Whoever the gateway itself lets in comes through the room; what an engine tells comes from the engine. */
export const originOf = (source: Source): Origin => ({ door: source === "LIVE" ? "ROOM" : "ENGINE" });

/** Who calls, with a license that is valid at this moment. */
export interface Caller extends Origin {
  license: License;
  reach: Reach;
  /** What it came with when it is not the license's key itself, which may do everything. */
  grant?: Grant | undefined;
}

/** An access token's right. */
export interface Grant {
  tokenId: string;
  scopes: ReadonlySet<AccessScope>;
}
