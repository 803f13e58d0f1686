import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { MessageKey, Messages } from "../messages/index.js";
import { isUnavailable } from "./unavailable.js";

/** PUBLIC_URL's path alone: a slash must follow, because the start page's own addresses are relative to it. */
const isBareBase = ({ method, url }: FastifyRequest, basePath: string): boolean =>
  basePath !== "" && ["GET", "HEAD"].includes(method) && url.split("?", 1)[0] === basePath;

/** What is outside every door: no such address, or a fault where no door answers. Says nothing of our inside. */
export function answerOutside(app: FastifyInstance, messages: Messages, basePath: string): void {
  const say = ({ language }: FastifyRequest, key: MessageKey, facts = {}) => messages.text(language, key, facts);
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    // Here and not as a route of its own, so that it takes no door's address, whatever the path is.
    if (isBareBase(request, basePath)) return reply.redirect(`${basePath}/`);
    return reply.code(404).send({ error: say(request, "error.notFound") });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (isUnavailable(error)) {
      return reply
        .code(503)
        .header("retry-after", "1")
        .send({ error: say(request, "error.unavailable") });
    }
    if (status < 500) return reply.code(status).send({ error: say(request, "fault.address") });
    request.log.error({ err: error }, "a request failed");
    return reply.code(500).send({ error: say(request, "error.internal", { requestId: request.id }) });
  });
}
