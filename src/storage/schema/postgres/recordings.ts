import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, unique, jsonb } from "drizzle-orm/pg-core";
import { type LicenseId, recordingStatuses, type StoredFormat } from "../columns.js";
import { flag, instant, integer, text } from "./columns.js";
import { sessions } from "./core.js";

export const recordings = pgTable(
  "recordings",
  {
    id: text("id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    sessionId: text("session_id").notNull(),
    engine: text("engine").notNull(),
    engineRecordingId: text("engine_recording_id").notNull(),
    status: text("status", { enum: recordingStatuses }).notNull(),
    isPublished: flag("is_published").notNull(),
    playbackUrl: text("playback_url"),
    durationSeconds: integer("duration_seconds"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
    sizeBytes: integer("size_bytes"),
    formats: jsonb("formats").$type<StoredFormat[]>().notNull().default([]),
    /** What it shows began and ended then. */
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    /** Its addresses are good for a while only: none is stored, the engine is asked when somebody wants one. */
    hasTemporaryUrls: flag("has_temporary_urls").notNull().default(false),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.sessionId],
      foreignColumns: [sessions.licenseId, sessions.id],
    }).onDelete("restrict"),
    unique("recordings_of_engine").on(table.engine, table.engineRecordingId),
    index("recordings_session").on(table.sessionId),
    index("recordings_live_created").on(table.licenseId, table.createdAt, table.id).where(sql`deleted_at IS NULL`),
  ],
);

/**
 * Sessions that are over and whose engine is still asked for their recordings. Nothing of a partner's: looking again and
 * again makes no answer of theirs stale.
 */
export const awaitedRecordings = pgTable(
  "awaited_recordings",
  {
    sessionId: text("session_id")
      .primaryKey()
      .references(() => sessions.id, { onDelete: "restrict" }),
    engine: text("engine").notNull(),
    /** When it is asked next. */
    dueAt: instant("due_at").notNull(),
    /** Afterwards it is not asked any more, unless it tells of something by itself. */
    until: instant("until").notNull(),
  },
  (table) => [index("awaited_recordings_due").on(table.engine, table.dueAt)],
);
