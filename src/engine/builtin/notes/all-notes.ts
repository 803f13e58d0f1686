import type { EngineSetting } from "../../engine.js";
import type { Seat } from "../seat.js";
import { Notes } from "./notes.js";

/** Notes that nobody is at any more are looked at so often, until they are stored. */
const LOOK_AGAIN_MS = 1_000;

/** The notes of every room of this process; each stays as long as somebody is there, and until it is stored. */
export class AllNotes {
  readonly #notes = new Map<string, Notes>();

  /** @param isHere false once the place in its room is not theirs any more */
  constructor(
    readonly setting: EngineSetting,
    readonly isHere: (seat: Seat) => boolean,
  ) {}

  of(sessionId: string): Notes {
    const known = this.#notes.get(sessionId);
    if (known) return known;
    const { reports, log, timings } = this.setting;
    const made = new Notes(
      {
        read: () => reports.notes(sessionId),
        keep: (notes) => reports.keepNotes({ sessionId, ...notes }),
        isHere: this.isHere,
        failed: (err) => log.warn({ err, sessionId }, "the notes of a room could not be stored; it is tried again"),
      },
      timings.keepNotes,
    );
    this.#notes.set(sessionId, made);
    return made;
  }

  /** Nobody is there any more. @param isThere asked again once all is stored */
  async leave(sessionId: string, isThere: () => boolean): Promise<void> {
    const notes = this.#notes.get(sessionId);
    if (!notes) return;
    await notes.keep();
    if (isThere() || this.#notes.get(sessionId) !== notes) return;
    if (notes.isKept) this.#notes.delete(sessionId);
    else setTimeout(() => void this.leave(sessionId, isThere), LOOK_AGAIN_MS).unref();
  }

  /** Another process runs the room: what is not stored here its writers tell that one again. */
  drop(sessionId: string): void {
    this.#notes.get(sessionId)?.drop();
    this.#notes.delete(sessionId);
  }

  /** The session is over. */
  async close(sessionId: string): Promise<void> {
    await this.#notes.get(sessionId)?.close();
    await this.leave(sessionId, () => false);
  }

  /** The process ends. */
  async closeAll(): Promise<void> {
    await Promise.all([...this.#notes.values()].map((notes) => notes.close()));
  }
}
