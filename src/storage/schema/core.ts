import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, sqliteTable, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";
import {
  doors,
  endCauses,
  flag,
  instant,
  type LicenseId,
  LONG_SESSION_MS,
  NEVER_MS,
  OVER_ELSEWHERE,
  revokers,
  roles,
  sessionStatuses,
  settingsColumn,
  staySources,
} from "./columns.js";

/** As the dialect's `orNever` says it. */
const orNever = sql.raw(`CASE WHEN ended_at IS NULL THEN ${NEVER_MS} ELSE ended_at END`);

export const licenses = sqliteTable(
  "licenses",
  {
    id: text("id").$type<LicenseId>().primaryKey(),
    name: text("name").notNull(),
    keyHash: text("key_hash").notNull().unique(),
    keyHint: text("key_hint").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    maxMeetings: integer("max_meetings"),
    maxRunning: integer("max_running"),
    maxAttendance: integer("max_attendance"),
    meetingCount: integer("meeting_count").notNull().default(0),
    runningCount: integer("running_count").notNull().default(0),
    version: integer("version").notNull().default(0),
    generalSettings: settingsColumn("general_settings"),
    engine: text("engine"),
    isDemo: flag("is_demo").notNull().default(false),
    /** Who set `revokedAt`; only what a new secret revoked, its return makes good again. */
    revokedBy: text("revoked_by", { enum: revokers }),
  },
  (table) => [check("licenses_counts", sql`${table.meetingCount} >= 0 AND ${table.runningCount} >= 0`)],
);

export const meetings = sqliteTable(
  "meetings",
  {
    id: text("id").primaryKey(),
    licenseId: text("license_id")
      .$type<LicenseId>()
      .notNull()
      .references(() => licenses.id, { onDelete: "restrict" }),
    title: text("title"),
    titleKey: text("title_key").notNull(),
    moderatorPassword: text("moderator_password"),
    welcomeText: text("welcome_text"),
    settings: settingsColumn("settings"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    unique("meetings_of_license").on(table.licenseId, table.id),
    index("meetings_live_created").on(table.licenseId, table.createdAt, table.id).where(sql`deleted_at IS NULL`),
    index("meetings_live_updated").on(table.licenseId, table.updatedAt, table.id).where(sql`deleted_at IS NULL`),
    index("meetings_live_title").on(table.licenseId, table.titleKey, table.id).where(sql`deleted_at IS NULL`),
    index("meetings_deleted").on(table.deletedAt, table.id).where(sql`deleted_at IS NOT NULL`),
  ],
);

export const sessions = sqliteTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    meetingId: text("meeting_id").notNull(),
    status: text("status", { enum: sessionStatuses }).notNull(),
    failure: text("failure"),
    title: text("title"),
    welcomeText: text("welcome_text"),
    attendeePassword: text("attendee_password"),
    moderatorName: text("moderator_name").notNull(),
    logoutUrl: text("logout_url"),
    settings: settingsColumn("settings"),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at"),
    endCause: text("end_cause", { enum: endCauses }),
    peakPresent: integer("peak_present").notNull().default(0),
    engine: text("engine").notNull(),
    engineRoomId: text("engine_room_id"),
    engineCreatedAt: instant("engine_created_at"),
    engineCheckedAt: instant("engine_checked_at"),
    emptySince: instant("empty_since"),
    /** The server that runs the room, where several serve one database. */
    homeId: text("home_id"),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.meetingId],
      foreignColumns: [meetings.licenseId, meetings.id],
    }).onDelete("restrict"),
    unique("sessions_of_license").on(table.licenseId, table.id),
    uniqueIndex("sessions_one_open").on(table.meetingId).where(sql`ended_at IS NULL`),
    index("sessions_license_started").on(table.licenseId, table.startedAt, table.id),
    // With the license, which the reference to meetings asks for: without it SQLite would look for a deleted meeting's
    // sessions among all of the license.
    index("sessions_meeting_started").on(table.meetingId, table.startedAt, table.id, table.licenseId),
    index("sessions_license_ended").on(table.licenseId, orNever, table.id),
    index("sessions_meeting_ended").on(table.meetingId, orNever, table.id),
    index("sessions_failed").on(table.licenseId, table.startedAt, table.id).where(sql`status = 'FAILED'`),
    index("sessions_failed_ended").on(table.licenseId, orNever, table.id).where(sql`status = 'FAILED'`),
    // So few that none is ever missed by looking only a little back for what reaches into an interval.
    index("sessions_long")
      .on(table.licenseId, table.endedAt)
      .where(sql`ended_at - started_at >= ${sql.raw(LONG_SESSION_MS.toString())}`),
    index("sessions_open").on(table.engine).where(sql`ended_at IS NULL`),
    // Of engines elsewhere: their rooms are looked for a while longer.
    index("sessions_over_elsewhere").on(table.engine, table.endedAt).where(sql.raw(OVER_ELSEWHERE)),
  ],
);

