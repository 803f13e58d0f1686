import type { IncomingMessage, ServerResponse } from "node:http";
import { newId } from "../ids.js";
import type { Opened } from "../services.js";
import { recognize, recognizeAtOnce } from "./caller.js";
import { handOver } from "./begun.js";
import type { Departures } from "./departures.js";
import type { RequestLines } from "./observe.js";
import type { Paced } from "./pace.js";
import { lacksOneHost } from "./plain.js";

/** What is needed past the framework. */
export interface Past {
  services: Opened["services"];
  messages: Opened["messages"];
  pace: Paced;
  departures: Departures;
  lines: RequestLines;
}

/** A request that an answer is wanted for. */
export interface Line {
  request: IncomingMessage;
  response: ServerResponse;
  /** To the framework. */
  onward: () => void;
}

export type LetIn = NonNullable<ReturnType<typeof recognizeAtOnce>>;

export interface Answered {
  status: number;
  /** Names and values, one after the other. */
  head: readonly string[];
  /** undefined: none. */
  body: string | Buffer | undefined;
}

/** Whether nothing is asked of the line itself, and its answer may leave as soon as it is there. */
export const isOrdinary = ({ request, response }: Line): boolean =>
  request.headers.upgrade === undefined &&
  request.headers.expect === undefined &&
  response.socket?.writableLength === 0 &&
  !lacksOneHost(request);

/** Whether a license's key is shown. */
export const showsKey = ({ headers }: IncomingMessage): boolean => typeof headers["license"] === "string";

/** One request on its way past the framework. */
export class Passing {
  readonly id = newId();
  readonly language: string;
  readonly #begunAt: number;
  /** As it was read. */
  body: Buffer | undefined;

  constructor(
    readonly line: Line,
    readonly past: Past,
  ) {
    this.#begunAt = past.services.clock.monotonic();
    this.language = past.messages.negotiate(line.request.headers["accept-language"]);
    past.departures.begins();
  }

  /**
   * Goes on with whoever the key lets in: known already, or looked up, as after each write of its license. To the framework
   * where it lets nobody in, which tells why.
   */
  withCaller(goOn: (caller: LetIn) => void): void {
    const { services } = this.past;
    const license = String(this.line.request.headers["license"]);
    let known: LetIn | undefined;
    try {
      known = recognizeAtOnce(services, license);
    } catch {
      return this.goOnward();
    }
    if (known) return goOn(known);
    void recognize(services, { license }).then(
      (found) => ("denied" in found ? this.goOnward() : goOn(found)),
      () => this.goOnward(),
    );
  }

  /** To the framework after all, under the same id and with what was read. */
  goOnward(): void {
    handOver(this.line.request, { id: this.id, body: this.body });
    this.line.onward();
  }

  /** @param route what the log calls it */
  leave(route: string, answered: Answered): void {
    this.past.departures.add(() => this.#send(route, answered));
  }

  #send(route: string, { status, head, body }: Answered): void {
    const { request, response } = this.line;
    const { pace, lines, services } = this.past;
    response.writeHead(status, head as string[]);
    if (body === undefined) response.end();
    else pace.end(response, body);
    const told = { id: this.id, method: request.method, routeOptions: { url: route } };
    const tell = () =>
      lines.answered({ request: told as never, status, took: services.clock.monotonic() - this.#begunAt });
    // A large one is over when its reader has it.
    if (response.writableFinished) tell();
    else response.once("close", tell);
  }
}
