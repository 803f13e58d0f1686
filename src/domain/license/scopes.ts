/** What an access token may do, and what each scope means, for those who make tokens. */
export const scopeMeanings = {
  ATTENDANCE_READ: "Read attendances.",
  EVENTS_READ: "Subscribe to events.",
  MEETINGS_READ: "Read meetings, sessions and settings.",
  MEETINGS_WRITE: "Create, update and delete meetings and general settings.",
  MESSAGES_READ: "Read what was written to everyone in sessions.",
  NOTES_READ: "Read the shared notes of sessions.",
  RECORDINGS_READ: "Read recordings.",
  RECORDINGS_WRITE: "Publish and delete recordings.",
  SECRETS_READ: "Read moderator and attendee passwords. Not for browsers.",
  SESSIONS_JOIN: "Join sessions, as moderator too where the meeting's password is shown or none is needed.",
  SESSIONS_WRITE: "Start and end sessions, and moderate running ones.",
} as const;

export type AccessScope = keyof typeof scopeMeanings;
