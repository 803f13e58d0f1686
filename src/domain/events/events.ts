import { newId } from "../../ids.js";
import type { Source } from "../../engine/engine.js";
import type { Attendance, EndCause, LicenseId, Meeting, Queries, Recording, Session } from "../../storage/index.js";
import type { Origin } from "../caller.js";
import type { AccessScope } from "../license/scopes.js";
import type { RecordingChange } from "../recording/change.js";

interface OfLicense {
  licenseId: LicenseId;
}
interface OfMeeting {
  meeting: Pick<Meeting, "id" | "licenseId">;
}
interface OfSession {
  session: Pick<Session, "id" | "licenseId" | "meetingId">;
}
interface OfAttendance extends OfSession {
  attendance: Pick<Attendance, "id">;
}
interface OfRecording extends OfSession {
  recording: Pick<Recording, "id">;
}

/** What the event tells besides whom it is about; never a password, a key, a name or a link. */
interface Telling<Facts> {
  facts: Facts;
}

type RecordingFacts = Pick<Recording, "status" | "isPublished"> & {
  /** How the engine told it; left out where the partner did it. */
  source?: Source;
  change: RecordingChange;
};

/** What happens to a license's things: whom each kind of event is about, and what it tells. */
interface Events {
  "license.created": OfLicense;
  "license.updated": OfLicense & Telling<{ fields: string[] }>;
  "license.revoked": OfLicense;
  "access_token.created": OfLicense & Telling<{ tokenId: string; scopes: AccessScope[] }>;
  "access_token.revoked": OfLicense & Telling<{ tokenId: string }>;
  "general_settings.updated": OfLicense & Telling<{ fields: string[] }>;
  "meeting.created": OfMeeting;
  "meeting.updated": OfMeeting & Telling<{ fields: string[] }>;
  "meeting.deleted": OfMeeting;
  "session.started": OfSession;
  "session.failed": OfSession;
  "session.changed": OfSession & Telling<{ fields: string[] }>;
  "session.ended": OfSession & Telling<{ cause: EndCause }>;
  "attendance.joined": OfAttendance;
  "attendance.changed": OfAttendance & Telling<{ fields: string[] }>;
  "attendance.left": OfAttendance;
  "recording.changed": OfRecording & Telling<RecordingFacts>;
}

export type EventType = keyof Events;

interface Happened<Type extends EventType> {
  /** The transaction that does what the event tells of: neither is stored without the other. */
  tx: Queries;
  type: Type;
  origin: Origin;
  at: Date;
}

export type NewEvent = { [Type in EventType]: Happened<Type> & Events[Type] }[EventType];

/** Whom an event is about, whatever its kind; a session tells its meeting, and each of both its license. */
type Subject = Partial<OfLicense & OfMeeting & OfAttendance & OfRecording>;

const ownerOf = ({ licenseId, meeting, session }: Subject): LicenseId => {
  const owner = licenseId ?? session?.licenseId ?? meeting?.licenseId;
  if (!owner) throw new Error("an event belongs to no license");
  return owner;
};

/** Writes the event's row (data model, `events`). */
export function recordEvent(event: NewEvent): Promise<void> {
  const { tx, type, origin, at } = event;
  const subject: Subject = event;
  const { meeting, session, attendance, recording } = subject;
  return tx.events.append({
    id: newId(),
    licenseId: ownerOf(subject),
    type,
    meetingId: meeting?.id ?? session?.meetingId ?? null,
    sessionId: session?.id ?? null,
    attendanceId: attendance?.id ?? null,
    recordingId: recording?.id ?? null,
    occurredAt: at,
    door: origin.door,
    requestId: origin.requestId ?? null,
    actor: origin.actor ?? null,
    facts: "facts" in event ? event.facts : {},
  });
}
