import type { FastifyInstance } from "fastify";
import { callEngine } from "../domain/engine-call.js";
import type { Services } from "../domain/services.js";

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can do its work, that is, a write goes through, the
 * engine answers, and it is not shutting down; else 503, naming what is not as it should be.
 */
export function healthRoutes(app: FastifyInstance, services: Services, isDraining: () => boolean): void {
  const { storage, engine, instanceId, clock } = services;
  const checks: Record<string, () => Promise<void>> = {
    // Migrations are applied before anything listens, so a write that goes through proves both.
    database: () => storage.transaction((tx) => tx.instances.beat(instanceId, clock.now())),
    engine: () => callEngine(services, () => engine.check()),
    draining: async () => {
      if (isDraining()) throw new Error("draining");
    },
  };
  const noStore = { "cache-control": "no-store" };

  app.get("/health/live", async (_request, reply) => reply.headers(noStore).send({ status: "ok" }));
  app.get("/health/ready", async (request, reply) => {
    const failed: string[] = [];
    for (const [name, check] of Object.entries(checks)) {
      await check().catch((err: unknown) => {
        request.log.warn({ err }, `not ready: ${name}`);
        failed.push(name);
      });
    }
    const status = failed.length > 0 ? "unavailable" : "ok";
    return reply
      .code(failed.length > 0 ? 503 : 200)
      .headers(noStore)
      .send({ status, failed });
  });
}
