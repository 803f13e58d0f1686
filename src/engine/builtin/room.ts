import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { EngineSetting, Entered, Person, RoomNow } from "../engine.js";
import { Chat } from "./chat.js";
import {
  encodeNews,
  encodePerson,
  enteredBytes,
  messagesOf,
  type News,
  type Surroundings,
  type Written,
} from "./frames.js";
import { Media } from "./media/media.js";
import { nothingOn, type Slot } from "./media/permits.js";
import { Recorder, recordingTold } from "./recording/recorder.js";
import { closeCodes, type Seat, send, sendBytes } from "./seat.js";
import { writes } from "./writes.js";

/** After it was told something, a room gathers for so long what it will be told next. */
const GATHER_MS = 20;
interface Insider {
  person: Person;
  encoded: string;
}

const insider = (person: Person): Insider => ({ person, encoded: encodePerson(person) });

interface Newcomer {
  seat: Seat;
  entered: Entered;
}

/**
 * One room in this process: who sits there, who else is inside, and what those who sit there are still to be told. It is
 * told in order; the first at once, what follows gathered, so that a crowd that enters is told of in few writes.
 */
export class Room {
  readonly seats = new Map<string, Seat>();
  /** Entries that are not answered yet, for which the room must stay. */
  entering = 0;
  /** Everyone inside; also those who sit nowhere, because an earlier process let them in. */
  readonly #inside = new Map<string, Insider>();
  /** Who raised a hand, in order. */
  readonly #hands = new Set<string>();
  readonly chat = new Chat();
  readonly media = new Media();
  readonly recorder: Recorder;
  /** Known once someone is inside. */
  licenseId = "";
  #settings: Readonly<Record<string, boolean>> = {};
  /** What changes while the room is still being read makes it be read again. */
  #changes = 0;
  #reading: Promise<void> | undefined;
  #isKnown = false;
  /** Encoded. */
  readonly #news: string[] = [];
  /** Told to these two alone. */
  readonly #whispers: { between: readonly string[]; encoded: string }[] = [];
  readonly #newcomers: Newcomer[] = [];
  #coming: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();
  #quiet: Promise<void> = Promise.resolve();

  constructor(
    readonly sessionId: string,
    setting: EngineSetting,
  ) {
    this.recorder = new Recorder(this, setting);
  }

