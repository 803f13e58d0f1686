import { ApolloServer, type ApolloServerPlugin } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLFormattedError, GraphQLSchema } from "graphql";
import { recognizeCaller } from "../http/caller.js";
import { isUnavailable } from "../http/unavailable.js";
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
const gate = (schema: GraphQLSchema, isProduction: boolean): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, document, operation }) {
        const { denied, say } = contextValue;
        const isOpenToAll = !isProduction && operation && isIntrospection(document, operation);
        if (denied && !isOpenToAll) {
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
      async didEncounterErrors({ contextValue: { services, requestId }, errors }) {
        // What bears a code was made to be shown, or `maskFaults` has logged it.
        for (const error of errors.filter(({ extensions }) => extensions["code"] === undefined)) {
          services.log.error({ err: unwrapResolverError(error), requestId }, "an operation failed");
        }
      },
      async willSendResponse({ contextValue, response: { body, http } }) {
        if (http.status === 503) http.headers.set("retry-after", "1");
        const errors = body.kind === "single" ? body.singleResult.errors : undefined;
        const { requestId, say } = contextValue;
        for (const error of errors ?? []) {
          const isInternal = error.extensions?.["code"] === INTERNAL;
          Object.assign(error, {
            ...(isInternal && { message: say("error.internal", { requestId }) }),
            extensions: { ...error.extensions, requestId },
          });
        }
      },
    };
  },
});

const INTERNAL = "INTERNAL_SERVER_ERROR";

/** The last net: of what no rule of ours has turned into an answer, nothing leaves the server. */
function mask(formatted: GraphQLFormattedError): GraphQLFormattedError {
  if (formatted.extensions?.["code"] !== INTERNAL) return formatted;
  const { locations, path } = formatted;
  return {
    message: "Something went wrong on our side.",
    extensions: { code: INTERNAL },
    ...(locations && { locations }),
    ...(path && { path }),
  };
}

/** In production the schema is nobody's business without a license: refused before anything is parsed. */
function requireLicense({ language, caller }: FastifyRequest, reply: FastifyReply, { messages }: Opened) {
  if (!("denied" in caller)) return undefined;
  const message = messages.text(language, `denied.${caller.denied}`);
  return reply.code(401).send({ errors: [{ message, extensions: { code: caller.denied } }] });
}

/** A browser that opens the bare address. With a query in it, it may ask the graph, whatever the headers say. */
const wantsPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === "GET" && !url.includes("?") && (headers.accept ?? "").includes("text/html");

/** The frontends' door: /graphql. */
export async function graphDoor(app: FastifyInstance, door: GraphDoor): Promise<void> {
  const { opened, schema, contextOf, console } = door;
  const landingPage: ApolloServerPlugin<Context> = console
    ? { serverWillStart: async () => ({ renderLandingPage: () => sandboxPage(console) }) }
    : ApolloServerPluginLandingPageDisabled();
  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [gate(schema, opened.config.isProduction), landingPage],
    validationRules: [operationLimits],
    parseOptions: { maxTokens: limits.tokens },
    formatError: mask,
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
  answerBroken(app, opened);

  const handler = fastifyApolloHandler(apollo, { context: async (request) => contextOf(request) });
  // On every answer, also on those that are made before an operation begins; the page may carry a key.
  const onRequest = async (_: FastifyRequest, reply: FastifyReply) => void reply.header("cache-control", "no-store");
  app.route({ method: ["GET", "POST"], url: "/graphql", onRequest, handler });
  if (console) await consoleRoutes(app, console);
}

/** Requests that never became an operation: a body that can't be read, a database or a server that is not there. */
function answerBroken(app: FastifyInstance, { messages }: Opened): void {
  app.setErrorHandler((thrown: Error & { statusCode?: number }, request, reply) => {
    const status = isUnavailable(thrown) ? 503 : (thrown.statusCode ?? 500);
    if (status === 503) reply.header("retry-after", "1");
    else if (status >= 500) request.log.error({ err: thrown }, "a GraphQL request failed");
    const [code, key] = faultOf(status);
    const facts = { requestId: request.id, limit: Math.floor((request.routeOptions.bodyLimit ?? 0) / 1024) };
    const message = messages.text(request.language, key, facts);
    return reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id } }] });
  });
}

function faultOf(status: number): [code: string, key: string] {
  if (status === 503) return ["SERVICE_UNAVAILABLE", "error.unavailable"];
  if (status >= 500) return [INTERNAL, "error.internal"];
  if (status === 413) return ["BAD_REQUEST", "error.tooLarge"];
  return ["BAD_REQUEST", status === 415 ? "error.mediaType" : "fault.body.json"];
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
