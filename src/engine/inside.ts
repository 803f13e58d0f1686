import type { Role } from "../storage/index.js";

// What goes on inside a room; a part of the port, which is engine.ts.

/** A person as the others in the room see them; the id is the join link's, whichever engine runs the room. */
export interface Person {
  id: string;
  name: string;
  role: Role;
}

/** So many of a session's last messages are told to who comes, and who comes back. */
export const MESSAGES_TOLD = 200;

/** So many stand beside a recording of it. */
export const MESSAGES_PLAYED = 5_000;

/** Someone inside writes to everyone. */
export interface Writing {
  sessionId: string;
  personId: string;
  body: string;
  /** Their own word for it, by which it is known when it is sent again. */
  ref?: string | undefined;
}

export interface WrittenMessage {
  id: string;
  from: Person;
  body: string;
  at: Date;
  ref: string | null;
}

/** What people wrote together, as it is kept with the session. */
export interface KeptNotes {
  sessionId: string;
  /** The engine's own, in base64: with it writing goes on after a restart. */
  document: string;
  text: string;
}

/** Somebody's page records. */
export interface RecordingNow {
  /** The run's id: what comes is kept under it. */
  id: string;
  by: Person;
  since: Date;
}

/** How a run of a recording stops, when it is not by the session's end. */
export type RecordingStopCause = "STOPPED" | "TAKEN_OVER" | "LEFT" | "STORAGE_FULL";

export interface RecordingStart extends Wish {
  /** The page was asked to by the server. */
  isAutomatic: boolean;
}

export interface RecordingStop {
  sessionId: string;
  cause: RecordingStopCause;
  /** A moderator inside who wants it; the server, when left out. */
  by?: string;
}

/** RECORD_OFF: the session may not be recorded at all. RECORD_FIXED: nobody but the server starts and stops it. */
export type RecordingRefusal = "NOT_MODERATOR" | "RECORD_OFF" | "RECORD_FIXED";

/** What may still come of a run. */
export interface RecordingRunNow {
  sessionId: string;
  licenseId: string;
  personId: string;
  startedAt: Date;
  /** null while it goes on. */
  stoppedAt: Date | null;
  /** Whoever recorded is a moderator still, and was not removed. */
  isModerator: boolean;
}

/** A room as it is stored. */
export interface RoomNow {
  /** Everyone inside, by when they came. */
  people: Person[];
  settings: Record<string, boolean>;
  /** The last ones, `MESSAGES_TOLD` at most, the oldest first. */
  messages: WrittenMessage[];
  /** Where it is being recorded. */
  recording: RecordingNow | undefined;
  /** How the last run stopped; undefined where one goes on, or there was none. */
  recordingStopped: string | undefined;
}

/** Someone inside wants what only moderators may. */
export interface Wish {
  sessionId: string;
  by: string;
}

export type WishOutcome = "DONE" | "NOT_MODERATOR" | "NOT_HERE";

/** Only of an engine that takes changes of a room while it runs. What is told is stored already, and not told twice. */
export interface Moderation {
  /** Out, and not let in again. */
  removed(sessionId: string, person: Person): Promise<void>;
  /** The person with the new role. */
  roleChanged(sessionId: string, person: Person): Promise<void>;
  /** All switches, as they are now. */
  settingsChanged(sessionId: string, settings: Record<string, boolean>): Promise<void>;
}

export interface RoomsHere {
  /** Whoever finds a room full may wait before it: its page opens all the same. */
  readonly canWait: boolean;
  /** Sessions with people inside; another process may have ended one of them. */
  sessionIds(): string[];
  /** Of those who sit in this room only these are still inside, as it is stored: the others come again. */
  setRight(sessionId: string, inside: ReadonlySet<string>): void;
  /** The gateway counted someone out by itself (an earlier process had seen them): the others should know. */
  countedOut(sessionId: string, person: Person): void;
}
