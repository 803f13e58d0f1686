import { pgTable, jsonb } from "drizzle-orm/pg-core";
import { instant, integer, text } from "./columns.js";

/** Conference servers that an operator added, by the names that are stored with sessions and licenses. */
export const engines = pgTable("engines", {
  name: text("name").primaryKey(),
  kind: text("kind").notNull(),
  /** As its kind reads them; none of them secret. */
  options: jsonb("options").$type<Record<string, string>>().notNull(),
  /** Its secret options, sealed under SECRET_KEY; null where its kind has none. */
  sealedSecrets: text("sealed_secrets"),
  /** What share of the sessions it takes whose license names no engine; 0: none. */
  weight: integer("weight").notNull(),
  /** Since when it takes no new sessions. */
  drainingAt: instant("draining_at"),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});
