import { and, count, eq, type SQL, sql, sum } from "drizzle-orm";
import { type Interval, isOpenOne } from "./conditions.js";
import type { LicenseId, QueryBase, SessionStatus } from "../database.js";
import { givenList, one } from "./prepare.js";
import { inside, periodOf, splitIntoDays } from "./whole-days.js";

const open: readonly SessionStatus[] = ["STARTING", "RUNNING", "ENDING"];

/** All given ones must hold. */
export interface SessionFilter {
  startedAt?: Interval | undefined;
  status?: readonly SessionStatus[] | undefined;
}

/** How many sessions a license has: those that are over stand in `license_days`, few run. */
export function sessionCount({ db, tables: { licenses, licenseDays, sessions }, dialect }: QueryBase) {
  const byId = eq(licenses.id, sql.placeholder("licenseId"));
  const sessionsWhere = (...conditions: (SQL | undefined)[]) =>
    db
      .select({ rows: count() })
      .from(sessions)
      .where(and(eq(sessions.licenseId, sql.placeholder("licenseId")), ...conditions));
  const over = db
    .select({ rows: sum(licenseDays.sessions) })
    .from(licenseDays)
    .where(and(eq(licenseDays.licenseId, sql.placeholder("licenseId")), inside("days", licenseDays.day)));
  const isOpen = isOpenOne(dialect, sessions);
  const rowsOf = (value: SQL) =>
    one(() =>
      db
        .select({ rows: value.mapWith(Number) })
        .from(licenses)
        .where(byId),
    );

  const started = rowsOf(
    sql`coalesce(${over}, 0) + ${sessionsWhere(isOpen, inside("days", sessions.startedAt))}
      + ${sessionsWhere(inside("head", sessions.startedAt))} + ${sessionsWhere(inside("tail", sessions.startedAt))}`,
  );
  const failed = sessionsWhere(sql`${sessions.status} = 'FAILED'`);
  const openOnes = sessionsWhere(isOpen, dialect.isAmong(sessions.status, givenList("open")));
  const overOrOpen = rowsOf(sql`coalesce(${over}, 0) + ${openOnes}`);
  const endedOrOpen = rowsOf(sql`coalesce(${over}, 0) - ${failed} + ${openOnes}`);

  /** undefined where rows have to be counted. */
  return (licenseId: LicenseId, { startedAt, status = [] }: SessionFilter = {}) => {
    const isAnyTime = !startedAt?.from && !startedAt?.until;
    const { from, until } = periodOf(startedAt);
    if (from >= until || (status.length > 0 && !(isAnyTime && status.includes("ENDED")))) return undefined;
    const values = { licenseId, ...splitIntoDays({ from, until }, until, 0) };
    const query = status.length === 0 ? started : status.includes("FAILED") ? overOrOpen : endedOrOpen;
    return query({ ...values, open: open.filter((each) => status.includes(each)) }).then((found) => found?.rows ?? 0);
  };
}
