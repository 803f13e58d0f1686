import type { FastifyInstance } from "fastify";
import type { Messages } from "../messages/index.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Negotiated from `Accept-Language`; one of the catalogues'. */
    language: string;
  }
}

/** Every request has a language before anything else happens to it, and every answer says which. */
export function negotiateLanguage(app: FastifyInstance, messages: Messages): void {
  app.decorateRequest("language", "");
  app.addHook("onRequest", async (request) => {
    request.language = messages.negotiate(request.headers["accept-language"]);
  });
  app.addHook("onSend", async (request, reply) => {
    reply.header("content-language", request.language);
    const vary = reply.getHeader("vary");
    if (
      !String(vary ?? "")
        .toLowerCase()
        .includes("accept-language")
    ) {
      reply.header("vary", vary ? `${String(vary)}, Accept-Language` : "Accept-Language");
    }
  });
}
