import type { Recording, Role, Stay, StoredFormat } from "../storage/index.js";
import type {
  KeptNotes,
  Person,
  RecordingNow,
  RecordingRefusal,
  RecordingRunNow,
  RecordingStart,
  RecordingStop,
  RoomNow,
  Wish,
  WishOutcome,
  Writing,
  WrittenMessage,
} from "./inside.js";

export interface RoomSpec {
  /** The room's id is the session's. */
  sessionId: string;
  meetingId: string;
  licenseId: string;
  title: string | null;
  welcome: string | null;
  logoutUrl: string | null;
  settings: Record<string, boolean>;
  /** How many people may be inside at the same time, moderators counted; null: any number. */
  maxAttendance: number | null;
  /** What `openRoom` gave; null before, and with an engine that needs no id of its own. */
  engineRoomId: string | null;
}

/**
 * How an engine knows what it tells. LIVE: it asks at its own door, and may be refused. Anything else happened already,
 * and is told afterwards, perhaps twice.
 */
export type Source = Exclude<Stay["source"], "RECOVERED">;

/** Whose link it is, and where it leads. */
export interface LinkHolder {
  sessionId: string;
  person: Person;
}

export interface Arrival extends LinkHolder {
  source: Source;
  /** Now, when left out. */
  at?: Date;
  /** Where an engine knows one person's lines apart: a later one takes the place over. */
  engineUserId?: string;
}

export interface Departure {
  sessionId: string;
  personId: string;
  /** When the person was last known inside. */
  at: Date;
  source: Source;
  /** Of a line that another one has replaced since, nothing is heard any more. */
  engineUserId?: string;
}

/** One person of a session that is over, as its engine sums it up: when each of their lines began and ended. */
export interface Attended {
  personId: string;
  name: string;
  role: Role;
  joins: Date[];
  /** In no pairs with the joins; those that are missing were at the session's end. */
  leaves: Date[];
}

export interface Ending {
  sessionId: string;
  source: Source;
  /** Someone inside wants it; undefined: the room is gone at the engine. */
  by?: string;
  /** Now, when left out. */
  at?: Date;
}

export interface EngineRecordingFormat extends Omit<StoredFormat, "url" | "thumbnails"> {
  url: string;
  /** Addresses of small pictures. */
  thumbnails: readonly string[];
}

/** A recording as its engine has it now. */
export interface EngineRecording
  extends Pick<Recording, "sessionId" | "engineRecordingId" | "status" | "isPublished" | "playbackUrl"> {
  durationSeconds: number | null;
  sizeBytes?: number | null;
  /** The ways to play it; `playbackUrl` is the address of the one that is meant where one is asked for. */
  formats?: readonly EngineRecordingFormat[];
  startedAt?: Date | null;
  endedAt?: Date | null;
  /** Its addresses are good for a while only: none is stored, and the engine is asked whenever somebody wants one. */
  hasTemporaryUrls?: boolean;
  /** The engine keeps the memory of one that was deleted there. */
  isDeleted?: boolean;
  source: Source;
}

/** Someone is inside, in this room. */
export interface Entered {
  person: Person;
  room: RoomSpec;
}

/** Why someone may not enter, by the domain's own names: not our link, session over, sent out of it, room full. */
export const entryRefusals = ["LINK_TAMPERED", "SESSION_OVER", "REMOVED", "ATTENDANCE_LIMIT_REACHED"] as const;
export type EntryRefusal = (typeof entryRefusals)[number];

/**
 * What an engine learns of its sessions and the people in them, it tells here; these are use-cases, handed in, because
 * an engine imports nothing above itself. Each may be told again, late, or in another order, and then changes nothing
 * that is known better. A session that is another engine's is none to it.
 */
export interface Reports {
  /** undefined where the join link's query string is not one of ours, unchanged. Asks nobody. */
  admit(link: string): LinkHolder | undefined;
  /** Answered after the commit. Refused is SESSION_OVER and REMOVED, and LIVE where there is no place left. */
  joined(arrival: Arrival): Promise<Entered | { refused: EntryRefusal }>;
  left(departure: Departure): Promise<void>;
  /**
   * What the engine says of a whole session afterwards, in the place of what it told meanwhile.
   * @returns false where the session is not over
   */
  attended(told: { sessionId: string; people: readonly Attended[] }): Promise<boolean>;
  /** The open session whose room has this id at the engine. */
  sessionOf(engineRoomId: string): Promise<string | undefined>;
  /** For an engine that knows from then on by itself what goes on. */
  inside(sessionId: string): Promise<RoomNow>;
  /** Answered after the commit. undefined where they are not inside any more. */
  wrote(writing: Writing): Promise<WrittenMessage | undefined>;
  /** The document that was kept last; undefined where there is none. */
  notes(sessionId: string): Promise<string | undefined>;
  /** In the place of those kept before. Answered after the commit. */
  keepNotes(notes: KeptNotes): Promise<void>;
  /** What of these is done comes back over `moderation`. */
  remove(wish: Wish & { personId: string }): Promise<WishOutcome>;
  setRole(wish: Wish & { personId: string; role: Role }): Promise<WishOutcome>;
  setLocks(wish: Wish & { settings: Readonly<Record<string, boolean>> }): Promise<WishOutcome>;
  /** Somebody's page begins to record, in the place of another's that did: stored with the session, before anyone is told. */
  recordingStarted(start: RecordingStart): Promise<RecordingNow | RecordingRefusal>;
  /** @returns undefined where it was stopped, or none went on. */
  recordingStopped(stop: RecordingStop): Promise<RecordingRefusal | undefined>;
  recordingRun(id: string): Promise<RecordingRunNow | undefined>;
  /** undefined where it is not known, or another engine's; `endedAt` is null while it runs. */
  sessionNow(sessionId: string): Promise<{ title: string | null; endedAt: Date | null } | undefined>;
  /** What was written to everyone, the oldest first; of more than `MESSAGES_PLAYED` the last ones. */
  messagesOf(sessionId: string): Promise<WrittenMessage[]>;
  /** False where it is not theirs to end, or was ended already. */
  ended(ending: Ending): Promise<boolean>;
  recording(recording: EngineRecording): Promise<void>;
  /**
   * There is news of what was recorded of this session: `RecordingsOfEngine` is asked for it within seconds. A hint, so
   * it may be anybody's, and come any number of times.
   * @returns false where there is no such session of this engine, or its meeting was deleted
   */
  recordingsChanged(sessionId: string): Promise<boolean>;
}
