import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLFormattedError, GraphQLSchema } from "graphql";
import { recognizeCaller } from "../http/caller.js";
import type { Opened } from "../services.js";
import { type ConsolePreset, consoleRoutes, sandboxPage } from "./console.js";
import { type Context, deniedError } from "./context.js";
import { isIntrospection, limits, operationLimits } from "./limits.js";
import { variableFaults } from "./variables.js";

export interface GraphDoor {
  opened: Opened;
  schema: GraphQLSchema;
  contextOf(request: FastifyRequest): Context;
  /** Where it is given, a browser that opens /graphql gets Sandbox. */
  console: ConsolePreset | undefined;
}

/** Who may ask what, before anything runs: a license for all but introspection, and variables that fit. */
const gate = (schema: GraphQLSchema): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, document, operation }) {
        const { denied, say } = contextValue;
        if (denied && !(operation && isIntrospection(document, operation))) {
          throw deniedError(denied, say(`denied.${denied}`));
        }
      },
      async responseForOperation({ operation, request }) {
        // An unknown `operationName` has no operation; Apollo says so.
        if (!operation) return null;
        const errors = variableFaults(schema, operation, request.variables ?? {});
        if (errors.length === 0) return null;
        const formatted = errors.map(({ message }) => ({ message, extensions: { code: "BAD_USER_INPUT" } }));
        const http = { status: 400, headers: new Map() as never };
        return { http, body: { kind: "single", singleResult: { errors: formatted } } };
      },
      async willSendResponse({ contextValue, response: { body, http } }) {
        http.headers.set("cache-control", "no-store");
        if (http.status === 503) http.headers.set("retry-after", "1");
        const errors = body.kind === "single" ? body.singleResult.errors : undefined;
        for (const error of errors ?? []) {
          Object.assign(error, { extensions: { ...error.extensions, requestId: contextValue.requestId } });
        }
      },
    };
  },
});

/** The last net: what no rule of ours has turned into an answer is logged, and nothing of it leaves the server. */
const mask =
  ({ services }: Opened) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    if (formatted.extensions?.["code"] !== "INTERNAL_SERVER_ERROR" || unwrapResolverError(error) === error)
      return formatted;
    services.log.error({ err: unwrapResolverError(error) }, "a GraphQL field failed");
    const { locations, path } = formatted;
    return {
      message: "Something went wrong on our side.",
      extensions: { code: "INTERNAL_SERVER_ERROR" },
      ...(locations && { locations }),
      ...(path && { path }),
    };
  };

/** In production the schema is nobody's business without a license: refused before anything is parsed. */
function requireLicense({ language, license }: FastifyRequest, reply: FastifyReply, { messages }: Opened) {
  if (!("denied" in license)) return undefined;
  const message = messages.text(language, `denied.${license.denied}`);
  return reply.code(401).send({ errors: [{ message, extensions: { code: license.denied } }] });
}

const wantsPage = ({ method, headers }: FastifyRequest): boolean =>
  method === "GET" && (headers.accept ?? "").includes("text/html");

/** The frontends' door: /graphql. */
export async function graphDoor(app: FastifyInstance, door: GraphDoor): Promise<void> {
  const { opened, schema, contextOf, console } = door;
  const landingPage: ApolloServerPlugin<Context> = console
    ? { serverWillStart: async () => ({ renderLandingPage: () => sandboxPage(console) }) }
    : ApolloServerPluginLandingPageDisabled();
  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [gate(schema), landingPage],
    validationRules: [operationLimits],
    parseOptions: { maxTokens: limits.tokens },
    formatError: mask(opened),
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: quietLogger(opened),
  });
  await apollo.start();
  app.addHook("onClose", () => apollo.stop());

  recognizeCaller(app, opened.services);
  if (opened.config.isProduction) {
    app.addHook("onRequest", async (request, reply) => {
      if (console && (wantsPage(request) || request.url.startsWith("/console/"))) return undefined;
      return requireLicense(request, reply, opened);
    });
  }
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, "a GraphQL request failed");
    const code = status >= 500 ? "INTERNAL_SERVER_ERROR" : "BAD_REQUEST";
    const message =
      status >= 500 ? "Something went wrong on our side." : "The request's body must be JSON with a `query`.";
    return reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id } }] });
  });

  const handler = fastifyApolloHandler(apollo, { context: async (request) => contextOf(request) });
  app.route({ method: ["GET", "POST"], url: "/graphql", handler });
  if (console) await consoleRoutes(app, console);
}

const nothing = () => {};

function quietLogger({ services }: Opened) {
  const { log } = services;
  return {
    debug: nothing,
    info: nothing,
    warn: (message?: unknown) => log.warn({}, String(message)),
    error: (message?: unknown) => log.error({}, String(message)),
  };
}
