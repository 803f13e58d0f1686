import type { FastifyInstance } from "fastify";
import { TwoCredentials } from "../../http/caller.js";
import { isUnavailable } from "../../http/unavailable.js";
import type { MessageKey } from "../../messages/index.js";
import type { Opened } from "../../services.js";
import { type ErrorCode, errorBody, isErrorCode } from "../run/codes.js";
import { INTERNAL } from "../run/faults.js";

function faultOf(status: number, thrown: Error): [code: ErrorCode, key: MessageKey] {
  if (thrown instanceof TwoCredentials) return ["BAD_REQUEST", "error.twoCredentials"];
  if (status === 503) return ["SERVICE_UNAVAILABLE", "error.unavailable"];
  if (status >= 500) return [INTERNAL, "error.internal"];
  if (status === 413) return ["BAD_REQUEST", "error.tooLarge"];
  return ["BAD_REQUEST", status === 415 ? "error.mediaType" : "fault.body.json"];
}

/** Refusals that Apollo makes before it knows of a context (batches, CSRF) get the request's id here. */
function nameRequests(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload) => {
    if (reply.statusCode < 400 || typeof payload !== "string" || !payload.startsWith('{"errors"')) return payload;
    const { errors, ...rest } = JSON.parse(payload) as { errors: { extensions?: Record<string, unknown> }[] };
    const named = errors.map((error) => {
      const code = isErrorCode(error.extensions?.["code"]) ? error.extensions["code"] : "BAD_REQUEST";
      return { ...error, extensions: { ...error.extensions, code, requestId: request.id } };
    });
    return JSON.stringify({ errors: named, ...rest });
  });
}

/** Requests that never became an operation: a body that can't be read, a database or a server that is not there. */
export function answerBroken(app: FastifyInstance, { messages }: Opened): void {
  nameRequests(app);
  // Fastify reads plain text too, which nothing here understands: a 415 of ours, where a library would give a bare one.
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) => {
    const status = isUnavailable(thrown) ? 503 : (thrown.statusCode ?? 500);
    if (status === 503) reply.header("retry-after", "1");
    else if (status >= 500) request.log.error({ err: thrown }, "a GraphQL request failed");
    const [code, key] = faultOf(status, thrown);
    const facts = { requestId: request.id, limit: Math.floor((request.routeOptions.bodyLimit ?? 0) / 1024) };
    const message = messages.text(request.language, key, facts);
    return reply.code(status).send(errorBody(code, message, request.id));
  });
}
