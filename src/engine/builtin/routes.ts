import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { builtPageFolder } from "../../built-page.js";
import type { EngineSetting } from "../engine.js";
import { assetRoutes } from "./assets.js";
import { FROM_SERVER } from "./across/lines.js";
import { warnOfOrigins } from "./other-origin.js";
import type { Rooms } from "./rooms.js";
import { closeCodes } from "./seat.js";
import { pieceRoutes } from "./recording/piece-routes.js";
import { playbackRoutes } from "./recording/playback-routes.js";
import { RoomSocket } from "./socket.js";
import { Strangers } from "./strangers.js";

/** `GET /api/room` upgraded is the room's socket; `/api/room/assets/` holds the page's files. */
export async function builtinRoutes(app: FastifyInstance, setting: EngineSetting, rooms: Rooms): Promise<void> {
  assetRoutes(app, builtPageFolder, "/api/room/assets/");
  app.addHook("preClose", () => rooms.drain());
  rooms.recordings.processing.begin();
  await app.register(async (inner) => pieceRoutes(inner, setting, rooms.recordings));
  await app.register(async (inner) => playbackRoutes(inner, setting, rooms.recordings));
  const strangers = new Strangers();
  const warn = warnOfOrigins(setting);
  const checkOrigin = async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin } = request.headers;
    // Absent: not a browser. Anything else must be the page this server made (enter-2).
    if (origin !== undefined && origin !== new URL(setting.publicUrl()).origin) {
      warn(origin);
      await reply.code(403).send({ error: "this origin may not open the room's socket" });
    }
  };
  app.route({
    method: "GET",
    url: "/api/room",
    preValidation: async (request, reply) => (request.ws ? checkOrigin(request, reply) : undefined),
    wsHandler(socket, request) {
      const isServer = setting.servers.isOurs(String(request.headers[FROM_SERVER] ?? ""));
      if (isServer) request.letIn();
      const known = isServer ? () => {} : strangers.arrive(request.ip);
      // Taken and closed, not refused before: so a page knows that it may come again by itself.
      if (known) new RoomSocket(socket, rooms, setting, request, { known, isServer }).serve();
      else socket.close(closeCodes.tryAgain, "too many of this address have not shown a link");
    },
    // Without a word of its own it would be answered without a word.
    handler: (_request, reply) => reply.callNotFound(),
  });
}
