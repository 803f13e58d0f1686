import type { FastifyRequest } from "fastify";
import type { RawData, WebSocket } from "ws";
import type { MessageKey } from "../../messages/index.js";
import type { EngineSetting } from "../engine.js";
import { isWord } from "./fields.js";
import type { EntranceRefusal, FrameRefusal, RefusalCode } from "./frames.js";
import { findRoom, PassedOn, silenceOf } from "./across/passing-on.js";
import { arrived, type Telling } from "./across/telling.js";
import { hear } from "./hearing.js";
import type { Rooms } from "./rooms.js";
import { closeCodes, type Line, type Seat, send } from "./seat.js";
import { type Admission, Waiter } from "./waiting.js";

const MAX_FRAME_BYTES = 16 * 1024;
/** What browsers say of their sound and picture is longer: each way of coding is a line. */
const MAX_SIGNAL_BYTES = 64 * 1024;

const sentences = {
  LINK_TAMPERED: "page.refused.LINK_TAMPERED.explanation",
  ATTENDANCE_LIMIT_REACHED: "page.refused.ATTENDANCE_LIMIT_REACHED.explanation",
  SESSION_OVER: "page.refused.SESSION_OVER.explanation",
  REMOVED: "page.refused.REMOVED.explanation",
  PROTOCOL: "room.notTheProtocol",
  TOO_OFTEN: "room.tooOften",
  INVALID: "room.invalid",
  LOCKED: "room.locked",
  NOT_MODERATOR: "room.notModerator",
  NOT_HERE: "room.notHere",
  TOO_FAST: "room.tooFast",
  NOT_STORED: "room.notStored",
  NOT_ENDED: "room.notEnded",
  BAD_SDP: "room.badSdp",
  MEDIA_FULL: "room.mediaFull",
  CAMERAS_FULL: "room.camerasFull",
  SCREEN_TAKEN: "room.screenTaken",
  NOTES_FULL: "room.notesFull",
  RECORD_OFF: "room.recordOff",
  RECORD_FIXED: "room.recordFixed",
  RECORDED_ALREADY: "room.recordedAlready",
  NO_SUCH_PART: "room.noSuchPart",
  STORAGE_FULL: "room.storageFull",
} satisfies Record<RefusalCode, MessageKey>;

/** A message's own, which a refusal gives back. */
const refOf = ({ ref }: Record<string, unknown>) => (isWord(ref) ? { ref } : {});

function readFrame(data: RawData, isBinary: boolean): Record<string, unknown> | undefined {
  const bytes = data as Buffer;
  if (isBinary || bytes.byteLength > MAX_SIGNAL_BYTES) return undefined;
  try {
    const frame: unknown = JSON.parse(bytes.toString("utf8"));
    if (typeof frame !== "object" || frame === null) return undefined;
    const said = frame as Record<string, unknown>;
    return said["type"] === "signal" || bytes.byteLength <= MAX_FRAME_BYTES ? said : undefined;
  } catch {
    return undefined;
  }
}

/** One socket of the built-in room's protocol (v1 decisions, enter-2 to room-1), from its first frame to its close. */
export class RoomSocket {
  #seat: Seat | undefined;
  #waiter: Waiter | undefined;
  /** Where another server runs the room. */
  #passedOn: PassedOn | undefined;
  /** Settled when the entrance is answered; what is said before that is heard after it. */
  #entrance: Promise<void> | undefined;
  #lastSeen: Date;
  #missedPings = 0;

  readonly #line: Line;

  constructor(
    readonly socket: WebSocket,
    readonly rooms: Rooms,
    readonly setting: EngineSetting,
    readonly request: Pick<FastifyRequest, "language" | "letIn" | "socket">,
    /** `known` is called once it has shown a link of ours, or is gone. `isServer`: another server is at the other end. */
    readonly from: { known: () => void; isServer: boolean },
  ) {
    this.#line = { socket, carrier: request.socket };
    this.#lastSeen = setting.clock.now();
  }

