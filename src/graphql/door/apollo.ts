import { ApolloServer, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from "graphql";
import type { Services } from "../../domain/services.js";
import type { Context } from "../context.js";
import { finish } from "../run/finish.js";
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

async function openServer({ schema, runner, log }: ApolloSetting): Promise<ApolloServer<Context>> {
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

const asApollo = (request: FastifyRequest): HTTPGraphQLRequest => {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  return { method: request.method, headers, search: addressOf(request).search, body: request.body };
};

/** Some requests Apollo Server refuses before they are an operation, or after (batches, CSRF, `Accept`). */
function finishText(text: string, context: Context): string {
  const { errors } = JSON.parse(text) as { errors: GraphQLFormattedError[] };
  if (errors.every(({ extensions }) => extensions?.["requestId"] !== undefined)) return text;
  const given = errors.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
  return JSON.stringify({ errors: finish(given, context).errors });
}

export interface ApolloDoor {
  handle(request: FastifyRequest, reply: FastifyReply, context: Context): Promise<FastifyReply>;
  stop(): Promise<void>;
}

/** GraphQL over HTTP: Apollo Server's rules of the protocol, around what the runner does. */
export async function openApollo(setting: ApolloSetting): Promise<ApolloDoor> {
  const apollo = await openServer(setting);
  return {
    async handle(request, reply, context) {
      const httpGraphQLRequest = asApollo(request);
      const answer = await apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: async () => context });
      const { status = 200, headers, body } = answer;
      if (body.kind !== "complete") throw new Error("an answer in parts, which nothing here gives");
      const text = status < 400 ? body.string : finishText(body.string, context);
      return reply.code(status).headers(Object.fromEntries(headers)).send(text);
    },
    stop: () => apollo.stop(),
  };
}
