import type { EngineRecording, EngineSetting, RecordingRunNow, RecordingsOfEngine } from "../../engine.js";
import { isSameSecret } from "../../../same-secret.js";
import { inTurn } from "../in-turn.js";
import { isLate, refusalOf } from "./late-pieces.js";
import { PieceFile, StorageFull } from "./piece-file.js";
import { Processing } from "./processing.js";
import { type DoneAbout, isId, RecordingFolder } from "./recording-folder.js";
import { RoomLeft } from "./room-left.js";
import { Passes } from "./signing.js";

export const MOST_PIECE_BYTES = 8 * 1024 * 1024;

/** What becomes of a piece: it is there, and which is awaited next; or why not. */
export type PieceAnswer =
  | { next: number }
  | { code: "GAP"; next: number }
  | { code: "NOT_MODERATOR" | "NO_SUCH_PART" | "OVER" | "NOT_WEBM" | "STORAGE_FULL" };

export interface Piece {
  number: number;
  bytes: Buffer;
  isLast: boolean;
}

/** How a WebM file begins (EBML, RFC 8794), and the words in its head for what rooms' pages record. */
const isOfOurs = (bytes: Buffer): boolean =>
  bytes.length > 4 &&
  bytes.readUInt32BE(0) === 0x1a_45_df_a3 &&
  ["webm", "V_VP8", "A_OPUS"].every((word) => bytes.subarray(0, 4096).includes(word));

/** What was recorded in the rooms of this server: pieces as they come, and what is made of them. */
export class Recordings {
  readonly folder: RecordingFolder;
  readonly passes: Passes;
  readonly processing: Processing;
  readonly #left: RoomLeft;
  readonly #turn = inTurn();
  readonly #setting: EngineSetting;

