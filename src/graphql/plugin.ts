import cors from "@fastify/cors";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import { recognizeCaller } from "../http/caller.js";
import type { Opened } from "../services.js";
import { openApollo } from "./apollo.js";
import { answerBroken } from "./broken.js";
import { type ConsolePreset, consoleRoutes, sendSandbox } from "./console/console.js";
import { challenge, type Context } from "./context.js";
import { admission } from "./guard/admission.js";
import { openBudget } from "./guard/budget.js";

export interface GraphDoor {
  opened: Opened;
  schema: GraphQLSchema;
  contextOf(request: FastifyRequest): Context;
  /** Where it is given, a browser that opens /graphql gets Sandbox. */
  console: ConsolePreset | undefined;
}

/** In production the schema is nobody's business without a license: refused before anything is parsed. */
function requireLicense({ id, language, caller }: FastifyRequest, reply: FastifyReply, { messages }: Opened) {
  if (!("denied" in caller)) return undefined;
  const message = messages.text(language, `denied.${caller.denied}`);
  return reply
    .code(401)
    .header("www-authenticate", challenge(caller.denied))
    .send({ errors: [{ message, extensions: { code: caller.denied, requestId: id } }] });
}

/** A browser that opens the address. With a query in it, it may ask the graph, whatever the headers say. */
const wantsPage = ({ method, routeOptions, query, headers }: FastifyRequest): boolean =>
  method === "GET" &&
  routeOptions.url === "/graphql" &&
  !Object.hasOwn(query as object, "query") &&
  (headers.accept ?? "").includes("text/html");

/**
 * Pages of the listed origins may call with an access token; the license's key is not among the headers they may send,
 * because whoever opens such a page could read it.
 */
const crossOrigin = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ["GET", "POST"],
  allowedHeaders: [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "x-apollo-operation-name",
  ],
  exposedHeaders: ["content-language", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"],
  maxAge: 7200,
  strictPreflight: false,
});

/** The frontends' door: /graphql. */
export async function graphDoor(app: FastifyInstance, door: GraphDoor): Promise<void> {
  const { opened, schema, contextOf, console } = door;
  const { config, services } = opened;
  const budget = openBudget(config.pointsPerMinute);
  const admit = admission({ schema, isProduction: config.isProduction, budget });
  const apollo = await openApollo({ schema, admit, log: services.log });
  app.addHook("onClose", () => apollo.stop());

  if (config.corsOrigins.length > 0) await app.register(cors, crossOrigin(config.corsOrigins));
  recognizeCaller(app, services, { tokens: true });
  if (config.isProduction) {
    app.addHook("onRequest", async (request, reply) => {
      if (console && (wantsPage(request) || request.url.startsWith("/console/"))) return undefined;
      return requireLicense(request, reply, opened);
    });
  }
  answerBroken(app, opened);

  const handler = fastifyApolloHandler(apollo, { context: async (request) => contextOf(request) });
  // On every answer, also on those that are made before an operation begins; the page may carry a key.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("cache-control", "no-store");
    return console && wantsPage(request) ? sendSandbox(request, reply, console) : undefined;
  };
  app.route({ method: ["GET", "POST"], url: "/graphql", onRequest, handler });
  if (console) await consoleRoutes(app, console);
}
