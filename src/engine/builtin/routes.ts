import { fileURLToPath } from "node:url";
import assets from "@fastify/static";
import websocket from "@fastify/websocket";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EngineSetting } from "../engine.js";
import type { Rooms } from "./rooms.js";
import { TERMINATE_MS } from "./seat.js";
import { RoomSocket } from "./socket.js";

/** Above our own limit of a frame, so that a frame too long gets our answer (4400); only a monster the library's. */
const MAX_PAYLOAD_BYTES = 256 * 1024;
const pageFolder = fileURLToPath(new URL("page/", import.meta.url));

/** `GET /api/room` upgraded is the room's socket; `/api/room/assets/` holds the page's script and style. */
export async function builtinRoutes(app: FastifyInstance, setting: EngineSetting, rooms: Rooms): Promise<void> {
  await app.register(assets, { root: pageFolder, prefix: "/api/room/assets/", index: false, decorateReply: false });
  await app.register(websocket, {
    options: { maxPayload: MAX_PAYLOAD_BYTES },
    // Bytes that are no WebSocket: the library closes with its code, which the other side may still read.
    errorHandler: (err, socket, request) => {
      request.log.info({ err }, "a room's socket broke");
      setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
    },
    // The plugin would cut the lines without a word; ours say "restarting" (drain-1).
    preClose: (done) => {
      rooms.drain();
      done();
    },
  });
  const checkOrigin = async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers;
    // Absent: not a browser. Anything else must be the page this server made (enter-2).
    if (origin !== undefined && origin !== new URL(setting.publicUrl()).origin) {
      await reply.code(403).send({ error: "this origin may not open the room's socket" });
    }
  };
  app.get("/api/room", { websocket: true, preValidation: checkOrigin }, (socket, request) => {
    new RoomSocket(socket, rooms, setting, request.language).serve();
  });
}
