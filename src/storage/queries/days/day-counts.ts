import { and, count, eq, isNull, type SQL, sql, sum } from "drizzle-orm";
import { type Interval, isOpenOne } from "../conditions.js";
import type { LicenseId, QueryBase, SessionStatus } from "../../database.js";
import { givenList, one } from "../prepare.js";
import { inside, periodOf, splitIntoDays } from "./whole-days.js";

/** All given ones must hold. */
export interface SessionFilter {
  startedAt?: Interval | undefined;
  status?: readonly SessionStatus[] | undefined;
}

/** The values for a count in an interval; undefined where the interval is empty. */
function valuesIn(licenseId: LicenseId, interval: Interval | undefined) {
  const period = periodOf(interval);
  return period.from < period.until ? { licenseId, ...splitIntoDays(period, period.until, 0) } : undefined;
}

/** Numbers of a license that are kept by the day, and what adds to them. */
function dayCounts({ db, tables: { licenseDays: days, licenses } }: QueryBase) {
  return {
    ofDays: (value: SQL) => {
      const ofLicense = eq(days.licenseId, sql.placeholder("licenseId"));
      const rows = db.select({ rows: sum(value) }).from(days);
      return sql`coalesce(${rows.where(and(ofLicense, inside("days", days.day)))}, 0)`;
    },
    counted: (value: SQL) =>
      one(() =>
        db
          .select({ rows: value.mapWith(Number) })
          .from(licenses)
          .where(eq(licenses.id, sql.placeholder("licenseId"))),
      ),
  };
}

/** How many sessions a license has: those that are over are counted by the day, few run. */
export function sessionCount(base: QueryBase) {
  const { tables, dialect, db } = base;
  const { licenseDays: days, sessions } = tables;
  const { ofDays, counted } = dayCounts(base);
  const make = (isOneOf: SQL | undefined) => {
    const rows = (...conditions: (SQL | undefined)[]) =>
      db
        .select({ rows: count() })
        .from(sessions)
        .where(and(eq(sessions.licenseId, sql.placeholder("licenseId")), isOneOf, ...conditions));
    const ended = sql`(${days.sessions} - ${days.failed}) * ${sql.placeholder("ended")}`;
    const over = ofDays(sql`${ended} + ${days.failed} * ${sql.placeholder("failed")}`);
    const open = rows(isOpenOne(dialect, sessions), inside("days", sessions.startedAt, dialect.unindexed));
    const [head, tail] = [rows(inside("head", sessions.startedAt)), rows(inside("tail", sessions.startedAt))];
    return counted(sql`${over} + ${open} + ${head} + ${tail}`);
  };
  const ofAny = make(undefined);
  const ofSome = make(dialect.isAmong(sessions.status, givenList("status")));

  return async (licenseId: LicenseId, { startedAt, status = [] }: SessionFilter = {}): Promise<number> => {
    const values = valuesIn(licenseId, startedAt);
    if (!values) return 0;
    const isCounted = (each: SessionStatus) => Number(status.length === 0 || status.includes(each));
    const query = status.length === 0 ? ofAny : ofSome;
    const found = await query({ ...values, status, ended: isCounted("ENDED"), failed: isCounted("FAILED") });
    return found?.rows ?? 0;
  };
}

/** How many recordings a license has that are not deleted. */
export function recordingCount(base: QueryBase) {
  const { licenseDays: days, recordings } = base.tables;
  const { ofDays, counted } = dayCounts(base);
  const rows = (part: "head" | "tail") =>
    base.db
      .select({ rows: count() })
      .from(recordings)
      .where(
        and(
          eq(recordings.licenseId, sql.placeholder("licenseId")),
          inside(part, recordings.createdAt),
          isNull(recordings.deletedAt),
        ),
      );
  const all = counted(sql`${ofDays(sql`${days.recordings}`)} + ${rows("head")} + ${rows("tail")}`);
  return async (licenseId: LicenseId, createdAt: Interval | undefined): Promise<number> => {
    const values = valuesIn(licenseId, createdAt);
    return values ? ((await all(values))?.rows ?? 0) : 0;
  };
}
