import { late } from "../../../late.js";
import type { FrameRefusal } from "../frames.js";
import { messagesOf } from "../frames.js";
import { type Seat, send, sendBytes } from "../seat.js";
import { writes } from "../writes.js";
import type { NotesDocument } from "./document.js";

/** After its readers were told something, notes gather for so long what they will be told next. */
const GATHER_MS = 100;
/** Who has not opened the notes hears so often, at most, that somebody writes. */
const TELL_ALL_MS = 10_000;

/** Where notes lie while nobody is in the room. */
export interface NotesPlace {
  /** In base64; undefined where nothing was written yet. */
  read(): Promise<string | undefined>;
  keep(notes: { document: string; text: string }): Promise<void>;
  /** False once the place in the room is not theirs any more. */
  isHere(seat: Seat): boolean;
  failed(err: unknown): void;
}

interface Writing {
  /** In base64. */
  update: string;
  ref?: string | undefined;
}

export const inBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

const openedBy = (document: NotesDocument) => ({
  type: "notes-opened" as const,
  update: inBase64(document.encoded()),
  vector: inBase64(document.vector()),
});

/** The library is loaded by the first room that writes notes, not by every start of the server. */
const loadDocument = late(() => import("./document.js"));

/** The notes of one session: the document, who reads along, and what of it is not stored yet. */
export class Notes {
  #document: NotesDocument | undefined;
  #reading: Promise<NotesDocument> | undefined;
  readonly #readers = new Set<Seat>();
  /** What who opens them is told, made once for a class that does so together. */
  #opened: ReturnType<typeof openedBy> | undefined;
  #news: string[] = [];
  #isGathering = false;
  #isToldToAll = false;
  #isKept = true;
  #keepTimer: NodeJS.Timeout | undefined;
  #keeping: Promise<void> | undefined;
  #isClosed = false;

  constructor(
    readonly place: NotesPlace,
    /** What is written is stored so soon after. */
    readonly keepMs: number,
  ) {}

  /** @throws what the place throws */
  #read(): Promise<NotesDocument> {
    this.#reading ??= (async () => {
      const { NotesDocument: Made } = await loadDocument();
      const stored = await this.place.read();
      this.#document = new Made(stored === undefined ? undefined : Buffer.from(stored, "base64"));
      return this.#document;
    })().finally(() => {
      if (!this.#document) this.#reading = undefined;
    });
    return this.#reading;
  }

  /** From now on this one is told what is written; first all that is there. */
  async open(seat: Seat): Promise<void> {
    const document = await this.#read();
    if (!seat.line || !this.place.isHere(seat)) return;
    this.#readers.add(seat);
    send(seat.line.socket, (this.#opened ??= openedBy(document)));
  }

  /**
   * Only of who has opened them: so the document is here, and nothing lies between the looking at rights and the writing.
   * @param tellAll that somebody writes, now and then
   */
  write(seat: Seat, { update, ref }: Writing, tellAll: () => void): FrameRefusal | undefined {
    if (!this.#document || !this.#readers.has(seat)) return { code: "INVALID", facts: { field: "update" } };
    if (this.#isClosed) return { code: "NOT_STORED" };
    const written = this.#document.write(Buffer.from(update, "base64"));
    if (written === "INVALID") return { code: "INVALID", facts: { field: "update" } };
    if (written === "NOTES_FULL") return { code: "NOTES_FULL" };
    if (written) {
      this.#opened = undefined;
      this.#tell(JSON.stringify({ type: "notes", by: seat.person.id, update: inBase64(written) }));
      this.#tellAll(tellAll);
      this.#isKept = false;
      this.#keepTimer ??= setTimeout(() => void this.keep(), this.keepMs).unref();
    }
    if (seat.line) send(seat.line.socket, { type: "notes-taken", ...(ref !== undefined && { ref }) });
    return undefined;
  }

  #tell(frame: string): void {
    this.#news.push(frame);
    if (this.#isGathering) return;
    this.#isGathering = true;
    setTimeout(() => void this.#tellGathered(), GATHER_MS).unref();
  }

  #tellAll(tell: () => void): void {
    if (this.#isToldToAll) return;
    this.#isToldToAll = true;
    setTimeout(() => (this.#isToldToAll = false), TELL_ALL_MS).unref();
    tell();
  }

  async #tellGathered(): Promise<void> {
    this.#isGathering = false;
    const bytes = messagesOf(this.#news.splice(0));
    for (const seat of this.#readers) if (!seat.line || !this.place.isHere(seat)) this.#readers.delete(seat);
    await writes.each(this.#readers, ({ line }) => line && sendBytes(line, [bytes]));
  }

  /** Stored as it is now; what is written meanwhile is stored after it. @returns when it was tried */
  keep(): Promise<void> {
    this.#keeping ??= this.#keep().finally(() => (this.#keeping = undefined));
    return this.#keeping;
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = undefined;
    if (!this.#document || this.#isKept) return;
    this.#isKept = true;
    const kept = { document: inBase64(this.#document.encoded()), text: this.#document.text() };
    try {
      await this.place.keep(kept);
      this.#tell('{"type":"notes-kept"}');
    } catch (err) {
      this.#isKept = false;
      this.#keepTimer ??= setTimeout(() => void this.keep(), this.keepMs).unref();
      this.place.failed(err);
    }
  }

  /** Nothing is taken or stored any more. */
  drop(): void {
    this.#isClosed = this.#isKept = true;
    clearTimeout(this.#keepTimer);
  }

  /** Nothing is taken any more; what was is stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    // What is being stored may be older than the last that was written.
    await this.#keeping;
    await this.keep();
  }

  get isKept(): boolean {
    return this.#isKept && this.#keeping === undefined;
  }
}
