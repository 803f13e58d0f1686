import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Messages } from "../messages/index.js";
import { isUnavailable } from "./unavailable.js";

/** What is outside every door: no such address, or a fault where no door answers. Says nothing of our inside. */
export function answerOutside(app: FastifyInstance, messages: Messages): void {
  const say = ({ language }: FastifyRequest, key: string, facts = {}) => messages.text(language, key, facts);
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) =>
    reply.code(404).send({ error: say(request, "error.notFound") }),
  );
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
