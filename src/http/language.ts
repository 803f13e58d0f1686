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
  app.addHook("onRequest", (request, _reply, done) => {
    request.language = messages.negotiate(request.headers["accept-language"]);
    done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    reply.header("content-language", request.language);
    const vary = String(reply.getHeader("vary") ?? "");
    if (!vary) reply.header("vary", "Accept-Language");
    else if (!vary.toLowerCase().includes("accept-language")) reply.header("vary", `${vary}, Accept-Language`);
    done();
  });
}
