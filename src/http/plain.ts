import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ignoreBodies } from "./body.js";
import type { Forms } from "./forms.js";
import { isUnavailable, noteOutage } from "./unavailable.js";

/** PUBLIC_URL's path alone: a slash must follow, because the start page's own addresses are relative to it. */
const isBareBase = ({ method, url }: FastifyRequest, basePath: string): boolean =>
  basePath !== "" && ["GET", "HEAD"].includes(method) && url.split("?", 1)[0] === basePath;

/** A folder's address is none of ours, whatever the library of the files says. */
const sameAs: Record<number, number> = { 403: 404 };

const HOST = "host";

/** HTTP/1.1 asks for it, and nothing takes two (RFC 9112, 3.2). Node would refuse it by itself, in no door's form. */
export function lacksOneHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0;
  // Node's own way to see them all makes a list for each header there is.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === HOST.length && name.toLowerCase() === HOST) hosts += 1;
  }
  return hosts > 1 || (hosts === 0 && httpVersion === "1.1");
}

/** Then some of it may have come along, and what Node finds wrong with that is answered before anything else. */
const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers["transfer-encoding"] !== undefined || headers["content-length"] !== undefined;

/** What reaches no door's code: no such address, or a fault where no door answers. Says nothing of our inside. */
export function answerOutside(app: FastifyInstance, forms: Forms, basePath: string): void {
  ignoreBodies(app);
  app.addHook("onRequest", (request, reply, done) => {
    if (!lacksOneHost(request.raw)) return hasBody(request) ? queueMicrotask(done) : done();
    return void forms.refuse(request, reply.header("connection", "close"), 400, "fault.request");
  });
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    // Here and not as a route of its own, so that it takes no door's address, whatever the path is.
    if (isBareBase(request, basePath)) return reply.redirect(`${basePath}/`);
    return forms.refuse(request, reply, 404);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const { statusCode = 500 } = error;
    const status = isUnavailable(error) ? 503 : (sameAs[statusCode] ?? statusCode);
    if (status === 503) noteOutage(request, error);
    else if (status >= 500) request.log.error({ err: error }, "a request failed");
    return forms.refuse(request, reply, status);
  });
}
