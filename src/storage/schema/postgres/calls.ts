import { foreignKey, index, primaryKey, pgTable, jsonb } from "drizzle-orm/pg-core";
import { type LicenseId, repeatables } from "../columns.js";
import { flag, instant, text } from "./columns.js";
import { licenses, meetings } from "./core.js";

/** What makes a create or a start that is sent twice run once; ids only, so that no credential lies stored for a day. */
export const idempotency = pgTable(
  "idempotency",
  {
    licenseId: text("license_id")
      .$type<LicenseId>()
      .notNull()
      .references(() => licenses.id, { onDelete: "restrict" }),
    key: text("key").notNull(),
    operation: text("operation", { enum: repeatables }).notNull(),
    inputHash: text("input_hash").notNull(),
    /** The outcome's ids; a meeting that was made has no session yet. */
    meetingId: text("meeting_id"),
    sessionId: text("session_id"),
    personId: text("person_id"),
    isNew: flag("is_new"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.licenseId, table.key] }), index("idempotency_expiry").on(table.expiresAt)],
);

/** A token itself is stored nowhere: it is signed, and names its row. */
export const accessTokens = pgTable(
  "access_tokens",
  {
    id: text("id").primaryKey(),
    licenseId: text("license_id")
      .$type<LicenseId>()
      .notNull()
      .references(() => licenses.id, { onDelete: "restrict" }),
    scopes: jsonb("scopes").$type<string[]>().notNull(),
    /** null: every meeting of the license. */
    meetingId: text("meeting_id"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.meetingId],
      foreignColumns: [meetings.licenseId, meetings.id],
    }).onDelete("restrict"),
    index("access_tokens_meeting").on(table.licenseId, table.meetingId),
    index("access_tokens_expiry").on(table.expiresAt),
  ],
);
