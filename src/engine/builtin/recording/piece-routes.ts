import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { EngineSetting } from "../../engine.js";
import { MOST_PIECE_BYTES, type PieceAnswer, type Recordings } from "./recordings.js";

const statuses = {
  GAP: 409,
  NOT_MODERATOR: 403,
  NO_SUCH_PART: 404,
  OVER: 410,
  NOT_WEBM: 415,
  STORAGE_FULL: 507,
} as const;

const statusOf = (answer: PieceAnswer): number => ("code" in answer ? statuses[answer.code] : 200);

interface Addressed {
  part: string;
  number: string;
}

/** Of one part at once, each of them in memory: a page sends one, and another when the line broke under it. */
const MOST_AT_ONCE = 4;

const bearer = /^Bearer ([\w.-]{1,100})$/i;

/** Where a room's page sends what it records: numbered pieces, with the token that it was given over its socket. */
export function pieceRoutes(app: FastifyInstance, setting: EngineSetting, recordings: Recordings): void {
  app.removeAllContentTypeParsers();
  const reading = { parseAs: "buffer", bodyLimit: MOST_PIECE_BYTES } as const;
  app.addContentTypeParser("*", reading, (_request, body, done) => done(null, body));

  const refuse = (reply: FastifyReply, status: number, code: string) =>
    reply.code(status).header("cache-control", "no-store").send({ code });

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode !== 413) throw error;
    return refuse(reply, 413, "TOO_LARGE");
  });

  const underWay = new Map<string, number>();
  const count = (part: string, by: 1 | -1) => {
    const now = (underWay.get(part) ?? 0) + by;
    if (now > 0) underWay.set(part, now);
    else underWay.delete(part);
  };

  /** Before anything of the piece is read. */
  const check = async (request: FastifyRequest, reply: FastifyReply) => {
    const { part, number } = request.params as Addressed;
    const { origin, authorization } = request.headers;
    if (origin !== undefined && origin !== new URL(setting.publicUrl()).origin) return refuse(reply, 403, "ORIGIN");
    const token = bearer.exec(authorization ?? "")?.[1] ?? "";
    if (!recordings.passes.isGood(token, "pieces", part)) return refuse(reply, 401, "TOKEN");
    if (!/^\d{1,7}$/.test(number)) return refuse(reply, 404, "NO_SUCH_PART");
    if ((underWay.get(part) ?? 0) >= MOST_AT_ONCE) return refuse(reply, 429, "TOO_MANY");
    count(part, 1);
    reply.raw.once("close", () => count(part, -1));
    return undefined;
  };

  app.put("/api/room/recordings/:part/:number", {
    onRequest: check,
    handler: async (request, reply) => {
      const { part, number } = request.params as Addressed;
      const answer = await recordings.take(part, {
        number: Number(number),
        bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        isLast: request.headers["recording-last"] === "true",
      });
      return reply.code(statusOf(answer)).header("cache-control", "no-store").send(answer);
    },
  });
}
