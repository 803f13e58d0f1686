import type { Socket } from "node:net";
import type { Services } from "../../domain/services.js";
import { type Credentials, recognize } from "../../http/caller.js";

/** Why the server closes a line: its caller's right ended, the server restarts, the other side does not read. */
export type Closing = "DENIED" | "RESTART" | "SLOW";

export interface LiveConnection {
  credentials: Credentials;
  /** What carries it. */
  socket: Pick<Socket, "bytesWritten" | "writableLength">;
  close(why: Closing): void;
}

/** More than this must never wait for one connection, so that many slow ones can't fill the memory. */
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

/** Counted in whole writes; how much still waits says nothing, for whoever reads slowly always finds more waiting. */
const flowOf = ({ bytesWritten, writableLength }: LiveConnection["socket"]): Flow => ({
  quiet: 0,
  queued: writableLength,
  taken: bytesWritten - writableLength,
});

interface Line {
  close(why: Closing): void;
}

/** Every open line of the live doors: looked at again and again, and closed when it must be. */
export class LiveConnections {
  /** Also those that have not said yet who they are. */
  readonly #lines = new Set<Line>();
  readonly #before = new Map<LiveConnection, Flow>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly services: Services,
    everyMs: number,
  ) {
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  /** A line that is open; closed with the others when the server stops. @returns takes it out again */
  opened(line: Line): () => void {
    this.#lines.add(line);
    return () => this.#lines.delete(line);
  }

  /** A line whose caller was let in. @returns takes it out again */
  add(connection: LiveConnection): () => void {
    this.#before.set(connection, flowOf(connection.socket));
    return () => this.#before.delete(connection);
  }

  closeAll(): void {
    clearInterval(this.#timer);
    for (const line of this.#lines) line.close("RESTART");
  }

  async #look(): Promise<void> {
    for (const [connection, before] of this.#before) {
      const flow = flowOf(connection.socket);
      if (before.queued > 0 && flow.queued > 0 && flow.taken === before.taken) flow.quiet = before.quiet + 1;
      if (this.#before.has(connection)) this.#before.set(connection, flow);
      if (flow.quiet > MOST_QUIET) connection.close("SLOW");
      else if (await this.#isDenied(connection)) connection.close("DENIED");
    }
  }

  /** Where the database can't be asked, the line stays: nobody has said that its right ended. */
  async #isDenied({ credentials }: LiveConnection): Promise<boolean> {
    return recognize(this.services, credentials).then(
      (recognized) => "denied" in recognized,
      () => false,
    );
  }
}
