// One person's way into the room: a socket that comes back by itself for as long as the server doesn't say no.

import { closed, isFinal, isSoonAgain } from "./closed.js";
import { type Frame, type FrameOf, parseFrame, type Wish } from "./frames.js";

const answerWithinMs = 10_000;
const shortestDelayMs = 500;
const longestDelayMs = 5_000;
const goodbyeWithinMs = 1_000;
const stillHereSeconds = 20; // until the server says otherwise
const silentAfter = (seconds: number) => 2.5 * seconds * 1000; // two frames in a row are missed

/** What the line tells; nothing of `heard` comes before `entered`. */
export interface Listener {
  entered(frame: FrameOf<"entered">): void;
  /** In line, because the room is full. */
  waiting(frame: FrameOf<"waiting">): void;
  /** Whatever else is said to someone inside, a refused wish too. */
  heard(frame: Frame): void;
  /** It comes back by itself. */
  lost(was: { wasInside: boolean }): void;
  /** It does not come back; the code is 0 when nothing answered. */
  stopped(code: number, message: string): void;
}

/** How someone enters. */
interface Entry {
  /** A reload, which keeps trying as someone inside does. */
  comesBack?: boolean;
  /** Stands in line where the room is full. */
  waits?: boolean;
}

export class Line {
  listener: Listener | undefined;
  /** The one that counts: whatever an older one still says is not heard. */
  #visit: Visit | undefined;
  #wasInside = false;
  #comesBack = false;
  #waits = false;
  #attempts = 0;
  #timer = 0;

  constructor(
    readonly address: string,
    readonly link: string,
  ) {}

  enter({ comesBack = false, waits = false }: Entry = {}): void {
    this.#drop();
    this.#wasInside = this.#comesBack = comesBack;
    this.#waits = waits;
    this.#attempts = 0;
    this.#open();
  }

  /** The network came back: what was open before is likely dead, and the new socket takes its place over. */
  refresh(): void {
    if (!this.#comesBack) return;
    this.#drop();
    this.#open();
  }

  /** Shown again after it slept: a beat that should have come and did not means that the line died meanwhile. */
  wake(): void {
    const visit = this.#visit;
    if (!visit?.isInside || performance.now() - visit.heardAt > visit.beatMs) this.refresh();
  }

  /** Something was just asked, because the line may be dead: where nothing comes in so many milliseconds, it is. */
  expectAnswer(withinMs: number): void {
    const visit = this.#visit;
    const askedAt = performance.now();
    setTimeout(() => {
      if (visit?.isInside && visit === this.#visit && visit.heardAt < askedAt) this.refresh();
    }, withinMs);
  }

  /** @returns whether it went out */
  say(wish: Wish): boolean {
    const socket = this.#visit?.socket;
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(wish));
    return true;
  }

  /** Done when the server has heard it, or can't: leaving never waits for long. */
  async leave(): Promise<void> {
    const last = this.say({ type: "leave" }) ? this.#visit?.socket : undefined;
    this.#comesBack = false;
    this.#drop();
    if (last) await goodbye(last);
  }

  #open(): void {
    const socket = new WebSocket(this.address);
    const visit = new Visit(socket);
    this.#visit = visit;
    this.#listen(visit);
    socket.addEventListener("open", () =>
      this.say({ type: "enter", link: this.link, ...(this.#waits && { wait: true as const }) }),
    );
    socket.addEventListener("close", ({ code }) => this.#closed(visit, code));
    socket.addEventListener("message", ({ data }) => {
      if (this.#visit !== visit) return;
      const frame = parseFrame(data);
      if (frame) this.#hear(visit, frame);
      if (visit.isAnswered && this.#visit === visit) this.#listen(visit);
    });
  }

  #hear(visit: Visit, frame: Frame): void {
    if (frame.type === "entered") {
      visit.isAnswered = visit.isInside = this.#wasInside = this.#comesBack = true;
      visit.beatsEvery(stillHereSeconds);
      this.#attempts = 0;
      this.listener?.entered(frame);
    } else if (frame.type === "waiting") {
      if (!visit.isAnswered) visit.beatsEvery(stillHereSeconds);
      visit.isAnswered = this.#comesBack = true;
      this.#attempts = 0;
      this.listener?.waiting(frame);
    } else if (frame.type === "still-here") {
      visit.beatsEvery(frame.everySeconds);
    } else if (frame.type === "ended") {
      this.#closed(visit, closed.ended);
    } else if (frame.type === "removed") {
      this.#closed(visit, closed.REMOVED);
    } else if (visit.isInside) {
      this.listener?.heard(frame);
    } else if (frame.type === "refused") {
      visit.message = frame.message ?? ""; // the close code that follows says which refusal it is
    }
  }

  /** A line can die without closing. Nothing heard for too long, not even that the server is still there: it is dead. */
  #listen(visit: Visit): void {
    visit.heardAt = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#closed(visit, 0), visit.silentAfterMs);
  }

  #closed(visit: Visit, code: number): void {
    if (this.#visit !== visit) return;
    this.#drop();
    if (!isFinal(code) && (this.#comesBack || isSoonAgain(code))) return this.#retry();
    this.#comesBack = false;
    this.listener?.stopped(isFinal(code) ? code : 0, visit.message);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    const old = this.#visit?.socket;
    this.#visit = undefined;
    old?.close();
  }

  #retry(): void {
    this.#comesBack = true;
    this.#timer = setTimeout(() => this.#open(), delayBefore(this.#attempts));
    this.#attempts += 1;
    this.listener?.lost({ wasInside: this.#wasInside });
  }
}

/** One socket's time, from its first frame to its close. */
class Visit {
  isInside = false;
  /** Inside, or in line. */
  isAnswered = false;
  message = "";
  heardAt = performance.now();
  silentAfterMs = answerWithinMs;
  /** After so long without a word, one is missing. */
  beatMs = answerWithinMs;

  constructor(readonly socket: WebSocket) {}

  beatsEvery(seconds: number): void {
    this.silentAfterMs = silentAfter(seconds);
    this.beatMs = 1.1 * seconds * 1000;
  }
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
