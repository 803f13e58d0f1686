import type { FastifyInstance } from "fastify";
import type { Config } from "../config.js";
import type { Messages } from "../messages/index.js";
import type { EndCause, Role } from "../storage/index.js";

/** A person as the others in the room see them. */
export interface Person {
  id: string;
  name: string;
  role: Role;
}

export interface RoomSpec {
  /** The room's id is the session's. */
  sessionId: string;
  meetingId: string;
  title: string | null;
  welcome: string | null;
  logoutUrl: string | null;
  settings: Record<string, boolean>;
}

export interface EngineRecording {
  engineRecordingId: string;
  sessionId: string;
  status: "PROCESSING" | "READY" | "FAILED";
  isPublished: boolean;
  playbackUrl: string | null;
  durationSeconds: number | null;
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
 * Whatever runs the rooms. Every call may be repeated and then changes nothing more.
 */
export interface Engine {
  readonly name: string;
  /** What this engine can do; the gateway asks here and never finds out by failing. */
  readonly can: { presence: "live" | "told" | "polled"; recordings: boolean };
  /** @throws EngineUnavailable when the engine does not answer */
  check(): Promise<void>;
  /** @throws EngineUnavailable when it may be tried again, EngineRefused when not */
  openRoom(room: RoomSpec): Promise<void>;
  /** Where this person goes in: the page with the button to enter. Asks nobody. */
  entrance(room: RoomSpec, person: Person): { html(language: string): string };
  /** A room that is not there counts as closed. `cause` is for what people are told. */
  closeRoom(sessionId: string, cause: EndCause): Promise<void>;
  /** `null`: the engine knows no such room. */
  people(sessionId: string): Promise<Person[] | null>;
  recordings(sessionIds: string[]): Promise<EngineRecording[]>;
  /** Sessions whose people this very process serves; another process may have ended one of them. */
  servedHere(): string[];
  /** The gateway counted someone out by itself (an earlier process had seen them): the others should know. */
  countedOut(sessionId: string, person: Person): void;
}

/** Someone is inside: everything their first screen shows. */
export interface Entered {
  person: Person;
  room: RoomSpec;
  people: Person[];
}

/** Why someone may not enter: the link is not ours, the room is full, the session is over. */
export type EntryRefusal = "TAMPERED" | "FULL" | "OVER";

/**
 * What an engine learns in its rooms, it tells here; these are use-cases, handed in, because an engine imports nothing
 * above itself.
 */
export interface Reports {
  /** Whose link this is; undefined where it is not one of ours, unchanged. Asks nobody. */
  personOf(link: string): string | undefined;
  /** `link` is the join link's query string. Answered after the commit. */
  entered(link: string): Promise<Entered | { refused: EntryRefusal }>;
  left(personId: string, at: Date): Promise<void>;
  /** Someone inside ends the session; false where that is not theirs to do. */
  endedBy(personId: string): Promise<boolean>;
}

/** What an engine is opened with. */
export interface EngineSetting {
  timings: Config["timings"];
  messages: Messages;
  reports: Reports;
  clock: { now(): Date };
  /** PUBLIC_URL; known for certain only once the server listens. */
  publicUrl: () => string;
}

export interface OpenedEngine {
  engine: Engine;
  /** The engine's own pages, sockets or callbacks, mounted by `app`. */
  routes?: (app: FastifyInstance) => Promise<void>;
}
