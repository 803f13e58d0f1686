import type { Held } from "./place.js";

/** What SQLite tells of the write-ahead log, in pages. */
export interface LogState {
  /** 1 where somebody else is at it. */
  busy: 0 | 1;
  log: number;
  /** How many of them are in the file. */
  checkpointed: number;
}

export type Moved = LogState | { failed: { message: string; code: string | undefined } };

export interface MovingSetting {
  path: string;
  busyMs: number;
  /** As this process opened them. */
  file: Held;
  log: Held | undefined;
}
