import { lookup } from "node:dns/promises";
import { EventEmitter, once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Config } from "../config.js";
import type { Line } from "./ahead.js";
import { Arrivals } from "./arrivals.js";
import { type AnsweredLine, asIfNeverOffered, refuseTunnel } from "./ignored-upgrade.js";

interface OpenLine extends AnsweredLine {
  /** What is not sent to its end yet, in the order of the requests. */
  answers: Set<ServerResponse>;
  isUpgraded: boolean;
}

/** How the framework wants a server to be. */
interface Limits {
  keepAliveTimeout?: number | undefined;
  requestTimeout?: number | undefined;
  connectionTimeout?: number | undefined;
  http?: ServerOptions | null | undefined;
}

const showsCaller = ({ headers }: IncomingMessage): boolean =>
  headers["license"] !== undefined || headers.authorization !== undefined;

/** How many lines may be open at once; hears when a further one is cut, at most once a minute. */
export interface Fullness {
  mostLines: number;
  onFull(): void;
}

const unbounded: Fullness = { mostLines: Number.POSITIVE_INFINITY, onFull: () => {} };

const TELL_FULL_MS = 60_000;

/** Every address a name stands for. */
export type AddressesOf = (host: string) => Promise<string[]>;

const addressesOf: AddressesOf = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * The HTTP servers of this process, one an address, and every line that is open to one of them, whatever became of it:
 * the framework and Node know of one server only, and forget a line once it is upgraded.
 */
export class Servers {
  /** Hears of an upgrade only where it is taken; passed on to the library of the sockets. */
  readonly upgrades = new EventEmitter();
  /** Whether a socket lives where this request goes. */
  takesUpgrade: (request: IncomingMessage) => boolean = () => false;
  /** Waits until it is known what the request's sender may know already; undefined where it is. */
  heardAll: () => Promise<void> | undefined = () => undefined;
  /** Has answered the request by the time it says so; the framework never sees that one. */
  answersAtOnce: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  /** Each answers the request, now or later, or calls `onward`; false where it has done nothing. */
  readonly begins: ((line: Line) => boolean)[] = [];
  readonly #servers: Server[] = [];
  readonly #lines = new Map<Socket, OpenLine>();
  readonly #arrivals = new Arrivals();
  #makeAnother: (() => Server) | undefined;
  #isDraining = false;
  #isPatient = true;
  #isToldFull = false;

  /** @param addresses what a name stands for; asked of the system when left out */
  constructor(
    readonly addresses: AddressesOf = addressesOf,
    readonly fullness: Fullness = unbounded,
  ) {}

  /** For the framework, which makes its server by this. */
  readonly create = (handler: RequestListener, limits: Limits): Server => {
    this.#makeAnother = () => this.#make(handler, limits);
    return this.#makeAnother();
  };

