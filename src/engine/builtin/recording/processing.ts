import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import type { EngineSetting } from "../../engine.js";
import { joinApart } from "./join-apart.js";
import { isLate, refusalOf } from "./late-pieces.js";
import { isNoRoom } from "./piece-file.js";
import type { RawAbout, RecordingFolder, Stretch } from "./recording-folder.js";

/** After so many tries that ended with the process, or with its thread, no further one is made. */
const MOST_ATTEMPTS = 3;
/** A thirtieth of what it does on a machine that has two cores. */
const BYTES_A_MS = 1024;
/** A disk that stopped recordings has room to make one of what came: so much of what must stay free on it may be used for that. */
const SHARE_OF_FREE = 1 / 2;
/** Of the part of an address that nobody can guess. */
const KEY_BYTES = 24;

const NO_ROOM = "the disk has no room to make a recording of what came; it waits until there is";

interface PartFile {
  path: string;
  startedAt: string;
  bytes: number;
}

/** Makes one recording of a session's parts, once it is over and they are all there: one at a time, in a thread. */
export class Processing {
  #sweep: NodeJS.Timeout | undefined;
  readonly #end = new AbortController();
  #round: Promise<void> | undefined;
  #isWanted = false;
  #current: { sessionId: string; stop: AbortController } | undefined;
  /** How often it was really tried, where the last try does not count and that could not be stored. */
  readonly #attempts = new Map<string, number>();
  /** Of these it was said. */
  readonly #withoutRoom = new Set<string>();

  constructor(
    readonly setting: EngineSetting,
    readonly folder: RecordingFolder,
    /** There is a recording of this session, or there can be none. */
    readonly made: (sessionId: string) => Promise<void>,
  ) {}

  /** A server does, and no tool that works beside it. */
  begin(): void {
    this.look();
    this.#sweep = setInterval(() => this.look(), this.setting.timings.recordSweep).unref();
  }

  /** Soon: what can be made is made. */
  look(): void {
    this.#isWanted = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = undefined));
  }

  async #rounds(): Promise<void> {
    // Of several servers, whose folder is one, one makes them all.
    while (this.#isWanted && this.setting.homes.isFirst && !this.#end.signal.aborted) {
      this.#isWanted = false;
      try {
        for (const sessionId of await this.folder.rawSessions()) {
          if (this.#end.signal.aborted) return;
          await this.#consider(sessionId);
        }
      } catch (err) {
        this.setting.log.warn({ err }, "recordings could not be looked through; it is tried again");
      }
    }
  }

