import type { Interval, LicenseId } from "../../storage/index.js";
import type { Services } from "../services.js";

/** Minutes are whole ones, the sum rounded to the nearest. */
export interface LicenseTotals {
  attendances: number;
  peakAttendees: number;
  recordedMinutes: number;
  sessionMinutes: number;
  sessionsStarted: number;
}

const MINUTE_MS = 60_000;
/** As far as a Date reaches. */
const FOREVER_MS = 8_640_000_000_000_000;

/** The calendar month in UTC. */
const monthOf = (now: Date): Interval => ({
  from: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth())),
  until: new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)),
});

const nothing: LicenseTotals = {
  attendances: 0,
  peakAttendees: 0,
  recordedMinutes: 0,
  sessionMinutes: 0,
  sessionsStarted: 0,
};

/** What a license used in a period; by default in the current month. A period that ends before it begins holds nothing. */
export async function licenseUsage(
  { storage, clock }: Services,
  licenseId: LicenseId,
  asked: Interval | null,
): Promise<LicenseTotals> {
  const now = clock.now();
  const period = asked ?? monthOf(clock.wall());
  const from = period.from ?? new Date(-FOREVER_MS);
  const until = period.until ?? new Date(FOREVER_MS);
  if (from >= until) return nothing;
  const used = await storage.read.usage.total(licenseId, { from, until }, now);
  return {
    attendances: used.attendances,
    peakAttendees: used.peakPresent,
    recordedMinutes: Math.round((used.recordedSeconds * 1000) / MINUTE_MS),
    sessionMinutes: Math.round(used.sessionMs / MINUTE_MS),
    sessionsStarted: used.sessionsStarted,
  };
}
