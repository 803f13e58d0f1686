import { and, eq, gte, inArray, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type LicenseId, sessions } from "./schema/sqlite.js";

/**
 * How far a caller sees: the rows of its license and, when it came with a token made for one meeting, only that
 * meeting's. A query of partners' data takes one first, so that forgetting it does not compile.
 */
export interface Reach {
  licenseId: LicenseId;
  /** null: every meeting of the license. */
  meetingId: string | null;
}

const reachMeeting = sql.placeholder("reachMeetingId");

/** The values of the placeholders below. */
export const reachValues = ({ licenseId, meetingId }: Reach) => ({
  reachLicenseId: licenseId,
  reachMeetingId: meetingId,
});

/** @param meeting the column that says which meeting a row belongs to */
export const withinReach = (license: SQLiteColumn, meeting: SQLWrapper): SQL | undefined =>
  and(eq(license, sql.placeholder("reachLicenseId")), sql`(${reachMeeting} is null or ${meeting} = ${reachMeeting})`);

/** Which meeting a row belongs to that hangs under a session. */
export const meetingOf = (sessionId: SQLiteColumn): SQL =>
  sql`(select ${sessions.meetingId} from ${sessions} where ${sessions.id} = ${sessionId})`;

/** Both bounds optional; `until` is no part of it. */
export interface Interval {
  from?: Date | null | undefined;
  until?: Date | null | undefined;
}

export const during = (column: SQLiteColumn, interval: Interval | undefined): SQL | undefined =>
  and(
    interval?.from ? gte(column, interval.from) : undefined,
    interval?.until ? lt(column, interval.until) : undefined,
  );

/** An empty list is no condition. */
export const oneOf = (column: SQLiteColumn, values: readonly string[] | undefined): SQL | undefined =>
  values && values.length > 0 ? inArray(column, [...values]) : undefined;

/** @param key made by the same rule as what is stored in the column; empty is no condition */
export const contains = (column: SQLiteColumn, key: string | undefined): SQL | undefined =>
  // Not LIKE, which folds ASCII once more and refuses a long pattern.
  key ? sql`instr(${column}, ${key}) > 0` : undefined;

/** Whether the switch is on in a column of settings. */
export const isOn = (column: SQLiteColumn, setting: string): SQL =>
  sql`json_extract(${column}, ${`$.${setting}`}) = true`;
