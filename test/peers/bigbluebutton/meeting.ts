import type { Parameters } from "./answer.js";

export type Role = "MODERATOR" | "VIEWER";

/** One window of a person's: who comes again has another internal id, and the same external one. */
export interface User {
  internalId: string;
  externalId: string;
  name: string;
  role: Role;
  joinedAt: number;
  leftAt?: number;
}

export interface Meeting {
  meetingID: string;
  /** Also the recording's id. */
  internalMeetingID: string;
  name: string;
  attendeePW: string;
  moderatorPW: string;
  voiceBridge: string;
  createTime: number;
  startTime: number;
  /** 0 until it has ended. */
  endTime: number;
  hasBeenForciblyEnded: boolean;
  hasUserJoined: boolean;
  /** Somebody, or `autoStartRecording`, has begun to record. */
  recordingStarted: boolean;
  /** What `create` was called with, unknown ones among them. */
  parameters: Parameters;
  /** `meta_` parameters, their names in lower case. */
  metadata: Record<string, string>;
  users: User[];
  /** All that ever came. */
  visits: User[];
  /** False: Scalelite has forgotten it, whatever the server behind it does. */
  known: boolean;
}

export type RoomEvent =
  | { id: "meeting-created" | "meeting-ended" | "meeting-recording-started"; meeting: Meeting }
  | { id: "user-joined" | "user-left"; meeting: Meeting; user: User };

export const isOn = (meeting: Meeting, parameter: string): boolean => meeting.parameters[parameter] === "true";

export const numberOf = (meeting: Meeting, parameter: string, otherwise: number): number =>
  Number(meeting.parameters[parameter] || otherwise);

export const online = (meeting: Meeting): User[] => meeting.users.filter(({ leftAt }) => leftAt === undefined);
