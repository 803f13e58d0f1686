import type { WebSocket } from "ws";
import type { EngineSetting, Entered, EntryRefusal, Person } from "../engine.js";
import { PointsPerMinute } from "../../minute.js";
import { inTurn } from "./in-turn.js";
import { closeCodes, type Frame, type Seat, send, TERMINATE_MS } from "./seat.js";

const RETRY_MS = 1000;
const REMEMBER_CLOSED_MS = 60_000;

/**
 * Who sits in which room, in this process. The database decides who may; here is only who has a line, and whose place
 * is held. What happens to one person happens in turn, so that a returning one and their expiring hold never cross.
 */
export class Rooms {
  readonly #rooms = new Map<string, Map<string, Seat>>();
  readonly #closed = new Set<string>();
  /** Every line, seated or not. */
  readonly #lines = new Set<WebSocket>();
  /** For each entry that the database has not answered yet: who was told to have left since it was asked. */
  readonly #entries = new Set<Set<string>>();
  readonly #forPerson = inTurn();
  readonly #setting: EngineSetting;
  readonly #entrances: PointsPerMinute;
  #draining = false;

  constructor(setting: EngineSetting) {
    this.#setting = setting;
    this.#entrances = new PointsPerMinute(setting.entriesPerMinute, setting.clock);
  }

  connected(socket: WebSocket): void {
    this.#lines.add(socket);
    socket.once("close", () => this.#lines.delete(socket));
    if (this.#draining) this.#restart(socket);
  }

  /** Enters over this socket, taking the place over from an older one of the same person (enter-3). */
  async enter(socket: WebSocket, link: string): Promise<Seat | EntryRefusal | "TOO_OFTEN"> {
    const { reports } = this.#setting;
    const holder = reports.admit(link);
    if (!holder) return "LINK_TAMPERED";
    // Each entry writes: a link that enters and leaves in a loop would fill the disk.
    if (this.#entrances.spend(holder.person.id).isSpent) return "TOO_OFTEN";
    return this.#forPerson(holder.person.id, async () => {
      // Gone, or being closed, before its turn came: it must take nobody's place.
      if (socket.readyState !== socket.OPEN) return "SESSION_OVER";
      const leftSince = new Set<string>();
      this.#entries.add(leftSince);
      try {
        const entered = await reports.joined({ ...holder, source: "LIVE" });
        if ("refused" in entered) return entered.refused;
        if (this.#closed.has(entered.room.sessionId)) return "SESSION_OVER";
        // The list is of the commit; who left right after it was told about while this one could not hear yet.
        const people = entered.people.filter(({ id }) => !leftSince.has(id));
        return this.#sit(socket, { ...entered, people });
      } finally {
        this.#entries.delete(leftSince);
      }
    });
  }

  #sit(socket: WebSocket, entered: Entered): Seat {
    const { person, room } = entered;
    const seats = this.#rooms.get(room.sessionId) ?? new Map<string, Seat>();
    this.#rooms.set(room.sessionId, seats);
    const known = seats.get(person.id);
    clearTimeout(known?.holdTimer);
    known?.socket?.close(closeCodes.elsewhere, "opened elsewhere");
    const seat: Seat = { person, sessionId: room.sessionId, socket };
    seats.set(person.id, seat);
    for (const leftSince of this.#entries) leftSince.delete(person.id);
    send(socket, { type: "entered", entered });
    if (!known) this.#tellOthers(seat, { type: "joined", person });
    // The line may have broken while the database was asked.
    if (socket.readyState !== socket.OPEN) this.lineBroke(seat, this.#setting.clock.now());
    return seat;
  }

  /** The place is held for a while; who is back by then goes on with the same stay (leave-2). */
  lineBroke(seat: Seat, lastInside: Date): void {
    if (!this.#holds(seat) || this.#draining) return;
    seat.socket = undefined;
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
      if (this.#holds(seat)) this.#rooms.get(seat.sessionId)?.delete(seat.person.id);
      this.#tellLeft(seat.sessionId, seat.person);
      seat.socket?.close(closeCodes.left, "left");
    });
  }

  /** Everyone is told and sent out; nobody's leaving is stored here, because the session's end stores them all. */
  close(sessionId: string): void {
    this.#closed.add(sessionId);
    setTimeout(() => this.#closed.delete(sessionId), REMEMBER_CLOSED_MS).unref();
    const seats = this.#rooms.get(sessionId);
    this.#rooms.delete(sessionId);
    for (const seat of seats?.values() ?? []) {
      clearTimeout(seat.holdTimer);
      if (!seat.socket) continue;
      send(seat.socket, { type: "ended" });
      seat.socket.close(closeCodes.ended, "ended");
    }
  }

  /** Lines are cut, places stay: who comes back to the next process goes on (drain-1). */
  drain(): void {
    this.#draining = true;
    for (const seats of this.#rooms.values()) {
      for (const { holdTimer } of seats.values()) clearTimeout(holdTimer);
    }
    for (const line of this.#lines) this.#restart(line);
  }

  #restart(line: WebSocket): void {
    line.close(closeCodes.restart, "restarting");
    // Who does not answer the close must not hold up the end of the process.
    setTimeout(() => line.terminate(), TERMINATE_MS).unref();
  }

  sessionIds(): string[] {
    return [...this.#rooms.keys()];
  }

  /** Counted out by the gateway; not said of someone who is back already. */
  countedOut(sessionId: string, person: Person): void {
    if (!this.#rooms.get(sessionId)?.has(person.id)) this.#tellLeft(sessionId, person);
  }

  #tellLeft(sessionId: string, person: Person): void {
    for (const leftSince of this.#entries) leftSince.add(person.id);
    for (const { socket } of this.#rooms.get(sessionId)?.values() ?? []) {
      if (socket) send(socket, { type: "left", person });
    }
  }

  #tellOthers(seat: Seat, frame: Frame): void {
    for (const other of this.#rooms.get(seat.sessionId)?.values() ?? []) {
      if (other !== seat && other.socket) send(other.socket, frame);
    }
  }

  /** False once someone else sits there, or the room is closed. */
  #holds(seat: Seat): boolean {
    return this.#rooms.get(seat.sessionId)?.get(seat.person.id) === seat;
  }
}
