import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import type { GraphQLSchema } from "graphql";
import type { Past } from "../../http/ahead.js";
import { recognizeCaller } from "../../http/caller.js";
import type { Servers } from "../../http/servers.js";
import type { Opened } from "../../services.js";
import { type ApolloDoor, openApollo } from "./apollo.js";
import { beginQuestions } from "./ahead.js";
import { type Came, Direct } from "./direct.js";
import { answerNoOperation } from "./no-operation.js";
import type { ConsolePreset } from "./console/preset.js";
import { sendSandbox } from "./console/sandbox.js";
import { deniedFault } from "../run/codes.js";
import { refuse, tellingOf } from "./refuse.js";
import { openBudget } from "../run/budget.js";
import { challenge } from "./headers.js";
import { Lines } from "./lines.js";
import type { Live } from "./live.js";
import { METHODS, refuseOtherMethods } from "./methods.js";
import { allowOrigins, foreigners, refuseForeignSockets } from "./origins.js";
import { socketHandler } from "./socket.js";
import { streamHandler } from "./stream.js";
import { Holdings } from "../run/holdings.js";
import { Runner } from "../run/runner.js";
import { openTrustedDocuments } from "../run/trusted.js";
import { putTextForId } from "./document-ids.js";

export interface GraphDoor {
  opened: Opened;
  schema: GraphQLSchema;
  /** Which run of an operation is the first as code, where that is not the runner's to say. */
  compiledFrom?: number | undefined;
  /** Whether ordinary requests go past Apollo Server. */
  isDirect?: boolean | undefined;
  past: Past;
  servers: Servers;
  contextFor: Live["contextFor"];
  /** Where it is given, a browser that opens /graphql gets Sandbox. */
  console: ConsolePreset | undefined;
}

/**
 * In production the schema is nobody's business without a license: refused before anything is parsed.
 * @returns whether it may go on
 */
function requireLicense(request: FastifyRequest, reply: FastifyReply, opened: Opened): boolean {
  const { caller } = request;
  if (!("denied" in caller)) return true;
  const telling = tellingOf(request, opened);
  const error = deniedFault(caller.denied, telling.say(`denied.${caller.denied}`));
  refuse(reply.headers(challenge(caller.denied)), error, telling);
  return false;
}

/** What in an address says that it asks the graph: a text, or what stands for one. */
const questions = ["query", "documentId", "doc_id", "id", "extensions"];

/** A browser that opens the address. With a question in it, it may ask the graph, whatever the headers say. */
const wantsPage = ({ method, routeOptions, query, headers }: FastifyRequest): boolean =>
  method === "GET" &&
  (routeOptions.url === "/graphql" || routeOptions.url === "/graphql/") &&
  !questions.some((name) => Object.hasOwn(query as object, name)) &&
  (headers.accept ?? "").includes("text/html");

/** On every answer, also on those that are made before an operation begins; the page may carry a key. */
const greet =
  (console: ConsolePreset | undefined): onRequestHookHandler =>
  (request, reply, done) => {
    reply.header("cache-control", "no-store");
    if (!console || !wantsPage(request)) return done();
    // What the page says is for who opens it, and for no other page's program.
    for (const name of ["access-control-allow-origin", "access-control-expose-headers"]) reply.removeHeader(name);
    return void sendSandbox(request, reply, console).catch(done);
  };

function watchLines(app: FastifyInstance, { services, config }: Opened): Lines {
  const lines = new Lines(services, config.timings.liveCheck);
  app.addHook("preClose", async () => lines.closeAll());
  return lines;
}

interface Answering extends Pick<Live, "opened" | "trusted" | "contextOf"> {
  apollo: ApolloDoor;
  direct: Direct | undefined;
}

/** Ordinary requests are answered directly, the others by Apollo Server. */
function answering({ opened, apollo, direct, trusted, contextOf }: Answering) {
  const throughApollo = async (request: FastifyRequest, reply: FastifyReply) => {
    if (trusted && !putTextForId(trusted, opened, { request, reply })) return reply;
    await apollo.handle(request, reply, contextOf(request));
    direct?.learn(request, reply);
    return reply;
  };
  // Where it is sent already, a promise would only be one more thing to wait for.
  return (request: FastifyRequest, reply: FastifyReply) =>
    direct?.takes(request, reply) ? undefined : throughApollo(request, reply);
}

/**
 * The frontends' door: /graphql, and /graphql/stream.
 * @throws UnusableManifest
 */
export async function graphDoor(app: FastifyInstance, door: GraphDoor): Promise<void> {
  const { opened, schema, compiledFrom, isDirect = true, contextFor, console } = door;
  const { config, services } = opened;
  const budget = openBudget(config, services.clock, services.neighbours);
  const holdings = new Holdings(config.socketsPerLicense, services.neighbours);
  const { isProduction, timings } = config;
  const { heldMinute } = timings;
  const runner = new Runner({ schema, compiledFrom, isProduction, budget, holdings, heldMinute });
  const trusted = await openTrustedDocuments(config, runner);
  const apollo = openApollo({ schema, runner, log: services.log });
  app.addHook("onClose", () => apollo.stop());

  if (config.corsOrigins.length > 0) await allowOrigins(app, config.corsOrigins);
  recognizeCaller(app, services, { tokens: true });
  if (config.isProduction) {
    app.addHook("onRequest", (request, reply, done) => {
      // A socket says in its first message who it is.
      const isOpen = request.ws || (console && (wantsPage(request) || request.url.startsWith("/console/")));
      if (isOpen || requireLicense(request, reply, opened)) done();
    });
  }
  answerNoOperation(app, opened);

  const contextOf = ({ id, language, caller }: Came) => contextFor({ requestId: id, language, recognized: caller });
  const direct = isDirect ? new Direct({ runner, trusted, contextOf }) : undefined;
  // What pages of other origins may is said on every answer then, by a library of the framework.
  if (direct && config.corsOrigins.length === 0) door.servers.begins.push(beginQuestions(direct, door.past));
  const handler = answering({ opened, apollo, direct, trusted, contextOf });
  const onRequest = greet(console);
  const isForeign = foreigners(opened);
  const live = { opened, runner, trusted, contextOf, contextFor, isForeign, holdings, lines: watchLines(app, opened) };
  const preValidation = refuseForeignSockets(isForeign, config.corsOrigins);
  const wsHandler = socketHandler(live);
  for (const url of ["/graphql", "/graphql/"]) {
    app.route({ method: "GET", url, exposeHeadRoute: false, onRequest, preValidation, handler, wsHandler });
    app.route({ method: "POST", url, onRequest, handler });
    refuseOtherMethods(app, url, opened);
  }
  app.route({
    method: METHODS,
    url: "/graphql/stream",
    exposeHeadRoute: false,
    onRequest,
    handler: streamHandler(live),
  });
  refuseOtherMethods(app, "/graphql/stream", opened);
  if (!console) return;
  // Only here, because a server in production needs none of it.
  const { consoleRoutes } = await import("./console/console.js");
  await consoleRoutes(app, console);
}