  #make(handler: RequestListener, { http, keepAliveTimeout, requestTimeout, connectionTimeout }: Limits): Server {
    const look = (request: IncomingMessage, response: ServerResponse, isNoted: boolean) => {
      const isAnswered = !this.#isDraining && this.answersAtOnce(request, response);
      // Nearly always it has left by now. What has not is still its line's: no end and no upgrade comes before it.
      if (isAnswered && response.writableFinished) return;
      if (!isNoted) this.#answers(request.socket, response);
      if (isAnswered) return;
      const onward = () => handler(request, response);
      const begin = () => {
        const isBegun = !this.#isDraining && this.begins.some((begins) => begins({ request, response, onward }));
        if (!isBegun) onward();
      };
      const turn = this.#arrivals.turn();
      if (turn) void turn.then(begin);
      else begin();
    };
    const listener: RequestListener = (request, response) => {
      const heard = showsCaller(request) ? this.heardAll() : undefined;
      if (!heard) return look(request, response, false);
      this.#answers(request.socket, response);
      void heard.then(() => look(request, response, true));
    };
    const server = createServer(http ?? {}, listener);
    // Who ends its sending side behind its request waits for the answer (RFC 9112, 9.6); Node would cut it off. No type has it.
    Object.assign(server, { httpAllowHalfOpen: true });
    // Whatever a request expects may be ignored (RFC 9110, 10.1.1); Node would refuse it in no door's form.
    server.on("checkExpectation", listener);
    server.on("connect", (request: IncomingMessage, socket) => refuseTunnel(server, request, socket as Socket));
    if (keepAliveTimeout !== undefined) server.keepAliveTimeout = keepAliveTimeout;
    if (requestTimeout !== undefined) server.requestTimeout = requestTimeout;
    server.setTimeout(connectionTimeout ?? 0);
    // Node would cut a line whose last answer is not sent to its end yet.
    server.closeIdleConnections = () => this.#closeIdle();
    server.on("connection", (socket: Socket) => this.#came(socket));
    server.on("upgrade", (request, socket, head) => this.#upgrade(server, request, socket as Socket, head));
    this.#servers.push(server);
    return server;
  }

  /** Cut at once where no more may be open, as the system does with the last descriptor. */
  #came(socket: Socket): void {
    const { mostLines, onFull } = this.fullness;
    if (this.#lines.size < mostLines || this.#lines.has(socket)) return void this.#opened(socket);
    socket.destroy();
    if (this.#isToldFull) return;
    this.#isToldFull = true;
    setTimeout(() => (this.#isToldFull = false), TELL_FULL_MS).unref();
    onFull();
  }

  #opened(socket: Socket): OpenLine {
    const known = this.#lines.get(socket);
    if (known) return known;
    this.#arrivals.note();
    const line: OpenLine = { answers: new Set(), afterAnswer: undefined, isUpgraded: false };
    this.#lines.set(socket, line);
    socket.once("close", () => this.#lines.delete(socket));
    return line;
  }

  #answers(socket: Socket, response: ServerResponse): void {
    const line = this.#opened(socket);
    line.answers.add(response);
    // The other side learns that this answer is the line's last one, and asks the next server from then on.
    if (this.#isDraining) response.setHeader("connection", "close");
    response.once("close", () => {
      line.answers.delete(response);
      const { afterAnswer } = line;
      line.afterAnswer = undefined;
      afterAnswer?.();
      if (!this.#isPatient) this.#closeIdle();
    });
  }

  #upgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
    const line = this.#opened(socket);
    if (this.#isDraining || !this.takesUpgrade(request)) {
      asIfNeverOffered({ server, request, socket, head, line });
      return;
    }
    line.isUpgraded = true;
    this.upgrades.emit("upgrade", request, socket, head);
  }

  #closeIdle(): void {
    if (this.#isPatient) return;
    for (const [socket, { answers, isUpgraded }] of this.#lines) {
      if (answers.size === 0 && !isUpgraded) socket.destroySoon();
    }
  }

  /**
   * On every address of the host: a browser takes whichever of a name's addresses it likes.
   * @param listen makes the framework's own server listen
   * @returns where that one listens
   * @throws Error of the address
   */
  async listen(listen: () => Promise<unknown>, host: string): Promise<AddressInfo> {
    await listen();
    const first = this.#servers[0]?.address() as AddressInfo;
    if (host !== "localhost") return first;
    for (const address of await this.addresses(host)) {
      if (address === first.address) continue;
      const server = this.#makeAnother?.();
      server?.on("clientError", (...broken) => void this.#servers[0]?.emit("clientError", ...broken));
      server?.listen(first.port, address);
      // Taken, or not of this machine: the name's first address is enough.
      if (server) await once(server, "listening").catch(() => this.#servers.splice(this.#servers.indexOf(server), 1));
    }
    return first;
  }

  /** From here on each answer is the last one of its line. */
  beginDrain(): void {
    this.#isDraining = true;
    for (const { answers } of this.#lines.values()) {
      // Those before it in the same line would take it along.
      const last = [...answers].at(-1);
      if (last && !last.headersSent) last.setHeader("connection", "close");
    }
  }

  /**
   * Ends every line: an unused one after `lastRequests`, one with an answer under way when that is sent, and all of
   * them at the deadline, upgraded or not.
   * @param close makes the framework close its own server
   */
  async close({ drain, lastRequests }: Config["timings"], close: () => Promise<void>): Promise<void> {
    const late = setTimeout(() => {
      for (const socket of this.#lines.keys()) socket.destroy();
    }, drain);
    const patience = setTimeout(() => {
      this.#isPatient = false;
      this.#closeIdle();
    }, lastRequests);
    const [, ...others] = this.#servers;
    await Promise.all([close(), ...others.map((server) => new Promise((resolve) => server.close(resolve)))]);
    clearTimeout(late);
    clearTimeout(patience);
  }
}
