import type { EngineSetting, Person, RecordingNow } from "../../engine.js";
import type { FrameRefusal, News } from "../frames.js";
import { inTurn } from "../in-turn.js";
import { type Seat, send } from "../seat.js";

/** What a recorder knows of its room. */
export interface RecordedRoom {
  readonly sessionId: string;
  readonly settings: Readonly<Record<string, boolean>>;
  readonly seats: ReadonlyMap<string, Seat>;
  person(id: string): Person | undefined;
  tell(news: News): void;
}

/** As it is told to everyone. */
export const recordingTold = ({ by, since }: RecordingNow) => ({ by: by.id, name: by.name, since });

/** How the last run stopped, where nobody stopped it on purpose: then whoever may goes on. */
const goesOn = new Set([undefined, "LEFT"]);

/**
 * Who records one room. There is one page at a time that does; when it goes, another moderator's is asked, and when none is
 * there, it is over until one comes.
 */
export class Recorder {
  readonly #turn = inTurn();
  #now: RecordingNow | undefined;
  #stopped: string | undefined;
  #asked: { id: string; late: NodeJS.Timeout } | undefined;
  /** Whoever was asked may say yes later, too: a page that was reloaded has to be pressed first. */
  readonly #wereAsked = new Set<string>();
  /** Whose page said that it can't, or said nothing. */
  readonly #unable = new Set<string>();

  constructor(
    readonly room: RecordedRoom,
    readonly setting: EngineSetting,
  ) {}

  /** One thing after the other: who records is one. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn("", work);
  }

  /** As it is stored, when the room is first known here. */
  know(now: RecordingNow | undefined, stopped: string | undefined): void {
    this.#now = now;
    this.#stopped = stopped;
  }

  get now(): RecordingNow | undefined {
    return this.#now;
  }

  #mayBegin(): boolean {
    const { record, autoStartRecording } = this.room.settings;
    return record === true && autoStartRecording === true && goesOn.has(this.#stopped);
  }

  /** They are inside, with a page that may be a new one. */
  entered(seat: Seat): void {
    const { person } = seat;
    this.#unable.delete(person.id);
    // Their page may be a new one, which was asked nothing.
    if (this.#asked?.id === person.id) return this.#ask(seat);
    if (this.room.person(person.id)?.role !== "MODERATOR" || this.#asked) return;
    if (this.#now ? this.#now.by.id === person.id : this.#mayBegin()) this.#ask(seat);
  }

  /** Someone who is here no more, or is no moderator any more. */
  gone(id: string): void {
    this.#unable.delete(id);
    if (this.#asked?.id === id) this.#passOn();
    else if (this.#now?.by.id === id) this.#askAnother();
  }

  isAsked(id: string): boolean {
    return this.#asked?.id === id;
  }

  /** Needs no leave: they are asked, or were, and nobody else's page records by now. */
  mayAnswer(id: string): boolean {
    return this.isAsked(id) || (this.#wereAsked.has(id) && (!this.#now || this.#now.by.id === id));
  }

  #ask(seat: Seat): void {
    if (!seat.line) return;
    const { id } = seat.person;
    this.answered();
    const late = setTimeout(() => {
      this.#unable.add(id);
      this.#passOn();
    }, this.setting.timings.recordAsked);
    this.#asked = { id, late: late.unref() };
    this.#wereAsked.add(id);
    send(seat.line.socket, { type: "record-please" });
  }

  /** Whoever was asked does not. */
  #passOn(): void {
    this.answered();
    this.#askAnother();
  }

  answered(): void {
    clearTimeout(this.#asked?.late);
    this.#asked = undefined;
  }

  #askAnother(): void {
    const able = [...this.room.seats.values()].find(
      ({ person, line }) => line && this.room.person(person.id)?.role === "MODERATOR" && !this.#unable.has(person.id),
    );
    if (able) return this.#ask(able);
    if (this.#now) void this.inTurn(() => this.over("LEFT")).catch((err: unknown) => this.#failed(err));
  }

  #failed(err: unknown): void {
    const { sessionId } = this.room;
    this.setting.log.warn({ err, sessionId }, "the end of a recording could not be stored");
  }

  /** They can't: another is asked. */
  declined(id: string): void {
    this.#unable.add(id);
    this.#passOn();
  }

  /** This one's page records from now on. */
  begun(now: RecordingNow): void {
    this.answered();
    this.#now = now;
    this.#stopped = undefined;
    this.room.tell({ type: "recording", on: true, ...recordingTold(now) });
  }

  /** Stored, then told. @returns why not */
  async over(why: "STOPPED" | "LEFT" | "STORAGE_FULL", by?: string): Promise<FrameRefusal | undefined> {
    const { sessionId } = this.room;
    const refused = await this.setting.reports.recordingStopped({
      sessionId,
      cause: why,
      ...(by !== undefined && { by }),
    });
    if (refused) return { code: refused };
    if (!this.#now) return undefined;
    this.answered();
    this.#now = undefined;
    this.#stopped = why;
    if (why !== "LEFT") this.#wereAsked.clear();
    this.room.tell({ type: "recording", on: false, why, ...(by !== undefined && { by }) });
    return undefined;
  }
}
