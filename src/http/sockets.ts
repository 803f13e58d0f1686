import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { WebSocket } from "ws";
import type { Forms } from "./forms.js";
import { Guests } from "./guests.js";
import type { Servers } from "./servers.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Said by a door when it knows whose socket this is; until then it counts as a guest's. */
    letIn(): void;
  }
}

/** What any socket may do. Each door has limits of its own below these, and says them in its own words. */
export const socketLimits = {
  /** Of one message; looked at as its frames' headers come, before anything is put together. */
  messageBytes: 256 * 1024,
  /** Pieces of one message. */
  fragments: 16,
  /** Pieces in which one frame may arrive. */
  chunks: 1_024,
  /** Messages, pings and pongs. */
  framesPerSecond: 200,
  /** All that it may send after the server has closed it. */
  bytesAfterClose: 64 * 1024,
  /** How long a closed socket may stay open from the other side. */
  closeMs: 2_000,
  /** An upgrade that is neither taken nor refused by then has nobody who cares. */
  handshakeMs: 10_000,
} as const;

const { messageBytes, fragments, chunks, framesPerSecond, bytesAfterClose, closeMs, handshakeMs } = socketLimits;

/** Some are newer than the library's types, so they are only spread into what it takes. */
const options = { maxPayload: messageBytes, maxFragments: fragments, maxBufferedChunks: chunks, closeTimeout: closeMs };

/** Whoever is closed and goes on sending is not worth reading. */
function limitBytesAfterClose(socket: WebSocket, { socket: line }: IncomingMessage): void {
  let bytes = 0;
  line.prependListener("data", ({ length }: Buffer) => {
    if (socket.readyState === socket.OPEN) return;
    bytes += length;
    if (bytes > bytesAfterClose) line.destroy();
  });
}

function limitFrames(socket: WebSocket): void {
  let second = 0;
  let frames = 0;
  const count = () => {
    const now = Math.floor(performance.now() / 1_000);
    frames = now === second ? frames + 1 : 1;
    second = now;
    if (frames <= framesPerSecond) return;
    socket.removeAllListeners("message");
    socket.close(1008, "too many frames");
  };
  for (const event of ["message", "ping", "pong"]) socket.on(event, count);
}

/** Where sockets live, as the routes say it. */
function watchRoutes(app: FastifyInstance): ReadonlySet<string> {
  const urls = new Set<string>();
  app.addHook("onRoute", ({ url, websocket: isSocket, wsHandler }) => {
    if (isSocket || wsHandler) urls.add(url);
  });
  return urls;
}

export interface SocketSetting {
  /** A request's address as the routes know it. */
  pathOf(request: IncomingMessage): string;
  forms: Forms;
}

/** The newest of the protocol's versions, which is what a caller with another one is told (RFC 6455, 4.4). */
const VERSION = "13";

/** What offers a WebSocket and is none: the library would refuse it in English and in no door's form. */
function refuseHandshakes(app: FastifyInstance, forms: Forms): void {
  app.websocketServer.on("wsClientError", (_error: Error, line: Socket, request: IncomingMessage) => {
    const isOther = !["8", VERSION].includes(request.headers["sec-websocket-version"] ?? VERSION);
    line.once("finish", () => line.destroy());
    if (isOther) forms.refuseLine(line, 426, request, { "sec-websocket-version": VERSION, upgrade: "websocket" });
    else forms.refuseLine(line, 400, request);
  });
}

/**
 * The one owner of every upgraded line: lets the routes of every door take WebSockets, and nothing else be upgraded.
 * Before all hooks: whichever of them refuses, the line ends with its answer.
 */
export async function openSockets(
  app: FastifyInstance,
  servers: Servers,
  { pathOf, forms }: SocketSetting,
): Promise<void> {
  const urls = watchRoutes(app);
  servers.takesUpgrade = (request) =>
    request.method === "GET" &&
    request.headers.upgrade?.toLowerCase() === "websocket" &&
    urls.has(pathOf(request).split("?", 1)[0] ?? "");
  await app.register(websocket, {
    options: { ...options, server: servers.upgrades as never },
    // Bytes that are no WebSocket: the library closes with its code, and ends the line soon after.
    errorHandler: (err, _socket, request) => request.log.info({ err }, "a socket broke"),
    // The plugin would cut the lines without a word; each door says why it closes its own (drain-1).
    preClose: (done) => done(),
  });
  refuseHandshakes(app, forms);
  const handshakes = new WeakMap<IncomingMessage, NodeJS.Timeout>();
  servers.upgrades.prependListener("upgrade", (request: IncomingMessage) => {
    handshakes.set(request, setTimeout(() => request.socket.destroy(), handshakeMs).unref());
  });
  const guests = new Guests();
  app.decorateRequest("letIn", null as never);
  // After the hooks that know the caller's language and address, before those of a route.
  app.addHook("preValidation", (request, _reply, done) => {
    if (!request.ws) return done();
    try {
      request.letIn = guests.arrive(request.raw.socket, request.ip);
      return done();
    } catch (error) {
      return done(error as Error);
    }
  });
  app.websocketServer.on("connection", (socket: WebSocket, request: IncomingMessage) => {
    clearTimeout(handshakes.get(request));
    limitBytesAfterClose(socket, request);
    limitFrames(socket);
  });
}
