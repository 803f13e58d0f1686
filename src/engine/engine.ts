import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.js";
import type { Messages } from "../messages/index.js";
import type { EndCause, Role } from "../storage/index.js";
import type { Timings } from "../timings.js";
import type { About } from "./about.js";
import type { RoomHomes, ServerWords } from "./homes.js";
import type { Moderation, Person, RoomsHere } from "./inside.js";
import type { EngineRecording, Reports, RoomSpec } from "./reports.js";

export { MESSAGES_PLAYED, MESSAGES_TOLD } from "./inside.js";
export type * from "./homes.js";
export type * from "./inside.js";
/** What an engine tells is half of its port; the port is known by this file. */
export * from "./reports.js";

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
export type Entrance = { page(language: string, isFull: boolean): string } | { address(language: string): string };

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
  readonly moderation?: Moderation;
  /** Only of an engine on another machine. */
  readonly elsewhere?: RoomsElsewhere;
  /** Only of an engine that records. */
  readonly recordings?: RecordingsOfEngine;
  /**
   * What an operator may want to know of it, in English; no secret.
   * @throws EngineUnavailable
   */
  about?(): Promise<About>;
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
  /** They are files of this gateway's own, by their sessions' ids: it removes them when it forgets, and by their age. */
  readonly areFilesOfOurs?: boolean;
  /** All recordings of these sessions, in whatever state. */
  list(sessionIds: readonly string[]): Promise<EngineRecording[]>;
  publish(engineRecordingId: string, isPublished: boolean): Promise<void>;
  /** One that is gone counts as removed. */
  remove(engineRecordingId: string): Promise<void>;
}

/** How browsers in rooms of ours find their way to each other. */
export interface IceSetting {
  /** Of STUN and TURN servers, as browsers take them. */
  readonly addresses: readonly string[];
  /** Shared with the TURN servers; there where one of the addresses is a TURN server's. */
  readonly turnSecret: string | undefined;
}

/** Where the rooms of this server keep what is recorded in them. */
export interface RecordingSetting {
  /** Made when something is recorded for the first time. */
  readonly folder: string;
  /** In bytes: all recordings of one license together, and what the disk must have left. */
  readonly mostBytesPerLicense: number;
  readonly freeBytes: number;
  /** With the first is signed; what was signed with another is good, too. */
  readonly keys: readonly [Buffer, ...Buffer[]];
  /** Pages of these origins may show a recording's page in a frame. */
  readonly embedOrigins: readonly string[];
}

/** What an engine is opened with. */
export interface EngineSetting {
  /** Under which it is opened. */
  name: string;
  timings: Timings;
  /** How often one person may enter a room that is run here. */
  entriesPerMinute: number;
  ice: IceSetting;
  recording: RecordingSetting;
  messages: Messages;
  reports: Reports;
  homes: RoomHomes;
  servers: ServerWords;
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
