import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.js";
import type { Messages } from "../messages/index.js";
import type { EndCause, Recording, Role, Stay, StoredFormat } from "../storage/index.js";
import type { Timings } from "../timings.js";

/** A person as the others in the room see them; the id is the join link's, whichever engine runs the room. */
export interface Person {
  id: string;
  name: string;
  role: Role;
}

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

/** It may work when it is tried again. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
}

/** It will not work when it is tried again. */
export class EngineRefused extends Error {
  override readonly name = "EngineRefused";
}

/**
 * What a join link opens: the engine's own page, with its button to enter; or an address of the engine's, to which a
 * button of ours sends the browser on. The address is a credential.
 */
export type Entrance = { page(language: string): string } | { address(language: string): string };

/** Whatever runs the rooms. Every call may be repeated and then changes nothing more. */
export interface Engine {
  /** The one it is opened under; stored with each of its sessions. */
  readonly name: string;
  /** @throws EngineUnavailable when the engine does not answer */
  check(): Promise<void>;
  /**
   * @returns the engine's own id of the room, kept with the session; null where it needs none
   * @throws EngineUnavailable when it may be tried again, EngineRefused when not
   */
  openRoom(room: RoomSpec): Promise<string | null>;
  /** Where this person goes in. Asks nobody. */
  entrance(room: RoomSpec, person: Person): Entrance;
  /** A room that is not there counts as closed. `cause` is for what people are told. */
  closeRoom(sessionId: string, cause: EndCause): Promise<void>;
  /**
   * Only of an engine whose rooms are in this very process. It sees every coming and going itself, so the gateway
   * counts out whom the process before lost, and ends rooms that stay empty; any other engine does so itself and tells.
   */
  readonly here?: RoomsHere;
  /** Only of an engine on another machine. */
  readonly elsewhere?: RoomsElsewhere;
  /** Only of an engine that records. */
  readonly recordings?: RecordingsOfEngine;
}

export interface RoomsHere {
  /** Sessions with people inside; another process may have ended one of them. */
  sessionIds(): string[];
  /** The gateway counted someone out by itself (an earlier process had seen them): the others should know. */
  countedOut(sessionId: string, person: Person): void;
}

/** Someone inside, as the engine has them now. */
export interface LivePerson {
  /** null where the engine does not keep our id. */
  personId: string | null;
  name: string;
  role: Role;
  engineUserId?: string;
}

export interface LiveRoom {
  sessionId: string;
  /** Those it names; it may keep naming some for a minute after they left. */
  people: LivePerson[];
  /** How many are inside. */
  count: number;
}

export interface RoomsElsewhere {
  /**
   * Those of these rooms that are there and not over, with who is in them.
   * @throws EngineUnavailable
   */
  look(sessionIds: readonly string[]): Promise<LiveRoom[]>;
}

/** @throws EngineUnavailable, EngineRefused */
export interface RecordingsOfEngine {
  /** All recordings of these sessions, in whatever state. */
  list(sessionIds: readonly string[]): Promise<EngineRecording[]>;
  publish(engineRecordingId: string, isPublished: boolean): Promise<void>;
  /** One that is gone counts as removed. */
  remove(engineRecordingId: string): Promise<void>;
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

/** Why someone may not enter, by the domain's own names: the link is not ours, the session is over, the room is full. */
export const entryRefusals = ["LINK_TAMPERED", "SESSION_OVER", "ATTENDANCE_LIMIT_REACHED"] as const;
export type EntryRefusal = (typeof entryRefusals)[number];

/**
 * What an engine learns of its sessions and the people in them, it tells here; these are use-cases, handed in, because
 * an engine imports nothing above itself. Each may be told again, late, or in another order, and then changes nothing
 * that is known better. A session that is another engine's is none to it.
 */
export interface Reports {
  /** undefined where the join link's query string is not one of ours, unchanged. Asks nobody. */
  admit(link: string): LinkHolder | undefined;
  /** Answered after the commit. Refused is SESSION_OVER, and LIVE where there is no place left. */
  joined(arrival: Arrival): Promise<Entered | { refused: EntryRefusal }>;
  left(departure: Departure): Promise<void>;
  /** Everyone inside, by when they came. For an engine that knows from then on by itself who comes and goes. */
  inside(sessionId: string): Promise<Person[]>;
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

/** What an engine is opened with. */
export interface EngineSetting {
  /** Under which it is opened. */
  name: string;
  timings: Timings;
  /** How often one person may enter a room that is run here. */
  entriesPerMinute: number;
  messages: Messages;
  reports: Reports;
  clock: Clock;
  log: Record<"warn" | "error", (facts: object, message: string) => void>;
  /** PUBLIC_URL without a slash at its end; known for certain only once the server listens. */
  publicUrl: () => string;
  /** How long a room may stay empty; 0: for ever. */
  emptyRoomMinutes: number;
  /** An address at which the engine reaches this gateway, with a part nobody can guess; `path` comes back in Callback. */
  callbackUrl(path: string): string;
}

/** What an engine sent to an address of `callbackUrl`. */
export interface Callback {
  path: string;
  method: string;
  /** As it was handed out, and what the engine appended to it. */
  url: string;
  /** Without its question mark, as it came. */
  query: string;
  headers: IncomingHttpHeaders;
  /** As it came: signatures are of these bytes. */
  body: Buffer;
}

export interface OpenedEngine {
  engine: Engine;
  /** The engine's own pages and sockets, mounted once at the start by `app`. */
  routes?: (app: FastifyInstance) => Promise<void>;
  /** What the engine tells by itself. Answers soon; what takes long goes on after it. */
  hear?(callback: Callback): Promise<{ status: number }>;
  /** Stops what it does by itself: timers, connections. */
  close?(): Promise<void>;
}

export type OpenEngine = (setting: EngineSetting) => OpenedEngine;
