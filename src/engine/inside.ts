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

/** A room as it is stored. */
export interface RoomNow {
  /** Everyone inside, by when they came. */
  people: Person[];
  settings: Record<string, boolean>;
  /** The last ones, `MESSAGES_TOLD` at most, the oldest first. */
  messages: WrittenMessage[];
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
  /** The gateway counted someone out by itself (an earlier process had seen them): the others should know. */
  countedOut(sessionId: string, person: Person): void;
}
