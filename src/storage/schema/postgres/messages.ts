import { foreignKey, index, pgTable } from "drizzle-orm/pg-core";
import { type LicenseId } from "../columns.js";
import { instant, text } from "./columns.js";
import { attendances, sessions } from "./core.js";

/** What was written to everyone in a session. What people write to one another lies stored nowhere. */
export const messages = pgTable(
  "messages",
  {
    /** Each is greater than the one before it. */
    id: text("id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    sessionId: text("session_id").notNull(),
    attendanceId: text("attendance_id")
      .notNull()
      .references(() => attendances.id, { onDelete: "restrict" }),
    body: text("body").notNull(),
    /** Its writer's own word for it: sent again with the same, it is told once. */
    ref: text("ref"),
    sentAt: instant("sent_at").notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.sessionId],
      foreignColumns: [sessions.licenseId, sessions.id],
    }).onDelete("restrict"),
    index("messages_session_sent").on(table.sessionId, table.sentAt, table.id),
    index("messages_of_attendance").on(table.attendanceId),
  ],
);
