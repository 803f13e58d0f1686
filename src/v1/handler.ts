import type { FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../domain/checks.js";
import type { Answer, Answers } from "./answers.js";
import type { Context } from "../graphql/context.js";
import { failure, success } from "./envelope.js";
import { type Fault, statusOf } from "./errors.js";
import { answerLongList, type Asked } from "./long-list.js";
import type { Operations, Outcome } from "./operations.js";
import type { RequestParts } from "./requests.js";
import { isRead, type Route } from "./routes.js";

export interface V1 {
  operations: Operations;
  answers: Answers;
  /** The request's, its language and its license in it. */
  contextOf(request: FastifyRequest, read?: Parameters<Asked["contextOf"]>[0]): Context;
}

/** Of the routes at this path, the one that claims the body; else the one that claims none. */
function routeFor(routes: readonly Route[], body: unknown): Route {
  const claiming = routes.find(({ claims }) => claims && isObject(body) && claims(body));
  const route = claiming ?? routes.find(({ claims }) => !claims) ?? routes[0];
  if (!route) throw new Error("a path without a route");
  return route;
}

/** An id may stand in the body where the route says so and the query lacks it (end-1). */
function partsOf({ idsFromBody }: Route, request: FastifyRequest): { query: unknown; body: unknown } {
  const query = request.query as Record<string, unknown>;
  const body = request.body === undefined ? {} : request.body;
  if (!idsFromBody || "meeting_id" in query || !isObject(body)) return { query, body };
  return { query: { ...query, meeting_id: body["meeting_id"] }, body };
}

/** Node joins a header that is sent twice with a comma. */
const keyOf = ({ headers }: FastifyRequest): string | undefined => {
  const key = headers["idempotency-key"];
  return typeof key === "string" ? key : undefined;
};

const send = (reply: FastifyReply, { status, bytes }: Answer) =>
  reply.code(status).type("application/json; charset=utf-8").send(bytes);

/** The same walk for all twelve: faults, variables, operation, shape, envelope. */
export const handle = (routes: readonly Route[], v1: V1) => async (request: FastifyRequest, reply: FastifyReply) => {
  const route = routeFor(routes, request.body);
  const context = v1.contextOf(request);
  const { license } = context.caller;
  const known = isRead(route) ? v1.answers.find(license, request) : undefined;
  if (known) return send(reply, known);
  const say = ({ key, facts }: Fault) => context.say(key, facts);
  const refuse = (status: number, messages: string[]) => reply.code(status).send(failure(status, messages));

  const parts = { ...partsOf(route, request), idempotencyKey: keyOf(request) };
  const faults = route.request.faults(parts);
  if (faults.length > 0) return refuse(400, faults.map(say));

  const variables = route.toVariables(parts as RequestParts);
  const answer = (outcome: Outcome) => {
    if ("refused" in outcome) {
      const { code, messages, retryAfterSeconds } = outcome.refused;
      const status = statusOf(code);
      const wait = status === 503 ? 1 : retryAfterSeconds;
      if (wait !== undefined) reply.header("retry-after", String(wait));
      if (status !== undefined) return refuse(status, messages);
      return refuse(500, [say({ key: "error.internal", facts: { requestId: context.requestId } })]);
    }
    const absent = route.absent?.(outcome.root);
    if (absent !== undefined) return refuse(404, [say({ key: absent })]);
    const data = route.toData(outcome.root);
    const envelope = success(route.successStatus, data, say({ key: route.messageKey }));
    if (!isRead(route)) return reply.code(route.successStatus).send(envelope);
    const made = { status: route.successStatus, bytes: Buffer.from(JSON.stringify(envelope)) };
    v1.answers.keep(license, request, made);
    return send(reply, made);
  };
  const outcome = await v1.operations.run(route.operation, variables, context);
  if ("refused" in outcome || outcome.next === null) return answer(outcome);
  const asked: Asked = { route, variables, contextOf: (read) => v1.contextOf(request, read) };
  return answerLongList(v1.operations, context, asked, reply, answer);
};
