import type { FastifyInstance } from "fastify";
import { BodyFault, readBodies } from "../../http/body.js";
import { TwoCredentials } from "../../http/caller.js";
import { asJson, type Form } from "../../http/forms.js";
import { isUnavailable } from "../../http/unavailable.js";
import type { MessageKey } from "../../messages/index.js";
import type { Opened } from "../../services.js";
import { type ErrorCode, errorBody, INTERNAL } from "../run/codes.js";

/** Four times v1's: the longest texts and a document of as many tokens as may be fit several times over. */
const BODY_LIMIT_KIB = 256;

function faultOf(status: number, thrown: Error): [code: ErrorCode, key: MessageKey] {
  if (thrown instanceof TwoCredentials) return ["BAD_REQUEST", "error.twoCredentials"];
  if (status === 503) return ["SERVICE_UNAVAILABLE", "error.unavailable"];
  if (status >= 500) return [INTERNAL, "error.internal"];
  if (thrown instanceof BodyFault) return ["BAD_REQUEST", thrown.key];
  return ["BAD_REQUEST", status === 415 ? "error.mediaType" : "fault.body.json"];
}

/** How the door refuses what reaches none of its routes. */
export const graphForm: Form = {
  prefix: "/graphql",
  body: ({ status, sentence, requestId }) => {
    const code = status === 503 ? "SERVICE_UNAVAILABLE" : status >= 500 ? INTERNAL : "BAD_REQUEST";
    return errorBody(code, sentence, requestId);
  },
};

/** Requests that never became an operation: a body that can't be read, a database or a server that is not there. */
export function answerNoOperation(app: FastifyInstance, { messages, config }: Opened): void {
  const withinMs = config.timings.request;
  readBodies(app, { limitKib: BODY_LIMIT_KIB, withinMs, parse: JSON.parse, isRequired: true });
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) => {
    const status = isUnavailable(thrown) ? 503 : (thrown.statusCode ?? 500);
    if (status === 503) reply.header("retry-after", "1");
    else if (status >= 500) request.log.error({ err: thrown }, "a GraphQL request failed");
    const [code, key] = faultOf(status, thrown);
    const facts = { requestId: request.id, ...(thrown instanceof BodyFault && thrown.facts) };
    const message = messages.text(request.language, key, facts);
    return asJson(reply)
      .code(status)
      .send(errorBody(code, message, request.id));
  });
}
