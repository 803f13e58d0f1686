import cors from "@fastify/cors";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { GraphQLSchema } from "graphql";
import { recognizeCaller } from "../http/caller.js";
import type { Opened } from "../services.js";
import { openApollo } from "./apollo.js";
import { answerBroken } from "./broken.js";
import { type ConsolePreset, consoleRoutes, sendSandbox } from "./console/console.js";
import { challenge } from "./context.js";
import { admission } from "./guard/admission.js";
import { errorBody } from "./guard/codes.js";
import { openBudget } from "./guard/budget.js";
import { LiveConnections } from "./live/connections.js";
import type { Live } from "./live/live.js";
import { METHODS, refuseOtherMethods } from "./methods.js";
import { socketHandler } from "./live/socket.js";
import { streamHandler } from "./live/stream.js";

export interface GraphDoor {
  opened: Opened;
  schema: GraphQLSchema;
  contextFor: Live["contextFor"];
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
    .send(errorBody(caller.denied, message, id));
}

/** A browser that opens the address. With a query in it, it may ask the graph, whatever the headers say. */
const wantsPage = ({ method, routeOptions, query, headers }: FastifyRequest): boolean =>
  method === "GET" &&
  (routeOptions.url === "/graphql" || routeOptions.url === "/graphql/") &&
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

/** Whether a page of another origin than ours makes the request; what is no browser sends no Origin. */
const foreigners =
  ({ publicUrl }: Opened) =>
  ({ headers: { origin, host } }: FastifyRequest): boolean => {
    if (origin === undefined || origin === new URL(publicUrl()).origin) return false;
    return !URL.canParse(origin) || new URL(origin).host !== host;
  };

function watchConnections(app: FastifyInstance, { services, config }: Opened): LiveConnections {
  const connections = new LiveConnections(services, config.timings.liveCheck);
  app.addHook("preClose", async () => connections.closeAll());
  return connections;
}

/** At /graphql and below it only: the plugin takes OPTIONS at every address, v1's too, which answers it with a 405. */
async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  app.addHook("onRoute", (route) => {
    if (route.method === "OPTIONS" && route.url === "*") route.url = "/graphql*";
    if (!route.url.startsWith("/graphql")) route.config = { ...route.config, cors: false };
  });
  await app.register(cors, crossOrigin(origins));
}

/** The frontends' door: /graphql, and /graphql/stream. */
export async function graphDoor(app: FastifyInstance, door: GraphDoor): Promise<void> {
  const { opened, schema, contextFor, console } = door;
  const { config, services } = opened;
  const budget = openBudget(config.pointsPerMinute);
  const admit = admission({ schema, isProduction: config.isProduction, budget });
  const apollo = await openApollo({ schema, admit, log: services.log });
  app.addHook("onClose", () => apollo.stop());

  if (config.corsOrigins.length > 0) await allowOrigins(app, config.corsOrigins);
  recognizeCaller(app, services, { tokens: true });
  if (config.isProduction) {
    app.addHook("onRequest", async (request, reply) => {
      // A socket says in its first message who it is.
      if (request.ws) return undefined;
      if (console && (wantsPage(request) || request.url.startsWith("/console/"))) return undefined;
      return requireLicense(request, reply, opened);
    });
  }
  answerBroken(app, opened);

  const contextOf = ({ id, language, caller }: FastifyRequest) =>
    contextFor({ requestId: id, language, recognized: caller });
  const handler = fastifyApolloHandler(apollo, { context: async (request) => contextOf(request) });
  // On every answer, also on those that are made before an operation begins; the page may carry a key.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("cache-control", "no-store");
    if (!console || !wantsPage(request)) return undefined;
    // The page may carry a key: what it says is for who opens it, and for no other page's program.
    for (const name of ["access-control-allow-origin", "access-control-expose-headers"]) reply.removeHeader(name);
    return sendSandbox(request, reply, console);
  };
  const isForeign = foreigners(opened);
  const live = { opened, schema, admit, contextOf, contextFor, isForeign, connections: watchConnections(app, opened) };
  const preValidation = async (request: FastifyRequest, reply: FastifyReply) => {
    const { origin = "" } = request.headers;
    if (request.ws && isForeign(request) && !config.corsOrigins.includes(origin)) return reply.code(403).send();
    return undefined;
  };
  const wsHandler = socketHandler(live);
  for (const url of ["/graphql", "/graphql/"]) {
    app.route({ method: "GET", url, exposeHeadRoute: false, onRequest, preValidation, handler, wsHandler });
    app.route({ method: "POST", url, onRequest, handler });
    refuseOtherMethods(app, url, opened.messages);
  }
  app.route({
    method: METHODS,
    url: "/graphql/stream",
    exposeHeadRoute: false,
    onRequest,
    handler: streamHandler(live),
  });
  refuseOtherMethods(app, "/graphql/stream", opened.messages);
  if (console) await consoleRoutes(app, console);
}
