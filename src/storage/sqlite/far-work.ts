import type { Reach } from "../queries/conditions.js";
import type { PageRequest } from "../queries/lists/page-request.js";

/** Lists that no index may bound. */
export const farLists = ["meetings", "sessions", "recordings"] as const;
export type FarList = (typeof farLists)[number];

/** What the reading thread is asked. */
export interface FarWork {
  list: FarList;
  reach: Reach;
  /** A page; or, with no rows asked for, how many there are. */
  request: PageRequest<string>;
  isCount: boolean;
  /** Milliseconds. */
  within: number;
}

export type FarAnswer = { rows: unknown[] } | { count: number } | { isTooSlow: true } | { failed: FarFault };

/** An error's class does not cross to another thread; SQLite's code does. */
export interface FarFault {
  message: string;
  code: string | undefined;
}

export interface FarSetting {
  path: string;
  busyMs: number;
}
