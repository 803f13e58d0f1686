import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { MinuteState } from "../minute.js";
import type { V1 } from "./handler.js";
import { type Head, putHead } from "./answers.js";
import type { Fault } from "./errors.js";

type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number, fault: Fault) => FastifyReply;

const secondsOf = ({ resetInMs }: MinuteState): number => Math.max(1, Math.ceil(resetInMs / 1000));

/** What is left, in the headers of the IETF's draft 03. */
export const limitHead = (limit: number, state: MinuteState): Head => [
  "ratelimit-limit",
  String(limit),
  "ratelimit-remaining",
  String(state.remaining),
  "ratelimit-reset",
  String(secondsOf(state)),
];

/**
 * So many calls a minute of one license: one partner's loop must not slow the others. Every answer says what is left;
 * beyond it 429 (error-2).
 */
export function limitCalls(app: FastifyInstance, { calls, begun }: V1, refuse: Refuse): void {
  app.addHook("onRequest", (request, reply, done) => {
    if ("denied" in request.caller) return done();
    const state = begun.get(request.raw)?.state ?? calls.spend(request.caller.license.id);
    const { limit } = calls;
    putHead(reply, limitHead(limit, state));
    if (!state.isSpent) return done();
    const seconds = secondsOf(state);
    reply.header("retry-after", String(seconds));
    refuse(request, reply, 429, { key: "error.tooManyCalls", facts: { limit, seconds } });
  });
}
