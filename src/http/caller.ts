import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate, type Recognized } from "../domain/license.js";
import type { Services } from "../domain/services.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Answers "who is it" for a door to use; it refuses nobody by itself. */
    caller: Recognized;
  }
}

const header = ({ headers }: FastifyRequest): string | undefined => {
  const value = headers["license"];
  return typeof value === "string" ? value : undefined;
};

/** Reads the `license` header of every request below `app`. */
export function recognizeCaller(app: FastifyInstance, services: Services): void {
  app.decorateRequest("caller", null as never);
  app.addHook("onRequest", async (request) => {
    request.caller = await authenticate(services, header(request));
  });
}