  constructor(
    setting: EngineSetting,
    /** A session's recording ends, because there is no room for it. */
    readonly full: (sessionId: string) => Promise<void>,
  ) {
    const { recording, clock } = setting;
    this.#setting = setting;
    this.folder = new RecordingFolder(recording.folder);
    this.passes = new Passes(recording.keys, clock);
    this.#left = new RoomLeft(this.folder, recording, () => clock.monotonic());
    this.processing = new Processing(setting, this.folder, (sessionId) => this.#made(sessionId));
  }

  /** A run begins: from here on its pieces are taken. */
  async begin(sessionId: string, licenseId: string, part: { id: string; startedAt: Date }): Promise<void> {
    await this.#turn(sessionId, async () => {
      const before = (await this.folder.rawAbout(sessionId)) ?? { licenseId, parts: [], attempts: 0 };
      const parts = [...before.parts, { id: part.id, startedAt: part.startedAt.toISOString() }];
      await this.folder.writeRaw(sessionId, { ...before, parts });
    });
  }

  /** Where it may begin at all. @throws StorageFull */
  demandRoom(licenseId: string): Promise<void> {
    return this.#left.demand(licenseId, MOST_PIECE_BYTES);
  }

  async next(sessionId: string, partId: string): Promise<number> {
    return (await this.folder.part(sessionId, partId).progress()).next;
  }

  /** Whether nothing more is taken of a part. */
  async isOver(partId: string, run: RecordingRunNow): Promise<boolean> {
    const about = await this.folder.rawAbout(run.sessionId);
    if (isLate(run, this.#setting) || !about?.parts.some(({ id }) => id === partId)) return true;
    return (await this.folder.part(run.sessionId, partId).progress()).isWhole;
  }

  /** @param partId one for which a token was shown */
  async take(partId: string, piece: Piece): Promise<PieceAnswer> {
    const run = await this.#setting.reports.recordingRun(partId);
    const refused = refusalOf(run, this.#setting);
    if (!run || refused) return { code: refused ?? "NO_SUCH_PART" };
    const answer = await this.#turn(partId, () => this.#append(run, partId, piece));
    if ("code" in answer && answer.code === "STORAGE_FULL") await this.full(run.sessionId);
    if (piece.isLast && run.stoppedAt !== null && "next" in answer) this.processing.look();
    return answer;
  }

  async #append({ sessionId, licenseId }: RecordingRunNow, partId: string, piece: Piece): Promise<PieceAnswer> {
    const about = await this.folder.rawAbout(sessionId);
    if (!about?.parts.some(({ id }) => id === partId)) return { code: "NO_SUCH_PART" };
    const file: PieceFile = this.folder.part(sessionId, partId);
    const progress = await file.progress();
    const { number, bytes, isLast } = piece;
    if (number < progress.next) return { next: progress.next };
    if (progress.isWhole) return { code: "OVER" };
    if (number > progress.next) return { code: "GAP", next: progress.next };
    if (progress.bytes === 0 && bytes.length > 0 && !isOfOurs(bytes)) return { code: "NOT_WEBM" };
    try {
      await this.#left.demand(licenseId, bytes.byteLength);
      const after = await file.append(bytes, isLast, progress);
      this.#left.added(licenseId, bytes.byteLength);
      return { next: after.next };
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.#setting.log.warn({ err: error, sessionId }, "a recording ended because there is no room for it");
      return { code: "STORAGE_FULL" };
    }
  }

  playbackUrl(sessionId: string, { key }: Pick<DoneAbout, "key">): string {
    return `${this.#setting.publicUrl()}/api/recordings/${sessionId}/${key}`;
  }

  /** One that can be watched, by its address. */
  async findDone(sessionId: string, key: string): Promise<DoneAbout | "HIDDEN" | undefined> {
    const about = isId(sessionId) ? await this.folder.doneAbout(sessionId) : undefined;
    if (!about || about.bytes === null || !isSameSecret(about.key, key)) return undefined;
    return about.isPublished ? about : "HIDDEN";
  }

  async #recordingOf(sessionId: string): Promise<EngineRecording[]> {
    const done = await this.folder.doneAbout(sessionId);
    if (done) return [recordingOf(sessionId, done, this.playbackUrl(sessionId, done))];
    const raw = await this.folder.rawAbout(sessionId);
    if (!raw || !(await this.#hasSome(sessionId, raw.parts))) return [];
    const state = { status: "PROCESSING", isPublished: false, playbackUrl: null, durationSeconds: null } as const;
    return [{ sessionId, engineRecordingId: sessionId, ...state, source: "POLL" }];
  }

  /** Told by itself; where that can't be stored now, it is asked for later as every engine's. */
  async #made(sessionId: string): Promise<void> {
    this.#left.changed();
    for (const recording of await this.#recordingOf(sessionId)) await this.#setting.reports.recording(recording);
  }

  async #hasSome(sessionId: string, parts: readonly { id: string }[]): Promise<boolean> {
    for (const { id } of parts) if ((await this.folder.part(sessionId, id).progress()).bytes > 0) return true;
    return false;
  }

  /** As any engine's: an id of ours is the session's, because it has one recording. */
  readonly port: RecordingsOfEngine = {
    areFilesOfOurs: true,
    list: async (sessionIds) => (await Promise.all(sessionIds.map((id) => this.#recordingOf(id)))).flat(),
    publish: async (sessionId, isPublished) => {
      await this.#turn(sessionId, async () => {
        const about = await this.folder.doneAbout(sessionId);
        if (about) await this.folder.writeDone(sessionId, { ...about, isPublished });
      });
    },
    remove: async (sessionId) => {
      await this.#turn(sessionId, async () => {
        await this.processing.abandon(sessionId);
        await this.folder.remove(sessionId);
      });
      this.#left.changed();
    },
  };
}

export function recordingOf(sessionId: string, done: DoneAbout, url: string): EngineRecording {
  const { bytes, seconds, stretches, isPublished } = done;
  const [first, last] = [stretches.at(0), stretches.at(-1)];
  const isReady = bytes !== null;
  return {
    sessionId,
    engineRecordingId: sessionId,
    status: isReady ? "READY" : "FAILED",
    isPublished: isReady && isPublished,
    playbackUrl: isReady ? url : null,
    durationSeconds: isReady ? seconds : null,
    sizeBytes: bytes,
    formats: isReady ? [{ type: "video", url, durationSeconds: seconds, sizeBytes: bytes, thumbnails: [] }] : [],
    startedAt: first ? new Date(first.startedAt) : null,
    endedAt: last ? new Date(Date.parse(last.startedAt) + last.seconds * 1000) : null,
    source: "POLL",
  };
}
