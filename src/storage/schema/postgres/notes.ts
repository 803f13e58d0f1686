import { foreignKey, pgTable } from "drizzle-orm/pg-core";
import type { LicenseId } from "../columns.js";
import { instant, text } from "./columns.js";
import { sessions } from "./core.js";

/** What people wrote together in a session, once they wrote something. */
export const notes = pgTable(
  "notes",
  {
    sessionId: text("session_id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    /** With what its engine needs to go on; in base64, because every database has texts. */
    document: text("document").notNull(),
    text: text("text").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.sessionId],
      foreignColumns: [sessions.licenseId, sessions.id],
    }).onDelete("restrict"),
  ],
);
