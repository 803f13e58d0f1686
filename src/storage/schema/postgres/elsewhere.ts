import { index, primaryKey, pgTable } from "drizzle-orm/pg-core";
import { roles, staySources } from "../columns.js";
import { flag, instant, text } from "./columns.js";
import { sessions } from "./core.js";

/**
 * Whom a link has sent on to an engine elsewhere and of whom that engine has not told yet. They take a place until
 * `countsUntil`; their names are kept longer, for an engine that knows people by nothing else.
 */
export const onTheWay = pgTable(
  "on_the_way",
  {
    personId: text("person_id").primaryKey(),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    fullName: text("full_name").notNull(),
    role: text("role", { enum: roles }).notNull(),
    countsUntil: instant("counts_until").notNull(),
  },
  (table) => [
    index("on_the_way_session").on(table.sessionId, table.countsUntil),
    index("on_the_way_over").on(table.countsUntil),
  ],
);

/**
 * What engines elsewhere told of who was seen coming or going, each once: whatever order it comes in, a person's stays
 * are what all of it together says.
 */
export const sightings = pgTable(
  "sightings",
  {
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    personId: text("person_id").notNull(),
    /** The engine's own id of the line that somebody came over; empty where it tells none. */
    line: text("line").notNull(),
    at: instant("at").notNull(),
    isInside: flag("is_inside").notNull(),
    source: text("source", { enum: staySources }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.personId, table.at, table.line, table.isInside] }),
    index("sightings_at").on(table.at),
  ],
);
