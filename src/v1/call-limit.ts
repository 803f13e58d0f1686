import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../clock.js";
import { PointsPerMinute } from "../minute.js";
import type { Fault } from "./errors.js";

type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number, fault: Fault) => FastifyReply;

/**
 * So many calls a minute of one license: one partner's loop must not slow the others. Every answer says what is left, in
 * the headers of the IETF's draft 03; beyond it 429 (error-2).
 */
export function limitCalls(app: FastifyInstance, perMinute: number, clock: Clock, refuse: Refuse): void {
  const calls = new PointsPerMinute(perMinute, clock);

  app.addHook("onRequest", async (request, reply) => {
    if ("denied" in request.caller) return undefined;
    const { remaining, resetInMs, isSpent } = calls.spend(request.caller.license.id);
    const seconds = Math.max(1, Math.ceil(resetInMs / 1000));
    reply.headers({
      "ratelimit-limit": String(perMinute),
      "ratelimit-remaining": String(remaining),
      "ratelimit-reset": String(seconds),
    });
    if (!isSpent) return undefined;
    reply.header("retry-after", String(seconds));
    return refuse(request, reply, 429, { key: "error.tooManyCalls", facts: { limit: perMinute, seconds } });
  });
}
