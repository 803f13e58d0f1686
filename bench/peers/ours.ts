import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import { v7 as newId } from "uuid";
import { readConfig } from "#gateway/config.js";
import { Context } from "#gateway/graphql/context.js";
import { buildGraph } from "#gateway/graphql/schema.js";
import { recognizeCaller } from "#gateway/http/caller.js";
import { negotiateLanguage } from "#gateway/http/language.js";
import { openLog, RequestLines } from "#gateway/http/observe.js";
import { openServices } from "#gateway/services.js";

/** For servers of other makers on our schema and our storage: what they have of ours, which is all but the door. */
export interface Ours {
  app: FastifyInstance;
  schema: GraphQLSchema;
  contextOf(request: FastifyRequest): Context;
  /** @throws Error when it can't */
  listen(): Promise<void>;
}

/**
 * The same license check, languages and request log; no limits, and nothing that is live.
 * @param pageLimit rows a page may have, where they are more than the graph's door gives
 */
export async function openOurs(pageLimit?: number): Promise<Ours> {
  const config = readConfig(process.env);
  const log = await openLog(config);
  const { services, messages } = await openServices(config, { exclusive: true, log });
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    logController: new RequestLines(config, log),
    genReqId: () => newId(),
  });
  negotiateLanguage(app, messages);
  recognizeCaller(app, services, { tokens: false });
  app.get("/health/live", () => ({ status: "live" }));
  return {
    app,
    schema: buildGraph(),
    contextOf: ({ id, language, caller }) =>
      new Context({
        services,
        messages,
        requestId: id,
        language,
        recognized: caller,
        door: "GRAPHQL",
        ...(pageLimit !== undefined && { pageLimit }),
      }),
    listen: async () => void (await app.listen({ port: config.port, host: config.host })),
  };
}
