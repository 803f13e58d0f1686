import { sql } from "drizzle-orm";
import type { Handle, LicenseId } from "./database.js";
import { attendances, recordings, sessions } from "./schema/sqlite.js";

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

export function usageQueries(db: Handle) {
  return {
    /**
     * What a license used in a period that is not empty; sessions that still run count up to `now`. Attendances are
     * reached through their sessions: whoever came in during the period came into a session that ran in it.
     */
    total: async (licenseId: LicenseId, period: Period, now: Date): Promise<Usage> => {
      const [from, until] = [period.from.getTime(), period.until.getTime()];
      const lastMoment = Math.min(until, now.getTime());
      return db.get<Usage>(sql`
        select
          coalesce(sum(${sessions.startedAt} >= ${from}), 0) as "sessionsStarted",
          coalesce(sum(max(0, min(coalesce(${sessions.endedAt}, ${lastMoment}), ${lastMoment})
            - max(${sessions.startedAt}, ${from}))), 0) as "sessionMs",
          coalesce(max(${sessions.peakPresent}), 0) as "peakPresent",
          coalesce(sum((select count(*) from ${attendances} where ${attendances.sessionId} = ${sessions.id}
            and ${attendances.joinedAt} >= ${from} and ${attendances.joinedAt} < ${until})), 0) as "attendances",
          (select coalesce(sum(${recordings.durationSeconds}), 0) from ${recordings}
            where ${recordings.licenseId} = ${licenseId} and ${recordings.createdAt} >= ${from}
            and ${recordings.createdAt} < ${until} and ${recordings.status} = 'READY'
            and ${recordings.deletedAt} is null) as "recordedSeconds"
        from ${sessions}
        where ${sessions.licenseId} = ${licenseId} and ${sessions.startedAt} < ${until}
          and (${sessions.startedAt} >= ${from} or ${sessions.endedAt} is null or ${sessions.endedAt} > ${from})
          and ${sessions.status} <> 'FAILED'`);
    },
  };
}
