import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isObject } from "../domain/checks.js";
import type { Context } from "../graphql/context.js";
import type { MinuteState, PointsPerMinute } from "../minute.js";
import { type Answer, answerOf, type Answers, isSame, type License, putHead } from "./answers.js";
import { failure, success } from "./envelope.js";
import { type Fault, statusOf } from "./errors.js";
import { answerLongList, type Asked } from "./long-list.js";
import type { Operations, Outcome } from "./operations.js";
import type { RequestParts } from "./requests.js";
import type { Route } from "./routes.js";
import type { SameReads } from "./same-reads.js";

export interface V1 {
  operations: Operations;
  answers: Answers;
  sameReads: SameReads;
  /** What each license has called in this minute. */
  calls: PointsPerMinute;
  /** What was begun of a request before the framework had it; there it goes on. */
  begun: WeakMap<IncomingMessage, BegunCall>;
  /** The request's, its language and its license in it. */
  contextOf(request: Came, read?: Parameters<Asked["contextOf"]>[0]): Context;
}

/** What is looked at of a request. */
export type Came = Pick<FastifyRequest, "id" | "language" | "caller" | "headers" | "query" | "body">;

interface BegunCall {
  /** What is left after it. */
  state: MinuteState;
  /** Where its operation was run already. */
  walked?: Promise<Walked | Said>;
}

/** Of the routes at this path, the one that claims the body; else the one that claims none. */
export function routeFor(routes: readonly Route[], body: unknown): Route {
  const claiming = routes.find(({ claims }) => claims && isObject(body) && claims(body));
  const route = claiming ?? routes.find(({ claims }) => !claims) ?? routes[0];
  if (!route) throw new Error("a path without a route");
  return route;
}

/** An id may stand in the body where the route says so and the query lacks it (end-1). */
function partsOf({ idsFromBody }: Route, request: Came): { query: unknown; body: unknown } {
  const query = request.query as Record<string, unknown>;
  const body = request.body === undefined ? {} : request.body;
  if (!idsFromBody || "meeting_id" in query || !isObject(body)) return { query, body };
  return { query: { ...query, meeting_id: body["meeting_id"] }, body };
}

/** Node joins a header that is sent twice with a comma. */
const keyOf = ({ headers }: Came): string | undefined => {
  const key = headers["idempotency-key"];
  return typeof key === "string" ? key : undefined;
};

/** What is answered. */
export interface Said {
  status: number;
  body: object;
  /** Seconds. */
  retryAfter?: number | undefined;
  /** Whether the same is said for as long as nothing of the license changes. */
  isLasting?: boolean;
}

export interface Walked {
  context: Context;
  variables: Record<string, unknown>;
  outcome: Outcome;
}

/**
 * The same in its turn, where it reads a list.
 * @param known looks whether who asked the same and came first was answered meanwhile
 */
const walkInTurn = async <Known = never>(
  route: Route,
  request: FastifyRequest,
  v1: V1,
  known?: () => Known | undefined,
) =>
  new Promise<Walked | Said | Known>((resolve) => {
    const { license } = request.caller as { license: License };
    v1.sameReads.begin(route, license, request, () => {
      const answer = known?.();
      if (answer !== undefined) {
        resolve(answer);
        return false;
      }
      const walked = walk(route, request, v1);
      resolve(walked);
      return walked;
    });
  });

const refusal = (status: number, messages: string[]): Said => ({ status, body: failure(status, messages) });

/** The same walk for all twelve: faults, variables, operation; then shape and envelope, below. */
export async function walk(route: Route, request: Came, { contextOf, operations }: V1): Promise<Walked | Said> {
  const context = contextOf(request);
  const parts = { idempotencyKey: keyOf(request), ...partsOf(route, request) };
  if (!route.request.isReady) await route.request.prepare();
  const faults = route.request.faults(parts);
  if (faults.length > 0) {
    return refusal(
      400,
      faults.map(({ key, facts }: Fault) => context.say(key, facts)),
    );
  }
  const variables = route.toVariables(parts as RequestParts);
  return { context, variables, outcome: await operations.run(route.operation, variables, context) };
}

export function saidBy(route: Route, { say, requestId }: Context, outcome: Outcome): Said {
  if ("refused" in outcome) {
    const { code, messages, retryAfterSeconds } = outcome.refused;
    const status = statusOf(code);
    const retryAfter = status === 503 ? 1 : retryAfterSeconds;
    if (status !== undefined) return { ...refusal(status, messages), retryAfter };
    return { ...refusal(500, [say("error.internal", { requestId })]), retryAfter };
  }
  const isLasting = route.passes?.(outcome.root) !== true;
  const absent = route.absent?.(outcome.root);
  if (absent !== undefined) return { ...refusal(404, [say(absent)]), isLasting };
  const status = route.successStatus;
  return { status, body: success(status, route.toData(outcome.root), say(route.messageKey)), isLasting };
}

function tell(reply: FastifyReply, { status, body, retryAfter }: Said): FastifyReply {
  if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
  return reply.code(status).send(body);
}

export const act = (routes: readonly Route[], v1: V1) => async (request: FastifyRequest, reply: FastifyReply) => {
  const route = routeFor(routes, request.body);
  const walked = await (v1.begun.get(request.raw)?.walked ?? walkInTurn(route, request, v1));
  return tell(reply, "outcome" in walked ? saidBy(route, walked.context, walked.outcome) : walked);
};

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const isKnown = isSame(answer, request.headers["if-none-match"]);
  putHead(reply, isKnown ? answer.unchanged : answer.head);
  return isKnown ? reply.code(304).send() : reply.code(answer.status).send(answer.bytes);
}

/** What changes nothing is answered with what was answered before, where that still holds. */
export const read = (route: Route, v1: V1) => async (request: FastifyRequest, reply: FastifyReply) => {
  const { license } = request.caller as { license: License };
  const find = () => v1.answers.find(license, request);
  const known = find();
  if (known) return send(request, reply, known);

  const walked = await (v1.begun.get(request.raw)?.walked ?? walkInTurn(route, request, v1, find));
  if ("bytes" in walked) return send(request, reply, walked);
  if (!("outcome" in walked)) return tell(reply, walked);
  const { context, variables, outcome } = walked;
  const answer = (whole: Outcome): FastifyReply => {
    const said = saidBy(route, context, whole);
    if (!said.isLasting) return tell(reply, said);
    const { language, routeOptions } = request;
    const made = answerOf(said.status, said.body, { language, route: routeOptions.url ?? "" });
    v1.answers.keep(license, request, made);
    return send(request, reply, made);
  };
  if ("refused" in outcome || outcome.next === null) return answer(outcome);
  const asked: Asked = { route, variables, contextOf: (from) => v1.contextOf(request, from) };
  return answerLongList(v1.operations, context, asked, reply, answer);
};
