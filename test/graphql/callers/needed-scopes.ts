import type { AccessScope } from "../../../src/domain/license/scopes.js";

/** Every field that leads from one object to others, or is a secret, and the scope it needs beside its parent's. */
export const fields: Record<string, AccessScope> = {
  "Attendance.session": "MEETINGS_READ",
  "Meeting.currentSession": "MEETINGS_READ",
  "Meeting.moderatorPassword": "SECRETS_READ",
  "Meeting.sessions": "MEETINGS_READ",
  "Message.author": "ATTENDANCE_READ",
  "Recording.session": "MEETINGS_READ",
  "RecordingRun.startedBy": "ATTENDANCE_READ",
  "RecordingRun.stoppedBy": "ATTENDANCE_READ",
  "Session.attendances": "ATTENDANCE_READ",
  "Session.attendeePassword": "SECRETS_READ",
  "Session.meeting": "MEETINGS_READ",
  "Session.messages": "MESSAGES_READ",
  "Session.notes": "NOTES_READ",
  "Session.recording": "RECORDINGS_READ",
  "Session.recordingRuns": "RECORDINGS_READ",
};
