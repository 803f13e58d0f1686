import type { FastifyInstance } from "fastify";

/** The server is shutting down: nothing new is begun. Each door answers it in its own form. */
export class Draining extends Error {
  override readonly name = "Draining";
  readonly statusCode = 503;
}

export interface DrainGate {
  begin(): void;
  isDraining(): boolean;
}

/** Requests in flight go on; new ones are refused, but health is still told. */
export function drainGate(app: FastifyInstance): DrainGate {
  let draining = false;
  app.addHook("onRequest", async (request, reply) => {
    if (!draining || request.url.startsWith("/health/")) return;
    reply.header("connection", "close");
    throw new Draining("shutting down");
  });
  return {
    begin: () => {
      draining = true;
    },
    isDraining: () => draining,
  };
}
