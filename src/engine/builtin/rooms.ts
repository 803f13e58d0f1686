import type { WebSocket } from "ws";
import type { EngineSetting, Entered, EntryRefusal, LinkHolder, Moderation, Person } from "../engine.js";
import { PointsPerMinute } from "../../minute.js";
import { Gathering } from "./gathering.js";
import type { EntranceRefusal } from "./frames.js";
import { inTurn } from "./in-turn.js";
import { AllNotes } from "./notes/all-notes.js";
import { Pace } from "./pace.js";
import { Recordings } from "./recording/recordings.js";
import { Room } from "./room.js";
import { closeCodes, cutForRestart, type Line, type Seat, send } from "./seat.js";
import { type Waiter, WaitingLines } from "./waiting.js";

const RETRY_MS = 1000;
const REMEMBER_CLOSED_MS = 60_000;
/** Entries that come so close together are stored together: of a crowd each would else be written to the disk by itself. */
const ENTRIES_GATHER_MS = 20;

/**
 * Who sits in which room, in this process. The database decides who may; here is only who has a line, and whose place
 * is held. What happens to one person happens in turn, so that a returning one and their expiring hold never cross.
 */
export class Rooms {
  readonly #rooms = new Map<string, Room>();
  readonly #closed = new Set<string>();
  readonly waiting = new WaitingLines((holder, line) => this.#enter(holder, line));
  /** Every line, seated or not. */
  readonly #lines = new Set<WebSocket>();
  readonly #forPerson = inTurn();
  readonly #entries = new Gathering(ENTRIES_GATHER_MS);
  readonly #setting: EngineSetting;
  readonly #entrances: PointsPerMinute;
  /** Of what people say. */
  readonly pace: Pace;
  readonly notes: AllNotes;
  readonly recordings: Recordings;
  #draining = false;

  constructor(setting: EngineSetting, full: (sessionId: string) => Promise<void>) {
    this.#setting = setting;
    this.#entrances = new PointsPerMinute(setting.entriesPerMinute, setting.clock);
    this.pace = new Pace(setting.clock);
    this.notes = new AllNotes(setting, (seat) => this.#holds(seat));
    this.recordings = new Recordings(setting, full);
  }

  recorderOf(sessionId: string): Room["recorder"] | undefined {
    return this.#rooms.get(sessionId)?.recorder;
  }

  connected(socket: WebSocket): void {
    this.#lines.add(socket);
    socket.once("close", () => this.#lines.delete(socket));
    if (this.#draining) cutForRestart(socket);
  }

  /**
   * Enters over this line, taking the place over from an older one of the same person (enter-3).
   * @param mayWait stands in line where the room is full
   */
  async enter(line: Line, holder: LinkHolder, mayWait: boolean): Promise<Seat | EntranceRefusal | Waiter> {
    const { sessionId, person } = holder;
    // Each entry writes: a link that enters and leaves in a loop would fill the disk.
    if (this.#entrances.spend(person.id).isSpent) return "TOO_OFTEN";
    const outcome = await this.#enter(holder, line);
    if (typeof outcome === "object") this.waiting.get(sessionId)?.answer(person.id);
    if (outcome !== "ATTENDANCE_LIMIT_REACHED" || !mayWait) return outcome;
    const waiter = this.waiting.before(sessionId).stand(holder, line);
    // The line may have broken meanwhile.
    if (waiter && line.socket.readyState !== line.socket.OPEN) this.waiterBroke(waiter);
    return waiter ?? outcome;
  }

  waiterBroke(waiter: Waiter): void {
    this.waiting.of(waiter)?.lineBroke(waiter, this.#setting.timings.hold);
  }

  #enter(holder: LinkHolder, line: Line): Promise<Seat | EntryRefusal> {
    return this.#forPerson(holder.person.id, async () => {
      const room = this.#rooms.get(holder.sessionId) ?? new Room(holder.sessionId, this.#setting);
      this.#rooms.set(holder.sessionId, room);
      room.entering += 1;
      try {
        return await this.#enterRoom(room, line, holder);
      } finally {
        room.entering -= 1;
        this.#leaveAlone(holder.sessionId);
      }
    });
  }

  async #enterRoom(room: Room, line: Line, holder: LinkHolder): Promise<Seat | EntryRefusal> {
    const { reports, homes } = this.#setting;
    await this.#entries.pass();
    // Gone, or being closed, before its turn came: it must take nobody's place.
    if (line.socket.readyState !== line.socket.OPEN) return "SESSION_OVER";
    if (!homes.isHere(holder.sessionId) && (await homes.take(holder.sessionId)) !== "HERE")
      throw new Error("another server runs the room");
    // Before the entry: once that is stored, nothing may fail.
    await room.know(() => reports.inside(holder.sessionId));
    const { id } = holder.person;
    // A place that is free is theirs who have waited for it.
    if (!room.person(id) && this.waiting.get(holder.sessionId)?.lets(id) === false) return "ATTENDANCE_LIMIT_REACHED";
    const entered = await reports.joined({ ...holder, source: "LIVE" });
    if ("refused" in entered) return entered.refused;
    if (this.#closed.has(holder.sessionId)) return "SESSION_OVER";
    return this.#sit(room, line, entered);
  }

  async #sit(room: Room, line: Line, entered: Entered): Promise<Seat> {
    const { person } = entered;
    const known = room.seats.get(person.id);
    clearTimeout(known?.holdTimer);
    known?.line?.socket.close(closeCodes.elsewhere, "opened elsewhere");
    const seat: Seat = { person, sessionId: entered.room.sessionId, line };
    await room.sit(seat, entered);
    // The line may have broken meanwhile.
    if (line.socket.readyState !== line.socket.OPEN) this.lineBroke(seat, this.#setting.clock.now());
    return seat;
  }

  /** Where this seat is, as long as it is this person's. */
  roomOf(seat: Seat): Room | undefined {
    return this.#holds(seat) ? this.#rooms.get(seat.sessionId) : undefined;
  }

  /** The place is held for a while; who is back by then goes on with the same stay (leave-2). */
  lineBroke(seat: Seat, lastInside: Date): void {
    if (!this.#holds(seat) || this.#draining) return;
    seat.line = undefined;
    seat.holdTimer = setTimeout(() => void this.leave(seat, lastInside), this.#setting.timings.hold);
    seat.holdTimer.unref();
  }

  /** Out for good: stored first, then told. */
  async leave(seat: Seat, at = this.#setting.clock.now()): Promise<void> {
    await this.#forPerson(seat.person.id, async () => {
      if (!this.#holds(seat)) return;
      clearTimeout(seat.holdTimer);
      while (this.#holds(seat)) {
        try {
          const { sessionId, person } = seat;
          await this.#setting.reports.left({ sessionId, personId: person.id, at, source: "LIVE" });
          break;
        } catch {
          // The database can't take it now: the place stays theirs until it can, be it in the next process.
          if (this.#draining) return;
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
        }
      }
      const room = this.#rooms.get(seat.sessionId);
      if (this.#holds(seat)) room?.seats.delete(seat.person.id);
      room?.left(seat.person);
      seat.line?.socket.close(closeCodes.left, "left");
      this.#leaveAlone(seat.sessionId);
      this.waiting.get(seat.sessionId)?.advance();
    });
  }

  /**
   * Everyone is told and sent out; nobody's leaving is stored here, because the session's end stores them all.
   * @returns when they are
   */
  async close(sessionId: string): Promise<void> {
    this.#closed.add(sessionId);
    setTimeout(() => this.#closed.delete(sessionId), REMEMBER_CLOSED_MS).unref();
    const room = this.#rooms.get(sessionId);
    this.#rooms.delete(sessionId);
    for (const { holdTimer } of room?.seats.values() ?? []) clearTimeout(holdTimer);
    this.waiting.end(sessionId, "SESSION_OVER");
    this.#setting.homes.forget(sessionId);
    await Promise.all([room?.end(), this.notes.close(sessionId)]);
  }

  /** Lines are cut, places stay: who comes back to the next process goes on (drain-1). */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const { seats } of this.#rooms.values()) {
      for (const { holdTimer } of seats.values()) clearTimeout(holdTimer);
    }
    for (const line of this.#lines) cutForRestart(line);
    await Promise.all([this.notes.closeAll(), this.recordings.processing.close()]);
    await this.#setting.homes.leave().catch(() => {});
  }

  sessionIds = (): string[] => [...this.#rooms.keys()];

  /** Counted out by the gateway; not said of someone who is back already. */
  countedOut(sessionId: string, person: Person): void {
    const room = this.#rooms.get(sessionId);
    if (!room?.seats.has(person.id)) room?.left(person);
    this.waiting.get(sessionId)?.advance();
  }

  /** What the gateway stored of people here, told in turn with their own coming and going. */
  readonly moderation: Moderation = {
    removed: (sessionId, person) => this.#forPerson(person.id, async () => this.#removed(sessionId, person)),
    roleChanged: (sessionId, person) =>
      this.#forPerson(person.id, async () => this.#rooms.get(sessionId)?.roleChanged(person)),
    settingsChanged: async (sessionId, settings) => this.#rooms.get(sessionId)?.settingsChanged(settings),
  };

  #removed(sessionId: string, person: Person): void {
    const room = this.#rooms.get(sessionId);
    const seat = room?.seats.get(person.id);
    clearTimeout(seat?.holdTimer);
    room?.seats.delete(person.id);
    if (seat?.line) {
      send(seat.line.socket, { type: "removed" });
      seat.line.socket.close(closeCodes.REMOVED, "removed");
    }
    if (room?.person(person.id)) room.left(person);
    this.#leaveAlone(sessionId);
    const waiting = this.waiting.get(sessionId);
    waiting?.answer(person.id, "REMOVED");
    waiting?.advance();
  }

  /** Of those who sit here only these are still inside, as it is stored: the others come again, wherever the room is by now. */
  setRight(sessionId: string, inside: ReadonlySet<string>): void {
    const room = this.#rooms.get(sessionId);
    for (const seat of room?.seats.values() ?? []) {
      if (inside.has(seat.person.id)) continue;
      clearTimeout(seat.holdTimer);
      room?.seats.delete(seat.person.id);
      room?.left(seat.person);
      seat.line?.socket.close(closeCodes.restart, "the room has moved");
    }
    if (room?.seats.size !== 0) return;
    this.waiting.sendAway(sessionId);
    this.notes.drop(sessionId);
    this.#leaveAlone(sessionId);
  }

  /** A room where nobody sits is known anew by the next who enters. */
  #leaveAlone(sessionId: string): void {
    const room = this.#rooms.get(sessionId);
    if (room?.seats.size !== 0 || room.entering !== 0) return;
    this.#rooms.delete(sessionId);
    this.#setting.homes.forget(sessionId);
    void this.notes.leave(sessionId, () => this.#rooms.has(sessionId));
  }

  /** False once someone else sits there, or the room is closed. */
  #holds(seat: Seat): boolean {
    return this.#rooms.get(seat.sessionId)?.seats.get(seat.person.id) === seat;
  }
}