export const attendances = sqliteTable(
  "attendances",
  {
    /** The person's id inside the join link: handing out a link writes nothing, entering is one upsert. */
    id: text("id").primaryKey(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    sessionId: text("session_id").notNull(),
    fullName: text("full_name").notNull(),
    fullNameKey: text("full_name_key").notNull(),
    role: text("role", { enum: roles }).notNull(),
    joinedAt: instant("joined_at").notNull(),
    leftAt: instant("left_at"),
    seconds: integer("seconds").notNull().default(0),
    /** From then on the link opens nothing. */
    removedAt: instant("removed_at"),
  },
  (table) => [
    foreignKey({
      columns: [table.licenseId, table.sessionId],
      foreignColumns: [sessions.licenseId, sessions.id],
    }).onDelete("restrict"),
    index("attendances_session_joined").on(table.sessionId, table.joinedAt, table.id),
    index("attendances_present").on(table.sessionId, table.joinedAt, table.id).where(sql`left_at IS NULL`),
  ],
);

export const stays = sqliteTable(
  "stays",
  {
    id: text("id").primaryKey(),
    attendanceId: text("attendance_id")
      .notNull()
      .references(() => attendances.id, { onDelete: "restrict" }),
    sessionId: text("session_id")
      .notNull()
      .references(() => sessions.id, { onDelete: "restrict" }),
    joinedAt: instant("joined_at").notNull(),
    leftAt: instant("left_at"),
    source: text("source", { enum: staySources }).notNull(),
    instanceId: text("instance_id"),
    engineUserId: text("engine_user_id"),
    /** Something that knows better took its place; it is kept, and counts no more. */
    supersededAt: instant("superseded_at"),
  },
  (table) => [
    uniqueIndex("stays_one_open").on(table.attendanceId).where(sql`left_at IS NULL`),
    index("stays_of_attendance").on(table.attendanceId, table.joinedAt),
    index("stays_session").on(table.sessionId),
    index("stays_open").on(table.sessionId).where(sql`left_at IS NULL`),
  ],
);

export const events = sqliteTable(
  "events",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    licenseId: text("license_id").$type<LicenseId>().notNull(),
    type: text("type").notNull(),
    meetingId: text("meeting_id"),
    sessionId: text("session_id"),
    attendanceId: text("attendance_id"),
    recordingId: text("recording_id"),
    occurredAt: instant("occurred_at").notNull(),
    door: text("door", { enum: doors }).notNull(),
    requestId: text("request_id"),
    actor: text("actor"),
    facts: text("facts", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index("events_license").on(table.licenseId, table.seq),
    index("events_meeting").on(table.meetingId, table.seq),
  ],
);

export const instances = sqliteTable("instances", {
  id: text("id").primaryKey(),
  startedAt: instant("started_at").notNull(),
  seenAt: instant("seen_at").notNull(),
  endedAt: instant("ended_at"),
  /** Where the others reach it. */
  address: text("address"),
});
