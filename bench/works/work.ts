import type { PeerName } from "../peers.js";
import type { Server } from "../servers.js";

/** One request, the same for every server. */
export interface Ask {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** What we want to reach beside the base: at most so much of its CPU a request, at least so many of its requests a second. */
export interface Goal {
  cpu?: number;
  perSecond?: number;
}

/** What was done in a turn. */
export interface Carried {
  /** Milliseconds that each took. */
  latencies: number[];
  /** When the last was done. */
  endedAt: number;
  /** What has to be put back, which is not measured. */
  after?: () => Promise<void>;
}

/** Something servers are measured at. */
export interface Work {
  /** What `--work` calls it, alone or with others of that name. */
  name: string;
  /** What the table says besides. */
  size: string;
  /** The first is the base of the ratios; the others take turns with it. */
  servers: readonly PeerName[];
  /**
   * The request of this number, as this server takes it; where all are alike no number is minded, and mostly all servers
   * take the same.
   */
  ask(number: number, server: PeerName): Ask;
  goals?: Partial<Record<PeerName, Goal>>;
  /** What of an answer's body must be the same; all of it when left out. */
  compared?: (body: string, server: PeerName) => string;
  /** Each request is another one: there are so many. */
  different?: number;
  connections?: number;
  /** So many of it in a turn, whatever they take. */
  amount?: number;
  /** Where one of it is more than a request: does all of a turn. */
  carry?: (server: Server) => Promise<Carried>;
}

/** As most partners' programs ask. */
export const headers = (license: string): Record<string, string> => ({ license, "accept-language": "en" });
