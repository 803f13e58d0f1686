import type { FastifyInstance } from "fastify";
import { GraphQLError } from "graphql";
import { BodyFault, readBodies } from "../../http/body.js";
import { TwoCredentials } from "../../http/caller.js";
import type { Form } from "../../http/forms.js";
import { isUnavailable } from "../../http/unavailable.js";
import type { Opened } from "../../services.js";
import { fault, INTERNAL, unavailableFault } from "../run/codes.js";
import type { Telling } from "../run/finish.js";
import { refuse, tellingOf } from "./refuse.js";

/** Four times v1's: the longest texts and a document of as many tokens as may be fit several times over. */
const BODY_LIMIT_KIB = 256;
export const bodies = { limitKib: BODY_LIMIT_KIB, parse: JSON.parse, isRequired: true };

export function errorOf(thrown: Error & { statusCode?: number }, { say }: Telling): GraphQLError {
  const { statusCode: status = 500 } = thrown;
  // The server's own way of saying "not now"; what the database says of itself is told apart where errors are finished.
  if (isUnavailable(thrown) && status === 503) return unavailableFault(say("error.unavailable"));
  // What is none of the caller's faults.
  if (status >= 500) return new GraphQLError(thrown.message, { originalError: thrown });
  const badRequest = (message: string) => fault("BAD_REQUEST", message, { http: { status } });
  if (thrown instanceof TwoCredentials) return badRequest(say("error.twoCredentials"));
  if (thrown instanceof BodyFault) return badRequest(say(thrown.key, thrown.facts));
  return badRequest(say(status === 415 ? "error.mediaType" : "fault.body.json"));
}

/** How the door refuses what reaches none of its routes. */
export const graphForm: Form = {
  prefix: "/graphql",
  body: ({ status, sentence, requestId }) => {
    const code = status === 503 ? "SERVICE_UNAVAILABLE" : status >= 500 ? INTERNAL : "BAD_REQUEST";
    return { errors: [{ message: sentence, extensions: { code, requestId } }] };
  },
};

/** Requests that never became an operation: a body that can't be read, a database or a server that is not there. */
export function answerNoOperation(app: FastifyInstance, opened: Opened): void {
  const withinMs = opened.config.timings.request;
  readBodies(app, { ...bodies, withinMs });
  app.setErrorHandler((thrown: Error, request, reply) => {
    const telling = tellingOf(request, opened);
    return refuse(reply, errorOf(thrown, telling), telling);
  });
}
