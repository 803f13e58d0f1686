import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import { etagOf, isKnown } from "../../etag.js";

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/**
 * The files of the page's folder, read once: everyone who opens a link asks for all of them, and when a class starts, that
 * is thousands within seconds.
 * @param prefix of their addresses, with a slash at its end
 */
export function assetRoutes(app: FastifyInstance, folder: string, prefix: string): void {
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    const etag = etagOf(bytes);
    const headers = { "cache-control": "public, max-age=0", etag, "content-type": types[extname(name)] };
    app.get(`${prefix}${name}`, async (request, reply) => {
      reply.headers(headers);
      if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
      return reply.send(bytes);
    });
  }
}
