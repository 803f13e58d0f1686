// One person's way into the room: a socket that comes back by itself for as long as the server doesn't say no.

import { closed, isFinal, isSoonAgain } from "./closed.js";
import { type Entered, type Frame, parseFrame, type Wish } from "./frames.js";

const answerWithinMs = 10_000;
const shortestDelayMs = 500;
const longestDelayMs = 5_000;
const goodbyeWithinMs = 1_000;
const stillHereSeconds = 20; // until the server says otherwise
const silentAfter = (seconds: number) => 2.5 * seconds * 1000; // two frames in a row are missed

/** What the line tells; nothing of `heard` comes before `entered`. */
export interface Listener {
  entered(frame: Entered): void;
  /** Whatever else is said to someone inside, a refused wish too. */
  heard(frame: Frame): void;
  /** It comes back by itself. */
  lost(was: { wasInside: boolean }): void;
  /** It does not come back; the code is 0 when nothing answered. */
  stopped(code: number, message: string): void;
}

export class Line {
  /** The one that counts: whatever an older one still says is not heard. */
  #socket: WebSocket | undefined;
  #wasInside = false;
  #comesBack = false;
  #attempts = 0;
  #timer = 0;

  constructor(
    readonly address: string,
    readonly link: string,
    readonly listener: Listener,
  ) {}

  /** `comesBack`: a reload, which keeps trying as someone inside does. */
  enter({ comesBack = false } = {}): void {
    this.#drop();
    this.#wasInside = this.#comesBack = comesBack;
    this.#attempts = 0;
    this.#open();
  }

  /** The network came back: what was open before is likely dead, and the new socket takes its place over. */
  refresh(): void {
    if (!this.#comesBack) return;
    this.#drop();
    this.#open();
  }

  /** @returns whether it went out */
  say(wish: Wish): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(wish));
    return true;
  }

  /** Done when the server has heard it, or can't: leaving never waits for long. */
  async leave(): Promise<void> {
    const last = this.say({ type: "leave" }) ? this.#socket : undefined;
    this.#comesBack = false;
    this.#drop();
    if (last) await goodbye(last);
  }

  #open(): void {
    const socket = new WebSocket(this.address);
    const visit = new Visit(socket);
    this.#socket = socket;
    this.#listen(visit);
    socket.addEventListener("open", () => socket.send(JSON.stringify({ type: "enter", link: this.link })));
    socket.addEventListener("close", ({ code }) => this.#closed(visit, code));
    socket.addEventListener("message", ({ data }) => {
      if (this.#socket !== socket) return;
      const frame = parseFrame(data);
      if (frame) this.#hear(visit, frame);
      if (visit.isInside && this.#socket === socket) this.#listen(visit);
    });
  }

  #hear(visit: Visit, frame: Frame): void {
    if (frame.type === "entered") {
      visit.isInside = this.#wasInside = this.#comesBack = true;
      visit.silentAfterMs = silentAfter(stillHereSeconds);
      this.#attempts = 0;
      this.listener.entered(frame);
    } else if (frame.type === "still-here") {
      visit.silentAfterMs = silentAfter(frame.everySeconds);
    } else if (frame.type === "ended") {
      this.#closed(visit, closed.ended);
    } else if (visit.isInside) {
      this.listener.heard(frame);
    } else if (frame.type === "refused") {
      visit.message = frame.message ?? ""; // the close code that follows says which refusal it is
    }
  }

  /** A line can die without closing. Nothing heard for too long, not even that the server is still there: it is dead. */
  #listen(visit: Visit): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#closed(visit, 0), visit.silentAfterMs);
  }

  #closed({ socket, message }: Visit, code: number): void {
    if (this.#socket !== socket) return;
    this.#drop();
    if (!isFinal(code) && (this.#comesBack || isSoonAgain(code))) return this.#retry();
    this.#comesBack = false;
    this.listener.stopped(isFinal(code) ? code : 0, message);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const old = this.#socket;
    this.#socket = undefined;
    old?.close();
  }

  #retry(): void {
    this.#comesBack = true;
    this.#timer = setTimeout(() => this.#open(), delayBefore(this.#attempts));
    this.#attempts += 1;
    this.listener.lost({ wasInside: this.#wasInside });
  }
}

/** One socket's time, from its first frame to its close. */
class Visit {
  isInside = false;
  message = "";
  silentAfterMs = answerWithinMs;

  constructor(readonly socket: WebSocket) {}
}

// Jittered, so that a room full of people doesn't come back in one instant after a restart.
function delayBefore(attempts: number): number {
  const spread = Math.min(longestDelayMs - shortestDelayMs, shortestDelayMs * 2 ** attempts);
  return shortestDelayMs + Math.random() * spread;
}

function goodbye(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.addEventListener("close", () => resolve());
    setTimeout(resolve, goodbyeWithinMs);
  });
}
