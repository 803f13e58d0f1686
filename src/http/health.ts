import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { callEngine } from "../domain/session/engine-call.js";
import type { Services } from "../domain/services.js";

/** Milliseconds for which what was found is said again. */
const GOOD_FOR_MS = 500;

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can do its work, that is, its database is whole and
 * in its place, a read and a megabyte beside it go through, as a write or a heartbeat just before does, an engine that
 * sessions start at answers, and it is not shutting down; else 503, naming what is not as it should be. Of each engine
 * elsewhere it says what its last check found.
 */
export function healthRoutes(app: FastifyInstance, services: Services, isDraining: () => boolean): void {
  const { storage, pool, instanceId, neighbours } = services;
  const checks: Record<string, () => Promise<void>> = {
    // Migrations are applied before anything listens, so a read and a write that go through prove all three.
    database: async () => {
      await storage.check();
      await storage.read.instances.findMany([instanceId]);
      await neighbours.proveWrites();
    },
    engine: async () => {
      const isThere = pool.isThere();
      if (isThere === false) throw new Error("no engine of the pool answers");
      if (isThere === undefined) await callEngine(services, async () => pool.builtin().check());
    },
    draining: async () => {
      if (isDraining()) throw new Error("draining");
    },
  };
  /** Nothing where there is none but the built-in one. */
  const engineStates = () => {
    const engines = pool.states();
    return engines.length > 0 ? { engines } : {};
  };
  const noStore = { "cache-control": "no-store" };

  app.get("/health/live", async (_request, reply) => reply.headers(noStore).send({ status: "ok" }));
  const look = async (log: FastifyBaseLogger): Promise<string[]> => {
    const failed: string[] = [];
    for (const [name, check] of Object.entries(checks)) {
      await check().catch((err: unknown) => {
        log.warn({ err }, `not ready: ${name}`);
        failed.push(name);
      });
    }
    return failed;
  };
  // Asked by anyone, and each look writes to the disk: those who ask at once share one.
  let looking: Promise<string[]> | undefined;
  const shared = (log: FastifyBaseLogger): Promise<string[]> => {
    looking ??= look(log).finally(() => {
      setTimeout(() => (looking = undefined), GOOD_FOR_MS).unref();
    });
    return looking;
  };

  app.get("/health/ready", async (request, reply) => {
    const failed = isDraining() ? await look(request.log) : await shared(request.log);
    const status = failed.length > 0 ? "unavailable" : "ok";
    return reply
      .code(failed.length > 0 ? 503 : 200)
      .headers(noStore)
      .send({ status, failed, ...engineStates() });
  });
}
