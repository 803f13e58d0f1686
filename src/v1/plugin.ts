import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BodyFault, readBodies } from "../http/body.js";
import { recognizeCaller } from "../http/caller.js";
import type { Form } from "../http/forms.js";
import { isUnavailable, noteOutage } from "../http/unavailable.js";
import type { Opened } from "../services.js";
import { limitCalls } from "./call-limit.js";
import { failure } from "./envelope.js";
import type { Fault } from "./errors.js";
import { act, read, type V1 } from "./handler.js";
import { parseBody } from "./json.js";
import { table } from "./paths.js";
import { prepareAll } from "./requests.js";
import { isRead } from "./routes.js";

/** body-4 */
const BODY_LIMIT_KIB = 64;
export const bodies = { limitKib: BODY_LIMIT_KIB, parse: parseBody, isRequired: false };

/** By then whoever waits for the first answer has it. */
const PREPARED_AFTER_MS = 500;

/** The last part of `/api/v1/<path>`; undefined for anything deeper or shallower. */
const pathOf = ({ url }: FastifyRequest): string | undefined => /^\/api\/v1\/([^/?]+)\/?(?:\?|$)/.exec(url)?.[1];

/** What checks requests: a first call would wait for it, and everybody else with it. Where that fails, a call says so. */
function prepareSoon(app: FastifyInstance, more: V1Door["prepare"]): void {
  const prepare = () =>
    prepareAll()
      .then(() => more(() => isClosing))
      .catch((err: unknown) => app.log.warn({ err }, "what v1's first calls need could not be made yet"));
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  app.addHook("onListen", (done) => {
    timer = setTimeout(prepare, PREPARED_AFTER_MS).unref();
    done();
  });
  app.addHook("preClose", (done) => {
    isClosing = true;
    clearTimeout(timer);
    done();
  });
}

export interface V1Door {
  opened: Opened;
  v1: V1;
  /** What is done besides, soon after the start, for as long as the server does not close. */
  prepare: (isClosing: () => boolean) => Promise<unknown>;
}

/** The partners' door: /api/v1/…, with and without a slash at the end (path-1). */
export async function v1Door(app: FastifyInstance, { opened, v1, prepare }: V1Door): Promise<void> {
  const { messages, services } = opened;
  const say = ({ language }: FastifyRequest, { key, facts }: Fault) => messages.text(language, key, facts);
  const refuse = (request: FastifyRequest, reply: FastifyReply, status: number, fault: Fault) =>
    reply.code(status).send(failure(status, [say(request, fault)]));

  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
    reply.header("x-content-type-options", "nosniff");
    done();
  });

  // The kinds of faults in their order (order-1): this one before the license, the license before the body.
  app.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) return done();
    const known = table.get(pathOf(request) ?? "");
    if (!known) return void refuse(request, reply, 404, { key: "error.notFound" });
    const allowed = [...known.methods, ...(isRead(known) ? ["HEAD"] : [])].join(", ");
    reply.header("allow", allowed);
    return void refuse(request, reply, 405, {
      key: "error.methodNotAllowed",
      facts: { method: request.method, allowed },
    });
  });
  recognizeCaller(app, services, { tokens: false });
  app.addHook("onRequest", (request, reply, done) => {
    if (!("denied" in request.caller)) return done();
    return void refuse(request, reply, 401, { key: `denied.${request.caller.denied}` });
  });
  limitCalls(app, v1, refuse);

  prepareSoon(app, prepare);
  const withinMs = opened.config.timings.request;
  readBodies(app, { ...bodies, withinMs });

  app.setErrorHandler((error: Error & { code?: string; statusCode?: number }, request, reply) => {
    if (isUnavailable(error)) {
      noteOutage(request, error);
      reply.header("retry-after", "1");
      return refuse(request, reply, 503, { key: "error.unavailable" });
    }
    if (error instanceof BodyFault) return refuse(request, reply, error.statusCode, error);
    // A content type that is not even one never comes to our parser.
    if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return refuse(request, reply, 415, { key: "error.mediaType" });
    request.log.error({ err: error }, "a v1 request failed");
    return refuse(request, reply, 500, { key: "error.internal", facts: { requestId: request.id } });
  });
  // Never runs, but without it the hook above would not see unknown addresses below our prefix.
  app.setNotFoundHandler((request, reply) => refuse(request, reply, 404, { key: "error.notFound" }));

  for (const [path, at] of table) {
    for (const url of [`/${path}`, `/${path}/`]) {
      const [only] = at.routes;
      const handler = only && isRead(at) ? read(only, v1) : act(at.routes, v1);
      app.route({ method: at.methods, url, exposeHeadRoute: isRead(at), handler });
    }
  }
}

/** How the door refuses what reaches none of its routes. */
export const v1Form: Form = {
  prefix: "/api/v1",
  body: ({ status, sentence }) => failure(status, [sentence]),
};
