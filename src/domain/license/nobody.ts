import type { Services } from "../services.js";
import { newRow, oneYearFrom } from "./create-license.js";
import type { LetIn } from "./known-callers.js";

/** Whoever is let in and has nothing: with a license that is stored nowhere. */
export function nobody({ clock }: Services): LetIn {
  const now = clock.now();
  const unlimited = { maxMeetings: null, maxRunning: null, maxAttendance: null, engine: null };
  const terms = { name: "nobody", expiresAt: oneYearFrom(now), ...unlimited };
  const unused = { revokedAt: null, revokedBy: null, isDemo: false, version: 0, meetingCount: 0, runningCount: 0 };
  const license = { ...newRow("", now, terms), ...terms, ...unused };
  return { license, reach: { licenseId: license.id, meetingId: null } };
}