  /** Once for the room: from then on, what goes on is known here. @throws what `read` throws */
  async know(read: () => Promise<RoomNow>): Promise<void> {
    if (this.#isKnown) return;
    this.#reading ??= this.#read(read).finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #read(read: () => Promise<RoomNow>): Promise<void> {
    for (;;) {
      const before = this.#changes;
      const { people, settings, messages, recording, recordingStopped } = await read();
      if (before !== this.#changes) continue;
      this.#isKnown = true;
      for (const person of people) this.#inside.set(person.id, insider(person));
      this.#settings = settings;
      this.recorder.know(recording, recordingStopped);
      for (const message of messages) this.chat.add(message);
      return;
    }
  }

  get settings(): Readonly<Record<string, boolean>> {
    return this.#settings;
  }

  /** @returns when the person was told that they are inside, and the others that someone came */
  async sit(seat: Seat, entered: Entered): Promise<void> {
    const { person } = seat;
    this.seats.set(person.id, seat);
    this.licenseId = entered.room.licenseId;
    if (!this.#inside.has(person.id)) this.#news.push(encodeNews({ type: "joined", person }));
    this.#inside.set(person.id, insider(person));
    this.#newcomers.push({ seat, entered });
    await this.#tell();
    this.recorder.entered(seat);
  }

  left(whom: Person): void {
    this.#changes += 1;
    // Who sat down as something else has become what is known here.
    const person = this.person(whom.id) ?? whom;
    this.#inside.delete(person.id);
    this.#hands.delete(person.id);
    this.media.delete(person.id);
    this.tell({ type: "left", person });
    this.recorder.gone(person.id);
  }

  roleChanged(person: Person): void {
    this.#changes += 1;
    if (!this.#inside.has(person.id)) return;
    this.#inside.set(person.id, insider(person));
    this.tell({ type: "role", person });
    this.#lockMedia();
    const seat = this.seats.get(person.id);
    if (person.role !== "MODERATOR") this.recorder.gone(person.id);
    else if (seat) this.recorder.entered(seat);
  }

  settingsChanged(settings: Readonly<Record<string, boolean>>): void {
    this.#changes += 1;
    this.#settings = settings;
    this.tell({ type: "settings", settings });
    this.#lockMedia();
  }

  #lockMedia(): void {
    const isModerator = (id: string) => this.person(id)?.role === "MODERATOR";
    for (const id of this.media.obey(this.#settings, isModerator)) this.tellMedia(id);
  }

  /** @param by the moderator who turned something off */
  tellMedia(id: string, by?: string): void {
    const on = this.media.of(id) ?? nothingOn;
    this.tell({ type: "media", person: id, ...on, ...(by !== undefined && { by }) });
  }

  /** A microphone, camera or screen of these people goes off; each may turn it on again. */
  turnOff(slot: Slot, ids: Iterable<string>, by: string): void {
    for (const id of this.media.turnOff(slot, ids)) this.tellMedia(id, by);
  }

  /** Someone inside, as they are now. */
  person(id: string): Person | undefined {
    return this.#inside.get(id)?.person;
  }

  /** Everyone who sits here hears of it. */
  tell(news: News): void {
    this.#news.push(encodeNews(news));
    void this.#tell();
  }

  write(message: Written): void {
    const encoded = this.chat.add(message);
    const { from, to } = message;
    if (to) this.#whispers.push({ between: [from.id, to.id], encoded });
    else this.#news.push(encoded);
    void this.#tell();
  }

  hand(id: string, up: boolean): void {
    if (this.#hands.has(id) === up) return;
    if (up) this.#hands.add(id);
    else this.#hands.delete(id);
    this.tell({ type: "hand", person: id, up });
  }

  lowerAll(): void {
    if (this.#hands.size === 0) return;
    this.#hands.clear();
    this.tell({ type: "hands", hands: [] });
  }

  #surroundings(): Surroundings {
    const people = [...this.#inside.values()].map(({ encoded }) => encoded);
    return {
      people: Buffer.from(`[${people.join()}]`),
      hands: [...this.#hands],
      settings: this.#settings,
      media: this.media.list(),
      recording: this.recorder.now && recordingTold(this.recorder.now),
    };
  }

  #welcome({ seat: { line, person }, entered }: Newcomer, around: Surroundings): void {
    if (!line) return;
    const written = this.chat.toldTo(person.id);
    sendBytes(line, [...enteredBytes(entered, around), ...(written ? [written] : [])]);
  }

  /** Everyone is told and sent out. */
  async end(): Promise<void> {
    await this.#last;
    this.recorder.answered();
    await writes.each(this.seats.values(), ({ line }) => {
      if (!line) return;
      send(line.socket, { type: "ended" });
      line.socket.close(closeCodes.ended, "ended");
    });
  }

  /** @returns when all that happened so far is told */
  #tell(): Promise<void> {
    this.#coming ??= this.#last = this.#last.then(() => this.#tellGathered());
    return this.#coming;
  }

  async #tellGathered(): Promise<void> {
    await this.#quiet;
    await nextTurn();
    this.#coming = undefined;
    const bytes = messagesOf(this.#news.splice(0));
    const newcomers = this.#newcomers.splice(0);
    const fresh = new Set(newcomers.map(({ seat }) => seat));
    const others = [...this.seats.values()].filter((seat) => !fresh.has(seat));
    const around = newcomers.length > 0 ? this.#surroundings() : undefined;
    const whispers = this.#whispers.splice(0);
    await writes.each(newcomers, (newcomer) => around && this.#welcome(newcomer, around));
    if (bytes.byteLength > 0) await writes.each(others, ({ line }) => line && sendBytes(line, [bytes]));
    for (const { between, encoded } of whispers) {
      // Who is new was told of it with all that was written before.
      const seats = between.flatMap((id) => this.seats.get(id) ?? []).filter((seat) => !fresh.has(seat));
      for (const { line } of seats) if (line) sendBytes(line, [messagesOf([encoded])]);
    }
    this.#quiet = sleep(GATHER_MS, undefined, { ref: false });
  }
}
