import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";

/** Above the doors' own limits of a frame, so that a frame too long gets their answer; only a monster the library's. */
const MAX_PAYLOAD_BYTES = 256 * 1024;
/** How long a closed line may stay open from the other side. */
const TERMINATE_MS = 2_000;

/** Lets the routes of every door take WebSockets. Before all of them. */
export async function openSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: MAX_PAYLOAD_BYTES },
    // Bytes that are no WebSocket: the library closes with its code, which the other side may still read.
    errorHandler: (err, socket, request) => {
      request.log.info({ err }, "a socket broke");
      setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
    },
    // The plugin would cut the lines without a word; each door says why it closes its own (drain-1).
    preClose: (done) => done(),
  });
}
