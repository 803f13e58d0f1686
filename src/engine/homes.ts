/** Another server that runs a room. */
export interface Home {
  id: string;
  /** Where it is reached; null before it listens. */
  address: string | null;
}

/** Which server runs which room, where several serve one database; everywhere else every room is here. */
export interface RoomHomes {
  /** Whether this server runs the room, and nobody else can have taken it. Asks nobody. */
  isHere(sessionId: string): boolean;
  /** As `isHere`, and makes sure of it first where it can't be told. Never throws; takes some seconds at most. */
  isStillHere(sessionId: string): Promise<boolean>;
  /** Another server that runs the room; undefined where this one does, or nobody. */
  elsewhere(sessionId: string): Promise<Home | undefined>;
  /**
   * The room's home; from now on it is this server, where it had none.
   * @throws an error where that can't be told for a moment
   */
  take(sessionId: string): Promise<Home | "HERE">;
  /** Nobody is in it here any more. */
  forget(sessionId: string): void;
  /** Of works that one server does for all, this one does them. */
  readonly isFirst: boolean;
  /** This server ends: others may run its rooms. */
  leave(): Promise<void>;
}

/** By what servers of one secret know one another. */
export interface ServerWords {
  /** For this server and no other; good for a minute. */
  say(to: string): string;
  /** Whether another server said it, to this one. */
  isOurs(word: string): boolean;
}
