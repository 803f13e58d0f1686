import { primaryKey, pgTable } from "drizzle-orm/pg-core";
import { type LicenseId } from "../columns.js";
import { instant, integer, text } from "./columns.js";
import { licenses } from "./core.js";

const tally = (name: string) => integer(name).notNull().default(0);

/**
 * What a license's sessions that are over came to, by the day (in UTC), so that no total reads them all. Triggers of the
 * database write it in the transaction that ends a session, whoever does; a migration that builds a table of sessions,
 * attendances or recordings anew makes them anew. What is pruned stays in it, except among the rows there are.
 */
export const licenseDays = pgTable(
  "license_days",
  {
    licenseId: text("license_id")
      .$type<LicenseId>()
      .notNull()
      .references(() => licenses.id, { onDelete: "restrict" }),
    /** Its first instant. */
    day: instant("day").notNull(),
    /** Rows there are that started that day; of these, those that failed, which are in nothing below. */
    sessions: tally("sessions"),
    failed: tally("failed"),
    started: tally("started"),
    /** Their starts, in milliseconds of the day, added up; likewise of the ends. */
    startedMs: tally("started_ms"),
    ended: tally("ended"),
    endedMs: tally("ended_ms"),
    /** The greatest among those that started that day. */
    peakPresent: tally("peak_present"),
    /** People who entered that day. */
    attendances: tally("attendances"),
    /** Of the recordings that were received that day, are ready and not deleted. */
    recordedSeconds: tally("recorded_seconds"),
    /** Rows there are that were received that day and are not deleted. */
    recordings: tally("recordings"),
  },
  (table) => [primaryKey({ columns: [table.licenseId, table.day] })],
);
