import type { BaseSQLiteDatabase } from "drizzle-orm/sqlite-core";
import type { Dialect } from "./dialect.js";
import type * as tables from "./schema/sqlite.js";

export type { LicenseId, StoredFormat, StoredSettings } from "./schema/sqlite.js";

/**
 * Queries are typed once, in drizzle's asynchronous mode, so that every result has to be awaited and the same
 * text runs on an engine that really answers later.
 */
export type Handle = BaseSQLiteDatabase<"async", unknown, typeof tables>;

/** The tables by their names; another database's have the same columns under the same names. */
export type Tables = typeof tables;

/**
 * A work can't go on without these rows.
 * @param rows that were just asked for, by one statement
 * @param refused what it is refused with where there are none
 */
export type Demand = (rows: Promise<readonly unknown[]>, refused: () => unknown) => Promise<void>;

/** What queries are made of: one connection, and its database's own tables and words. */
export interface QueryBase {
  db: Handle;
  tables: Tables;
  dialect: Dialect;
  /** Where an answer takes its time: goes on in good hope, and refuses the work when it is heard of. */
  demand?: Demand;
}

export type License = typeof tables.licenses.$inferSelect;
export type Meeting = typeof tables.meetings.$inferSelect;
export type Session = typeof tables.sessions.$inferSelect;
export type Attendance = typeof tables.attendances.$inferSelect;
export type Stay = typeof tables.stays.$inferSelect;
export type Recording = typeof tables.recordings.$inferSelect;
export type AwaitedRecording = typeof tables.awaitedRecordings.$inferSelect;
export type RecordingRun = typeof tables.recordingRuns.$inferSelect;
export type Message = typeof tables.messages.$inferSelect;
export type Notes = typeof tables.notes.$inferSelect;
export type Event = typeof tables.events.$inferSelect;
export type AccessToken = typeof tables.accessTokens.$inferSelect;
export type Repeat = typeof tables.idempotency.$inferSelect;
export type EngineRow = typeof tables.engines.$inferSelect;
export type Traveller = typeof tables.onTheWay.$inferSelect;
export type Sighting = typeof tables.sightings.$inferSelect;
export type Instance = typeof tables.instances.$inferSelect;

export type Role = Attendance["role"];
export type SessionStatus = Session["status"];
export type EndCause = NonNullable<Session["endCause"]>;
export type EventDoor = Event["door"];
