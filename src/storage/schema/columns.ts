import { integer, text } from "drizzle-orm/sqlite-core";

// Value lists are TypeScript's alone: a CHECK on them would rebuild the table for each new value.
export const sessionStatuses = ["STARTING", "RUNNING", "ENDING", "ENDED", "FAILED"] as const;
export const endCauses = ["API", "MODERATOR", "EMPTY", "ENGINE", "LOST", "OPERATOR"] as const;
export const roles = ["MODERATOR", "VIEWER"] as const;
export const staySources = ["LIVE", "WEBHOOK", "POLL", "ANALYTICS", "RECOVERED"] as const;
export const recordingStatuses = ["PROCESSING", "READY", "FAILED"] as const;
export const recordingStops = ["STOPPED", "TAKEN_OVER", "LEFT", "STORAGE_FULL", "ENDED"] as const;
export const revokers = ["OPERATOR", "NEW_SECRET"] as const;
export const repeatables = ["CREATE_MEETING", "START_MEETING"] as const;
export const doors = ["V1", "GRAPHQL", "ROOM", "CLI", "ENGINE", "SYSTEM"] as const;

/** Only a caller's own license, or a row read by one, has this type: a query that forgets the license does not compile. */
export type LicenseId = string & { readonly brand: "LicenseId" };

/** A missing name counts as false, so that a new setting needs no migration. */
export type StoredSettings = Record<string, boolean>;

/** One way to watch or hear a recording. */
export interface StoredFormat {
  /** The engine's word: `presentation`, `video`, `podcast` … */
  type: string;
  /** null where it is good for a while only, and the engine is asked for it. */
  url: string | null;
  durationSeconds: number | null;
  sizeBytes: number | null;
  /** Small pictures of what it shows. */
  thumbnails: string[];
}

export const instant = (name: string) => integer(name, { mode: "timestamp_ms" });
export const flag = (name: string) => integer(name, { mode: "boolean" });
export const settingsColumn = (name: string) => text(name, { mode: "json" }).$type<StoredSettings>().notNull();

/** Stands for the end of what has not ended, so that sorting by the end loses no row to a null. */
export const NEVER_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Sessions that last this long are found by an index of their own: there are few. */
export const LONG_SESSION_MS = 6 * 60 * 60 * 1000;

/** Sessions that are over and whose room was not in this process, in the words of their index. */
export const OVER_ELSEWHERE = "engine <> 'builtin' AND ended_at IS NOT NULL";
