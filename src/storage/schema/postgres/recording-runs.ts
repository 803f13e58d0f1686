import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, uniqueIndex } from "drizzle-orm/pg-core";
import { type LicenseId, recordingStops } from "../columns.js";
import { flag, instant, text } from "./columns.js";
import { attendances, sessions } from "./core.js";

/**
 * Who recorded a session, and when: a row for each time that somebody's page began, with what ended it. It is the memory of
 * who was answerable for it, and what a server that was killed knows by.
 */
export const recordingRuns = pgTable(
  "recording_runs",
  {
    /** The engine keeps what was recorded under it. */
    id: text("id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    sessionId: text("session_id").notNull(),
    /** Whose page recorded. */
    attendanceId: text("attendance_id")
      .notNull()
      .references(() => attendances.id, { onDelete: "restrict" }),
    /** The server asked that page by itself. */
    isAutomatic: flag("is_automatic").notNull(),
    startedAt: instant("started_at").notNull(),
    stoppedAt: instant("stopped_at"),
    stopCause: text("stop_cause", { enum: recordingStops }),
    /** The attendance of whoever said so, where somebody did. */
    stoppedBy: text("stopped_by"),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.sessionId],
      foreignColumns: [sessions.licenseId, sessions.id],
    }).onDelete("restrict"),
    index("recording_runs_session").on(table.sessionId, table.startedAt, table.id),
    index("recording_runs_of_attendance").on(table.attendanceId),
    uniqueIndex("recording_runs_one_open").on(table.sessionId).where(sql`stopped_at IS NULL`),
  ],
);