  serve(): void {
    const { socket, setting } = this;
    const late = setTimeout(() => this.#refuse("PROTOCOL"), setting.timings.firstFrame);
    const pings = setInterval(() => this.#ping(), setting.timings.ping);
    socket.on("pong", () => this.#seen());
    socket.on("message", (data, isBinary) => {
      clearTimeout(late);
      this.#seen();
      void this.#receive(readFrame(data, isBinary), data as Buffer);
    });
    socket.on("close", (code, reason) => {
      clearTimeout(late);
      clearInterval(pings);
      this.from.known();
      this.#passedOn?.broke(setting.clock.now().getTime() - this.#lastInside().getTime());
      if (this.#seat?.line === this.#line) this.rooms.lineBroke(this.#seat, this.#lastInside(silenceOf(code, reason)));
      if (this.#waiter) this.rooms.waiterBroke(this.#waiter);
    });
    this.rooms.connected(socket);
  }

  #seen(): void {
    this.#lastSeen = this.setting.clock.now();
    this.#missedPings = 0;
  }

  /**
   * Two unanswered pings: the line is dead although nobody said so (leave-2). A page sees no pings, so a frame goes along
   * by which it knows the same.
   */
  #ping(): void {
    if (this.#missedPings >= 2) return this.socket.terminate();
    this.#missedPings += 1;
    this.socket.ping();
    if (this.#seat || this.#waiter)
      send(this.socket, { type: "still-here", everySeconds: this.setting.timings.ping / 1000 });
  }

  #lastInside(silentMs = 0): Date {
    return this.#missedPings >= 2 ? this.#lastSeen : new Date(this.setting.clock.now().getTime() - silentMs);
  }

  async #receive(frame: Record<string, unknown> | undefined, said: Buffer): Promise<void> {
    if (!frame || typeof frame["type"] !== "string") return this.#refuse("PROTOCOL");
    if (this.#entrance) {
      await this.#entrance;
      if (this.#passedOn) return this.#passedOn.say(said);
      return this.#hear(frame["type"], frame);
    }
    if (frame["type"] === "tell" && this.from.isServer) return this.#hearTold(frame);
    if (frame["type"] !== "enter" || typeof frame["link"] !== "string") return this.#refuse("PROTOCOL");
    this.#entrance = this.#enter(frame["link"], frame["wait"] === true, said);
  }

  async #hearTold(frame: Record<string, unknown>): Promise<void> {
    try {
      for (const telling of frame["tellings"] as Telling[]) await arrived(this.rooms, telling);
      send(this.socket, { type: "told" });
    } catch (err) {
      // Without an answer it is told again.
      this.setting.log.warn({ err }, "what another server told could not be done");
    }
  }

  /** @returns whether another server runs the room, and hears from here on what is said */
  async #passOn(sessionId: string, enter: Buffer): Promise<boolean> {
    const { socket, setting, request } = this;
    if (this.from.isServer || setting.homes.isHere(sessionId)) return false;
    const far = await findRoom(setting, sessionId, { socket, language: request.language });
    if (far === "HERE") return false;
    if (!far) throw new Error("the room's server can't be reached");
    this.#passedOn = new PassedOn(socket, far, () => request.letIn());
    this.#passedOn.say(enter);
    return true;
  }

  async #enter(link: string, mayWait: boolean, said: Buffer): Promise<void> {
    const holder = this.setting.reports.admit(link);
    if (!holder) return this.#refuse("LINK_TAMPERED");
    this.from.known();
    try {
      if (await this.#passOn(holder.sessionId, said)) return;
      const outcome = await this.rooms.enter(this.#line, holder, mayWait);
      if (!(outcome instanceof Waiter)) return this.#admit(outcome);
      this.#waiter = outcome;
      this.request.letIn();
      void outcome.admission.then((admission) => this.#admit(admission));
    } catch {
      // The database can't take it now; the page tries again by itself.
      this.socket.close(closeCodes.tryAgain, "try again later");
    }
  }

  #admit(admission: Admission): void {
    this.#waiter = undefined;
    if (typeof admission === "string") return this.#refuse(admission);
    this.#seat = admission;
    if (admission) this.request.letIn();
  }

  /** Whoever waits says nothing but that they wait no more. */
  #stopWaiting(waiter: Waiter): void {
    this.rooms.waiting.of(waiter)?.leave(waiter);
    this.socket.close(closeCodes.left, "left");
  }

  async #hear(type: string, frame: Record<string, unknown>): Promise<void> {
    const { rooms, setting } = this;
    if (this.#waiter) return type === "leave" ? this.#stopWaiting(this.#waiter) : undefined;
    const seat = this.#seat;
    const room = seat && rooms.roomOf(seat);
    if (!seat || !room) return;
    const refused = await hear({ seat, room, rooms, setting }, type, frame);
    if (refused) this.#say(refused, { re: type, ...refOf(frame) });
  }

  #refuse(code: EntranceRefusal): void {
    this.#say({ code }, { re: "enter" });
    // Nothing that still comes is heard, and the line ends soon after.
    this.socket.removeAllListeners("message");
    this.socket.close(closeCodes[code], code);
  }

  #say(
    { code, facts }: FrameRefusal | { code: RefusalCode; facts?: undefined },
    to: { re: string; ref?: string },
  ): void {
    const message = this.setting.messages.text(this.request.language, sentences[code], facts);
    send(this.socket, { type: "refused", code, message, ...to, ...facts });
  }
}
