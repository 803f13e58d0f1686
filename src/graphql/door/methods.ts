import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Messages } from "../../messages/index.js";
import { errorBody } from "../run/codes.js";

/** GraphQL over HTTP, 5: queries by either, mutations by POST. */
export const METHODS = ["GET", "POST"];

/** A 405 before the body is read: what type it has is no question of a method that is not taken. */
export function refuseOtherMethods(app: FastifyInstance, url: string, messages: Messages): void {
  const allowed = METHODS.join(", ");
  const refuse = async ({ id, language, method }: FastifyRequest, reply: FastifyReply) => {
    const message = messages.text(language, "error.methodNotAllowed", { method, allowed });
    return reply
      .code(405)
      .headers({ allow: allowed, "cache-control": "no-store" })
      .send(errorBody("BAD_REQUEST", message, id));
  };
  const method = app.supportedMethods.filter((name) => !METHODS.includes(name));
  app.route({ method, url, onRequest: refuse, handler: refuse });
}