  async #consider(sessionId: string): Promise<void> {
    try {
      const endedAt = (await this.setting.reports.sessionNow(sessionId))?.endedAt;
      if (!endedAt) return;
      // Made already; only what it was made of is left.
      if (await this.folder.doneAbout(sessionId)) return await this.folder.removeRaw(sessionId);
      const about = await this.folder.rawAbout(sessionId);
      if (!about || !(await this.#isAllThere(sessionId, about, endedAt))) return;
      if (await this.#hasRoom(sessionId, about)) await this.#make(sessionId, about);
    } catch (err) {
      this.setting.log.error({ err, sessionId }, "a recording could not be made; it is tried again");
    }
  }

  async #isAllThere(sessionId: string, { parts }: RawAbout, endedAt: Date): Promise<boolean> {
    if (isLate({ stoppedAt: endedAt }, this.setting)) return true;
    const are = await Promise.all(parts.map(({ id }) => this.#isThere(sessionId, id)));
    return are.every(Boolean);
  }

  /** Its last piece came, or nobody can send another: after the end nobody is made a moderator again. */
  async #isThere(sessionId: string, part: string): Promise<boolean> {
    const { isWhole } = await this.folder.part(sessionId, part).progress();
    return isWhole || refusalOf(await this.setting.reports.recordingRun(part), this.setting) !== undefined;
  }

  /** What is made lies beside what came for a while: that must not take the disk from everything else. */
  async #hasRoom(sessionId: string, { parts }: RawAbout): Promise<boolean> {
    const sizes = await Promise.all(parts.map(({ id }) => this.folder.part(sessionId, id).progress()));
    const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
    const hasRoom = (await this.folder.free()) - bytes >= this.setting.recording.freeBytes * SHARE_OF_FREE;
    if (hasRoom) this.#withoutRoom.delete(sessionId);
    else if (!this.#withoutRoom.has(sessionId)) {
      this.#withoutRoom.add(sessionId);
      this.setting.log.warn({ sessionId }, NO_ROOM);
    }
    return hasRoom;
  }

  async #make(sessionId: string, stored: RawAbout): Promise<void> {
    const about = { ...stored, attempts: this.#attempts.get(sessionId) ?? stored.attempts };
    await this.folder.writeRaw(sessionId, { ...about, attempts: about.attempts + 1 });
    this.#attempts.delete(sessionId);
    const files: PartFile[] = [];
    for (const { id, startedAt } of about.parts) {
      const part = this.folder.part(sessionId, id);
      const { bytes } = await part.settle();
      if (bytes > 0) files.push({ path: part.media, startedAt, bytes });
    }
    // Somebody's page said that it records, and nothing ever came.
    if (files.length === 0) return this.folder.removeRaw(sessionId);
    const outcome = await this.#makeOf(sessionId, about, files).catch((err: unknown) => {
      if (!isNoRoom(err)) throw err;
      this.setting.log.warn({ err, sessionId }, NO_ROOM);
      return "LATER" as const;
    });
    if (outcome === "LATER") await this.#uncount(sessionId, about);
    else await this.made(sessionId);
  }

  /** A try that the server's end or the disk broke off says nothing of what came. A full disk may not take that either. */
  async #uncount(sessionId: string, about: RawAbout): Promise<void> {
    this.#attempts.set(sessionId, about.attempts);
    await this.folder.writeRaw(sessionId, about);
    this.#attempts.delete(sessionId);
  }

  async #makeOf(sessionId: string, about: RawAbout, files: readonly PartFile[]): Promise<"MADE" | "LATER"> {
    const { folder, media } = await this.folder.beginDone(sessionId);
    const stretches = about.attempts >= MOST_ATTEMPTS ? undefined : await this.#join(sessionId, files, media);
    if (!stretches || stretches === "LATER") await this.folder.dropDone(folder);
    if (stretches === "LATER") return "LATER";
    const key = randomBytes(KEY_BYTES).toString("base64url");
    const done = { licenseId: about.licenseId, key, isPublished: true };
    if (stretches) {
      const bytes = (await stat(media)).size;
      const seconds = stretches.reduce((sum, each) => sum + each.seconds, 0);
      await this.folder.settleDone(sessionId, folder, { ...done, bytes, seconds, stretches });
      await this.folder.removeRaw(sessionId);
    } else await this.folder.settleFailed(sessionId, { ...done, bytes: null, seconds: 0, stretches: [] });
    return "MADE";
  }

  async #join(sessionId: string, files: readonly PartFile[], target: string): Promise<Stretch[] | "LATER" | undefined> {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#end.signal]);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const withinMs = this.setting.timings.recordJoin + bytes / BYTES_A_MS;
    const joining = joinApart({ files: files.map(({ path }) => path), target }, withinMs, signal);
    this.#current = { sessionId, stop };
    try {
      const parts = await joining;
      return parts?.map((part, index) => ({ ...part, startedAt: files[index]?.startedAt ?? "" }));
    } catch (err) {
      if (signal.aborted) return "LATER";
      this.setting.log.error({ err, sessionId }, "what was recorded could not be joined");
      return isNoRoom(err) ? "LATER" : undefined;
    } finally {
      this.#current = undefined;
    }
  }

  /** It is not wanted any more. @returns when nothing is done with it */
  async abandon(sessionId: string): Promise<void> {
    if (this.#current?.sessionId !== sessionId) return;
    this.#current.stop.abort();
    await this.#round;
  }

  /** The process ends: what is not made yet is made by the next. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#end.abort();
    await this.#round;
  }
}
