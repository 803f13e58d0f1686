import { and, count, eq, gt, gte, isNull, lt, max, ne, or, type SQL, sql, sum } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { LicenseId, QueryBase } from "../database.js";
import { given, one } from "./prepare.js";

/** From `from` on, and before `until`. */
export interface Period {
  from: Date;
  until: Date;
}

export interface Usage {
  sessionsStarted: number;
  /** Inside the period only. */
  sessionMs: number;
  peakPresent: number;
  attendances: number;
  recordedSeconds: number;
}

/** A sum over no rows is null. */
const orZero = (value: SQL): SQL<number> => sql`coalesce(${value}, 0)`.mapWith(Number);

export function usageQueries({ db, tables: { attendances, recordings, sessions }, dialect }: QueryBase) {
  const from = (column: SQLiteColumn) => given("from", column);
  const until = (column: SQLiteColumn) => given("until", column);
  const inPeriod = (column: SQLiteColumn) => and(gte(column, from(column)), lt(column, until(column)));

  /** How much of a session lies in the period. */
  function lasting(): SQL<number> {
    const lastMoment = given("lastMoment", sessions.endedAt);
    const end = dialect.least(sql`coalesce(${sessions.endedAt}, ${lastMoment})`, lastMoment);
    const begin = dialect.greatest(sessions.startedAt, from(sessions.startedAt));
    return dialect.greatest(sql`0`, dialect.milliseconds(begin, end));
  }

  const total = one(() => {
    const license = sql.placeholder("licenseId");
    const entries = db
      .select({ entries: count() })
      .from(attendances)
      .where(and(eq(attendances.sessionId, sessions.id), inPeriod(attendances.joinedAt)));
    const recorded = db
      .select({ seconds: sum(recordings.durationSeconds) })
      .from(recordings)
      .where(
        and(
          eq(recordings.licenseId, license),
          inPeriod(recordings.createdAt),
          eq(recordings.status, "READY"),
          isNull(recordings.deletedAt),
        ),
      );
    const startedInside = gte(sessions.startedAt, from(sessions.startedAt));
    return db
      .select({
        sessionsStarted: sql<number>`count(*) filter (where ${startedInside})`.mapWith(Number),
        sessionMs: orZero(sum(lasting())),
        peakPresent: orZero(max(sessions.peakPresent)),
        attendances: orZero(sum(sql`${entries}`)),
        recordedSeconds: orZero(sql`${recorded}`),
      })
      .from(sessions)
      .where(
        and(
          eq(sessions.licenseId, license),
          lt(sessions.startedAt, until(sessions.startedAt)),
          or(startedInside, isNull(sessions.endedAt), gt(sessions.endedAt, from(sessions.endedAt))),
          ne(sessions.status, "FAILED"),
        ),
      );
  });

  return {
    /**
     * What a license used in a period that is not empty; sessions that still run count up to `now`. Attendances are
     * reached through their sessions: whoever came in during the period came into a session that ran in it.
     */
    total: async (licenseId: LicenseId, period: Period, now: Date): Promise<Usage> => {
      const lastMoment = period.until < now ? period.until : now;
      return (await total({ licenseId, ...period, lastMoment })) as Usage;
    },
  };
}
