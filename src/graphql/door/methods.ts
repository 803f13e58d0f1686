import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Opened } from "../../services.js";
import { fault } from "../run/codes.js";
import { refuse, tellingOf } from "./refuse.js";

/** GraphQL over HTTP, 5: queries by either, mutations by POST. */
export const METHODS = ["GET", "POST"];

/** A 405 before the body is read: what type it has is no question of a method that is not taken. */
export function refuseOtherMethods(app: FastifyInstance, url: string, opened: Opened): void {
  const allowed = METHODS.join(", ");
  const refuseMethod = async (request: FastifyRequest, reply: FastifyReply) => {
    const telling = tellingOf(request, opened);
    const message = telling.say("error.methodNotAllowed", { method: request.method, allowed });
    const http = { status: 405, headers: { allow: allowed, "cache-control": "no-store" } };
    return refuse(reply, fault("BAD_REQUEST", message, { http }), telling);
  };
  const method = app.supportedMethods.filter((name) => !METHODS.includes(name));
  app.route({ method, url, onRequest: refuseMethod, handler: refuseMethod });
}
