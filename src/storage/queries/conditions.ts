import { and, gte, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Dialect } from "../dialect.js";
import { given, givenList, type Values } from "./prepare.js";
import { NEVER_MS } from "../schema/columns.js";
import type { LicenseId, sessions } from "../schema/sqlite.js";

/**
 * How far a caller sees: the rows of its license and, when it came with a token made for one meeting, only that
 * meeting's. A query of partners' data takes one first, so that forgetting it does not compile.
 */
export interface Reach {
  licenseId: LicenseId;
  /** null: every meeting of the license. */
  meetingId: string | null;
}

/** The values of the placeholders below. */
export const reachValues = ({ licenseId, meetingId }: Reach) => ({
  reachLicenseId: licenseId,
  reachMeetingId: meetingId,
});

/**
 * The same beside other values, which it is given to. Not by spreading both into a new object: V8 makes a class of that
 * object's own each time, which takes longer than reading a short list.
 */
export const withReach = (reach: Reach, values: Values): Values => Object.assign(values, reachValues(reach));

const ofLicense = (license: SQLWrapper) => sql`${license} = ${sql.placeholder("reachLicenseId")}`;

/**
 * Whether a row that is found by an id is within a caller's reach: a check, never a way to find rows by.
 * @param meeting the column that says which meeting a row belongs to
 */
export function isReached({ unindexed }: Dialect, license: SQLWrapper, meeting: SQLWrapper): SQL {
  const narrow = sql.placeholder("reachMeetingId");
  // With its type said, because there is nothing beside it from which a database could tell.
  const everything = sql`cast(${narrow} as text) is null`;
  return sql`(${ofLicense(unindexed(license))} and (${everything} or ${meeting} = ${narrow}))`;
}

/**
 * Finds the rows within a caller's reach: by the license, or by the one meeting it sees. Two statements, because what
 * holds for either (`? is null or …`) is served by no index.
 * @param ofMeeting the condition that a row belongs to this meeting
 */
export type Within = (license: SQLWrapper, ofMeeting: (meetingId: SQLWrapper) => SQL) => SQL;

export const withinOf = ({ unindexed }: Dialect, { meetingId }: Reach): Within =>
  meetingId === null
    ? ofLicense
    : (license, ofMeeting) =>
        sql`(${ofLicense(unindexed(license))} and ${ofMeeting(sql.placeholder("reachMeetingId"))})`;

/** Which meeting a row belongs to that hangs under a session. */
export const meetingOf = (above: typeof sessions, sessionId: SQLiteColumn): SQL =>
  sql`(select ${above.meetingId} from ${above} where ${above.id} = ${sessionId})`;

/** Both bounds optional; `until` is no part of it. */
export interface Interval {
  from?: Date | null | undefined;
  until?: Date | null | undefined;
}

/**
 * What a filter may hold. Its conditions are built from which of its entries there are, and their values are told at
 * each run under the entries' names: so the same question about other values is prepared already.
 */
type FilterEntry = Interval | boolean | string | readonly string[] | undefined;

const isList = (entry: FilterEntry): entry is readonly string[] => Array.isArray(entry);

/** @returns `shape`: the same for filters that differ in their values only */
export function readFilter(filter: object = {}): { shape: string; values: Values } {
  const shape: string[] = [];
  const values: Values = {};
  const put = (name: string, value: unknown) => {
    shape.push(name);
    values[name] = value;
  };
  for (const [name, entry] of Object.entries(filter) as [string, FilterEntry][]) {
    if (typeof entry === "boolean") shape.push(`${name}=${entry}`);
    else if (typeof entry === "string" || isList(entry)) {
      if (entry.length > 0) put(name, entry);
    } else {
      if (entry?.from) put(`${name}.from`, entry.from);
      if (entry?.until) put(`${name}.until`, entry.until);
    }
  }
  return { shape: shape.toSorted().join(), values };
}

/** The conditions of a filter's entries, each called by the entry's name; what is not there is no condition. */
export const filterConditions = ({ isAmong, contains, areOn }: Dialect) => ({
  during: (column: SQLiteColumn, name: string, interval: Interval | undefined): SQL | undefined =>
    and(
      interval?.from ? gte(column, given(`${name}.from`, column)) : undefined,
      interval?.until ? lt(column, given(`${name}.until`, column)) : undefined,
    ),
  /** An empty list is no condition. */
  oneOf: (column: SQLiteColumn, name: string, values: readonly string[] | undefined): SQL | undefined =>
    values?.length ? isAmong(column, givenList(name)) : undefined,
  /** @param key made by the same rule as what is stored in the column; empty is no condition */
  contains: (column: SQLiteColumn, name: string, key: string | undefined): SQL | undefined =>
    key ? contains(column, given(name, column)) : undefined,
  /** Whether all of these switches are on in a column of settings; an empty list is no condition. */
  areOn: (column: SQLiteColumn, name: string, settings: readonly string[] | undefined): SQL | undefined =>
    settings?.length ? areOn(column, givenList(name)) : undefined,
});

/** Whether a session is open, said so that a license's open ones are found without the others. */
export const isOpenOne = ({ orNever }: Dialect, { endedAt }: { endedAt: SQLiteColumn }): SQL =>
  sql`${orNever(endedAt)} = ${sql.param(new Date(NEVER_MS), endedAt)}`;
