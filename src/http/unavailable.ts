import type { FastifyInstance, FastifyRequest } from "fastify";
import { isStorageUnavailable } from "../storage/index.js";
import { TooManyGuests } from "./guests.js";

/** The server is shutting down: nothing new is begun. Each door answers it in its own form. */
export class Draining extends Error {
  override readonly name = "Draining";
  readonly statusCode = 503;
}

/** Nobody's fault, nothing was changed, and it may be tried again: every door answers 503 with Retry-After. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof Draining || error instanceof TooManyGuests || isStorageUnavailable(error);

/** Says in the log why, which the answer does not. */
export function noteOutage({ log }: FastifyRequest, error: unknown): void {
  if (isStorageUnavailable(error)) log.warn({ err: error }, "the database can't take this now");
}

export interface DrainGate {
  begin(): void;
}

/** Requests in flight go on; new ones are refused, but health is still told. */
export function drainGate(app: FastifyInstance): DrainGate {
  let draining = false;
  app.addHook("onRequest", (request, _reply, done) => {
    if (!draining || request.url.startsWith("/health/")) return done();
    return done(new Draining("shutting down"));
  });
  return {
    begin: () => {
      draining = true;
    },
  };
}
