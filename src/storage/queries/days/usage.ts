import { and, count, eq, gt, gte, isNotNull, isNull, lt, max, ne, or, type SQL, sql, sum } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { isOpenOne } from "../conditions.js";
import type { LicenseId, QueryBase } from "../../database.js";
import { given, one } from "../prepare.js";
import { LONG_SESSION_MS } from "../../schema/columns.js";
import { type DayPart, inside, type Period, splitIntoDays } from "./whole-days.js";

export interface Usage {
  sessionsStarted: number;
  /** Inside the period only. */
  sessionMs: number;
  peakPresent: number;
  attendances: number;
  recordedSeconds: number;
}

const orZero = (value: SQL): SQL => sql`coalesce(${value}, 0)`;

/** A part of the whole, with the same columns as all others. */
function part(sums: Partial<Record<keyof Usage, SQL>>) {
  const named = (name: keyof Usage) => orZero(sums[name] ?? sql`0`).as(name);
  return {
    sessionsStarted: named("sessionsStarted"),
    sessionMs: named("sessionMs"),
    peakPresent: named("peakPresent"),
    attendances: named("attendances"),
    recordedSeconds: named("recordedSeconds"),
  };
}

/**
 * Of sessions, row by row.
 * @param name of the part of the period
 * @param which how they are found
 */
function ofSessions({ db, tables: { attendances, sessions }, dialect }: QueryBase, name: DayPart, which: SQL) {
  const from = (column: SQLiteColumn) => given(`${name}.from`, column);
  const { startedAt, endedAt } = sessions;
  const lastMoment = given(`${name}.lastMoment`, endedAt);
  const end = dialect.least(sql`coalesce(${endedAt}, ${lastMoment})`, lastMoment);
  const lasting = dialect.milliseconds(dialect.greatest(startedAt, from(startedAt)), end);
  const entries = db
    .select({ entries: count() })
    .from(attendances)
    .where(and(eq(attendances.sessionId, sessions.id), inside(name, attendances.joinedAt)));
  const reachesInto = or(gte(startedAt, from(startedAt)), isNull(endedAt), gt(endedAt, from(endedAt)));
  return db
    .select(
      part({
        sessionsStarted: sql`count(*) filter (where ${gte(startedAt, from(startedAt))})`,
        sessionMs: sum(dialect.greatest(sql`0`, lasting)),
        peakPresent: max(sessions.peakPresent),
        attendances: sum(sql`${entries}`),
      }),
    )
    .from(sessions)
    .where(
      and(
        eq(sessions.licenseId, sql.placeholder("licenseId")),
        which,
        lt(dialect.unindexed(startedAt), given(`${name}.until`, startedAt)),
        reachesInto,
        ne(sessions.status, "FAILED"),
      ),
    );
}

/** Of sessions that are over: those that began not long before the interval, and the few that last for long. */
function ofEdge(base: QueryBase, name: DayPart) {
  const { sessions } = base.tables;
  const { startedAt, endedAt } = sessions;
  const { milliseconds, unindexed } = base.dialect;
  const back = given(`${name}.back`, startedAt);
  const isNear = and(gte(startedAt, back), lt(startedAt, given(`${name}.until`, startedAt)), isNotNull(endedAt)) as SQL;
  const isLong = sql`${milliseconds(startedAt, endedAt)} >= ${sql.raw(LONG_SESSION_MS.toString())}`;
  const reaches = and(isLong, gt(endedAt, given(`${name}.from`, endedAt)), lt(unindexed(startedAt), back)) as SQL;
  return { near: ofSessions(base, name, isNear), long: ofSessions(base, name, reaches) };
}

/** How long sessions ran before an instant is what they would have run on until then, less what they did not. */
function ofDays({ db, tables: { licenseDays: days }, dialect }: QueryBase) {
  const ranBefore = (bound: string): SQL => {
    const at = given(bound, days.day);
    const open = sql`(${days.started} - ${days.ended}) * ${dialect.milliseconds(days.day, at)}`;
    return orZero(sql`sum(${open} - (${days.startedMs} - ${days.endedMs})) filter (where ${days.day} < ${at})`);
  };
  const within = (value: SQL): SQL => sql`${value} filter (where ${inside("days", days.day)})`;
  return db
    .select(
      part({
        sessionsStarted: within(sum(days.started)),
        sessionMs: sql`${ranBefore("days.until")} - ${ranBefore("days.from")}`,
        peakPresent: within(max(days.peakPresent)),
        attendances: within(sum(days.attendances)),
        recordedSeconds: within(sum(days.recordedSeconds)),
      }),
    )
    .from(days)
    .where(and(eq(days.licenseId, sql.placeholder("licenseId")), lt(days.day, given("days.until", days.day))));
}

function ofRecordings({ db, tables: { recordings } }: QueryBase, name: DayPart) {
  const { createdAt, deletedAt, licenseId, status } = recordings;
  const isReady = and(eq(status, "READY"), isNull(deletedAt));
  return db
    .select(part({ recordedSeconds: sum(recordings.durationSeconds) }))
    .from(recordings)
    .where(and(eq(licenseId, sql.placeholder("licenseId")), inside(name, createdAt), isReady));
}

export function usageQueries(base: QueryBase) {
  const { db, tables, dialect } = base;
  const total = one(() => {
    const [head, tail] = [ofEdge(base, "head"), ofEdge(base, "tail")];
    const parts = ofDays(base)
      .unionAll(ofSessions(base, "whole", isOpenOne(dialect, tables.sessions)))
      .unionAll(head.near)
      .unionAll(head.long)
      .unionAll(tail.near)
      .unionAll(tail.long)
      .unionAll(ofRecordings(base, "head"))
      .unionAll(ofRecordings(base, "tail"))
      .as("parts");
    const added = (value: SQL.Aliased) => orZero(sum(value)).mapWith(Number);
    return db
      .select({
        sessionsStarted: added(parts.sessionsStarted),
        sessionMs: added(parts.sessionMs),
        peakPresent: orZero(max(parts.peakPresent)).mapWith(Number),
        attendances: added(parts.attendances),
        recordedSeconds: added(parts.recordedSeconds),
      })
      .from(parts);
  });

  return {
    /**
     * What a license used in a period that is not empty; sessions that still run count up to `now`. Attendances are
     * reached through their sessions: whoever came in during the period came into a session that ran in it.
     */
    total: async (licenseId: LicenseId, period: Period, now: Date): Promise<Usage> =>
      (await total({ licenseId, ...splitIntoDays(period, now, LONG_SESSION_MS) })) as Usage,
  };
}
