import { v7 as newId } from "uuid";
import type { Attendance, LicenseId, Meeting, Queries, Session } from "../storage/index.js";
import type { Origin } from "./caller.js";

/** What happens to a license's things. The row is written in the transaction that does it (data model, `events`). */
export type EventType =
  | "license.created"
  | "license.updated"
  | "license.revoked"
  | "access_token.created"
  | "access_token.revoked"
  | "general_settings.updated"
  | "meeting.created"
  | "meeting.updated"
  | "meeting.deleted"
  | "session.started"
  | "session.failed"
  | "session.ended"
  | "attendance.joined"
  | "attendance.left"
  | "recording.changed";

interface Subject {
  meeting?: Pick<Meeting, "id" | "licenseId">;
  session?: Pick<Session, "id" | "licenseId" | "meetingId">;
  attendance?: Pick<Attendance, "id">;
  licenseId?: LicenseId;
}

/** `facts` never hold a password, a key, a name or a link. */
export function recordEvent(
  tx: Queries,
  type: EventType,
  origin: Origin,
  at: Date,
  { meeting, session, attendance, licenseId }: Subject,
  facts: Record<string, unknown> = {},
): Promise<void> {
  const owner = licenseId ?? session?.licenseId ?? meeting?.licenseId;
  if (!owner) throw new Error(`event ${type} belongs to no license`);
  return tx.events.append({
    id: newId(),
    licenseId: owner,
    type,
    meetingId: meeting?.id ?? session?.meetingId ?? null,
    sessionId: session?.id ?? null,
    attendanceId: attendance?.id ?? null,
    occurredAt: at,
    door: origin.door,
    requestId: origin.requestId ?? null,
    actor: origin.actor ?? null,
    facts,
  });
}
