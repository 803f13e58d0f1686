import type { Person, RoomSpec } from "../../engine/engine.js";
import type { Attendance, License, Queries, Session } from "../../storage/index.js";
import { isVisible } from "../checks.js";
import type { Refuse } from "../refusal.js";
import { readSettings } from "../settings.js";

/** What an engine needs to know of a session's room; the settings are those of the start (update-2). */
export const roomOf = (session: Session, license: Pick<License, "maxAttendance"> | undefined): RoomSpec => ({
  sessionId: session.id,
  meetingId: session.meetingId,
  licenseId: session.licenseId,
  // One that nobody can see is the partner's own, and yet no heading.
  title: session.title !== null && isVisible(session.title) ? session.title : null,
  welcome: session.welcomeText,
  logoutUrl: session.logoutUrl,
  settings: readSettings(session.settings),
  maxAttendance: license ? license.maxAttendance : 0,
  engineRoomId: session.engineRoomId,
});

export const personOf = ({ id, fullName, role }: Attendance): Person => ({ id, name: fullName, role });

/** @param others inside; someone already there takes no second place (limit-3) */
export const hasPlace = ({ maxAttendance }: Pick<License, "maxAttendance">, others: number): boolean =>
  maxAttendance === null || others < maxAttendance;

/**
 * Whoever lets someone in after it has taken the session by `sessions.lock` in the same transaction: then nobody comes
 * in between the counting and the entry. Handing out a link lets nobody in; it only looks.
 * @throws Refusal ATTENDANCE_LIMIT_REACHED
 */
export function refuseBeyond(
  refuse: Refuse<"ATTENDANCE_LIMIT_REACHED">,
  license: Pick<License, "maxAttendance">,
  others: number,
): void {
  const { maxAttendance: limit } = license;
  if (limit !== null && !hasPlace(license, others)) throw refuse("ATTENDANCE_LIMIT_REACHED", { limit });
}

/** Likewise for somebody new, who is counted only where there is a limit. @throws Refusal ATTENDANCE_LIMIT_REACHED */
export async function refuseFullRoom(
  refuse: Refuse<"ATTENDANCE_LIMIT_REACHED">,
  queries: Queries,
  license: Pick<License, "maxAttendance">,
  sessionId: string,
): Promise<void> {
  if (license.maxAttendance === null) return;
  refuseBeyond(refuse, license, await queries.attendances.countOthersInside(sessionId, ""));
}

/** The license of a running session. @throws Refusal SESSION_OVER */
export function demandRunning(refuse: Refuse<"SESSION_OVER">, session: Session, license: License | undefined): License {
  if (session.status !== "RUNNING") throw refuse("SESSION_OVER", {});
  if (!license) throw new Error(`session ${session.id} belongs to no license`);
  return license;
}
