import { ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { Services } from "../../domain/services.js";
import type { Context } from "../context.js";
import { limits } from "../run/limits.js";
import { run, type Runner } from "../run/runner.js";
import { addressOf } from "./document-ids.js";
import { type Admitted, storeOf, through } from "./through-runner.js";

const nothing = () => {};

export interface ApolloSetting {
  schema: GraphQLSchema;
  runner: Runner;
  log: Services["log"];
}

/** Apollo Server with the runner inside; it takes a tenth of a second to load. */
export async function openServer({ schema, runner, log }: ApolloSetting): Promise<ApolloServer<Context>> {
  const admitted: Admitted = new WeakMap();
  const apollo = new ApolloServer<Context>({
    gateway: {
      onSchemaLoadOrUpdate(tell) {
        tell({ apiSchema: schema, coreSupergraphSdl: "" });
        return nothing;
      },
      load: async () => ({
        executor: async ({ context }) => {
          const prepared = admitted.get(context as Context);
          if (!prepared) throw new Error("an operation that was not admitted");
          return run(prepared);
        },
      }),
      stop: async () => {},
    },
    documentStore: storeOf(runner),
    plugins: [
      through(runner, admitted),
      ApolloServerPluginLandingPageDisabled(),
      // It would wrap every resolver, to find out what each answer's `Cache-Control` is: none may be kept.
      ApolloServerPluginCacheControlDisabled(),
    ],
    // Should it ever read a text itself.
    parseOptions: { maxTokens: limits.tokens },
    introspection: true,
    // Headers that a page of another origin can't send unasked; the last two let plain GETs of clients like urql pass.
    csrfPrevention: {
      requestHeaders: ["x-apollo-operation-name", "apollo-require-preflight", "license", "authorization"],
    },
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: {
      debug: nothing,
      info: nothing,
      warn: (message?: unknown) => log.warn({}, String(message)),
      error: (message?: unknown) => log.error({}, String(message)),
    },
  });
  await apollo.start();
  return apollo;
}

export const asApollo = (request: FastifyRequest): HTTPGraphQLRequest => {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return { method: request.method, headers, search: addressOf(request).search, body: request.body };
};
