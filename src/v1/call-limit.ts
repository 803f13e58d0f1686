import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Fault } from "./errors.js";

const WINDOW_SECONDS = 60;

type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number, fault: Fault) => FastifyReply;

/**
 * So many calls a minute of one license: one partner's loop must not slow the others. Kept in memory, because a restart
 * may forgive. Every answer says what is left, in the headers of the IETF's draft 03; beyond it 429 (error-2).
 */
export function limitCalls(app: FastifyInstance, perMinute: number, refuse: Refuse): void {
  const calls = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });

  async function count(licenseId: string): Promise<{ state: RateLimiterRes; isOver: boolean }> {
    try {
      return { state: await calls.consume(licenseId), isOver: false };
    } catch (over) {
      if (!(over instanceof RateLimiterRes)) throw over;
      return { state: over, isOver: true };
    }
  }

  app.addHook("onRequest", async (request, reply) => {
    if ("denied" in request.caller) return undefined;
    const { state, isOver } = await count(request.caller.license.id);
    const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
    reply.headers({
      "ratelimit-limit": String(perMinute),
      "ratelimit-remaining": String(Math.max(0, state.remainingPoints)),
      "ratelimit-reset": String(seconds),
    });
    if (!isOver) return undefined;
    reply.header("retry-after", String(seconds));
    return refuse(request, reply, 429, { key: "error.tooManyCalls", facts: { limit: perMinute, seconds } });
  });
}
