import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Callback } from "../engine/engine.js";
import { readBytes } from "../http/body.js";
import type { Opened } from "../services.js";
import { CALLBACKS } from "../callback-addresses.js";

/** What an engine tells after a session with many people may be long. */
const CALLBACK_LIMIT_KIB = 4096;

interface Addressed {
  engine: string;
  key: string;
  "*": string;
}

const addressedTo = (request: FastifyRequest) => request.params as Addressed;

/** As the engine was given it, and what it appended: signatures are of that text. */
function callbackOf(request: FastifyRequest, publicUrl: string): Callback {
  const { raw, method, body } = request;
  const target = raw.url ?? "";
  const at = target.indexOf("?");
  return {
    path: addressedTo(request)["*"],
    method,
    url: `${publicUrl}${target}`,
    query: at < 0 ? "" : target.slice(at + 1),
    headers: raw.headers,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  };
}

/**
 * The engines' door: one address for each thing that an engine tells by itself. Whoever comes without the part nobody
 * can guess finds nothing here, and nothing they send is read. What the engine's own code answers is the answer; where
 * the database takes nothing it is a 503, so that the engine tells it again.
 */
export function callbackDoor(app: FastifyInstance, { callbacks, openedEngines, publicUrl, config }: Opened): void {
  readBytes(app, { limitKib: CALLBACK_LIMIT_KIB, withinMs: config.timings.request });
  app.route({
    method: ["GET", "POST"],
    url: `${CALLBACKS}/:engine/:key/*`,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      const { engine, key, "*": path } = addressedTo(request);
      if (!openedEngines.get(engine)?.hear || !callbacks.isOurs(engine, path, key)) return reply.callNotFound();
      return undefined;
    },
    handler: async (request, reply) => {
      const heard = await openedEngines.get(addressedTo(request).engine)?.hear?.(callbackOf(request, publicUrl()));
      return reply
        .code(heard?.status ?? 404)
        .header("cache-control", "no-store")
        .send();
    },
  });
}
