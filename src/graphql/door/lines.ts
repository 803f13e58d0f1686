import type { Socket } from "node:net";
import type { Denial } from "../../domain/license/license.js";
import type { Services } from "../../domain/services.js";
import { type Credentials, recognize } from "../../http/caller.js";
import { Turns } from "../../turns.js";

/** Why the server closes a line: its caller's right ended, the server restarts, the other side does not read. */
export type Closing = "DENIED" | "RESTART" | "SLOW";

/** A WebSocket or a stream of events, as long as it is open. */
export interface OpenLine {
  /** @param denied of DENIED: how the right ended */
  close(why: Closing, denied?: Denial): void;
}

/** One whose caller was let in. */
export interface Line extends OpenLine {
  credentials: Credentials;
  /** What carries it. */
  socket: Pick<Socket, "bytesWritten" | "writableLength">;
}

/** More than this must never wait for one line, so that many slow ones can't fill the memory. */
export const MOST_QUEUED_BYTES = 500_000;

/** Bytes that wait for the other side, and bytes that it has taken so far. */
interface Flow {
  queued: number;
  taken: number;
  /** Looks in a row that found something waiting and nothing taken. */
  quiet: number;
}

/** The kernel passes on in bursts, so a single quiet look says nothing. */
const MOST_QUIET = 1;

/** Lines that are looked at in one turn of the event loop. */
const LINES_PER_TURN = 200;

/** Counted in whole writes; how much still waits says nothing, for whoever reads slowly always finds more waiting. */
const flowOf = ({ bytesWritten, writableLength }: Line["socket"]): Flow => ({
  quiet: 0,
  queued: writableLength,
  taken: bytesWritten - writableLength,
});

/** Every open line of the live doors: looked at again and again, and closed when it must be. */
export class Lines {
  /** Also those that have not said yet who they are. */
  readonly #open = new Set<OpenLine>();
  readonly #before = new Map<Line, Flow>();
  readonly #timer: NodeJS.Timeout;
  readonly #turns = new Turns(LINES_PER_TURN);
  #isLooking = false;

  constructor(
    readonly services: Services,
    everyMs: number,
  ) {
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  /** A line that is open; closed with the others when the server stops. @returns takes it out again */
  opened(line: OpenLine): () => void {
    this.#open.add(line);
    return () => this.#open.delete(line);
  }

  /** A line whose caller was let in. @returns takes it out again */
  add(line: Line): () => void {
    this.#before.set(line, flowOf(line.socket));
    return () => this.#before.delete(line);
  }

  closeAll(): void {
    clearInterval(this.#timer);
    for (const line of this.#open) line.close("RESTART");
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#turns.each(this.#before, ([line, before]) => this.#check(line, before));
    } finally {
      this.#isLooking = false;
    }
  }

  async #check(line: Line, before: Flow): Promise<void> {
    const flow = flowOf(line.socket);
    if (before.queued > 0 && flow.queued > 0 && flow.taken === before.taken) flow.quiet = before.quiet + 1;
    if (this.#before.has(line)) this.#before.set(line, flow);
    if (flow.quiet > MOST_QUIET) {
      line.close("SLOW");
      return;
    }
    const denied = await this.#denialOf(line);
    if (denied) line.close("DENIED", denied);
  }

  /** Where the database can't be asked, the line stays: nobody has said that its right ended. */
  async #denialOf({ credentials }: Line): Promise<Denial | undefined> {
    return recognize(this.services, credentials).then(
      (recognized) => ("denied" in recognized ? recognized.denied : undefined),
      () => undefined,
    );
  }
}
