import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import { callbackDoor } from "./callbacks/plugin.js";
import { stillGood } from "./domain/license/demo-license.js";
import { nobody } from "./domain/license/nobody.js";
import { Context } from "./graphql/context.js";
import { type Examples, openExamples } from "./graphql/door/console/examples.js";
import { examplesPage } from "./graphql/door/console/examples-page.js";
import { graphForm } from "./graphql/door/no-operation.js";
import { graphDoor } from "./graphql/door/plugin.js";
import { buildGraph, printGraph } from "./graphql/schema.js";
import { addressOf, noteBeginning } from "./http/address.js";
import type { Past } from "./http/ahead.js";
import { idOf } from "./http/begun.js";
import { refuseBrokenRequests } from "./http/client-errors.js";
import { Departures } from "./http/departures.js";
import { formsOf } from "./http/forms.js";
import { keepPace } from "./http/pace.js";
import { drainGate } from "./http/unavailable.js";
import { healthRoutes } from "./http/health.js";
import { negotiateLanguage } from "./http/language.js";
import { RequestLines } from "./http/observe.js";
import { docsPages, docsRoutes, isDecision } from "./http/docs.js";
import { type Landing, landingRoutes } from "./http/landing.js";
import { styleRoute } from "./http/pages.js";
import { answerOutside } from "./http/plain.js";
import type { Servers } from "./http/servers.js";
import { openSockets } from "./http/sockets.js";
import { roomDoor } from "./room/plugin.js";
import type { Opened } from "./services.js";
import { PointsPerMinute } from "./minute.js";
import { Answers } from "./v1/answers.js";
import { answerAtOnce } from "./v1/at-once.js";
import { beginCalls } from "./v1/ahead.js";
import { v1Name } from "./v1/errors.js";
import type { V1 } from "./v1/handler.js";
import { openOperations, V1_PAGE_LIMIT } from "./v1/operations.js";
import { rehearse } from "./v1/rehearsal.js";
import { routes } from "./v1/routes.js";
import { type V1Door, v1Door, v1Form } from "./v1/plugin.js";
import { SameReads } from "./v1/same-reads.js";

export interface AppOptions {
  /** Shown in Sandbox; a demo key or nothing. */
  licenseKey?: string | undefined;
  /** Where requests are logged; nowhere when left out. */
  log?: FastifyBaseLogger;
  /** Another graph than ours, for tests that replace a resolver. */
  schema?: GraphQLSchema;
  /** Which run of any operation is the first as code, for tests; with Infinity graphql-js interprets all of them. */
  compiledFrom?: number;
  /** Whether ordinary requests go past the framework, or past Apollo Server; they do, but in tests that compare. */
  isDirect?: boolean | undefined;
  /** Whether v1's reads are run once soon after the start; they are, but in tests that count statements. */
  isRehearsed?: boolean | undefined;
  servers: Servers;
}

export interface App {
  server: FastifyInstance;
  /** From here on it is not ready any more, and each answer is the last one of its line. */
  beginLeaving(): void;
  /** From here on new requests are refused; those in flight go on. */
  beginDrain(): void;
}

const none = () => {
  throw new Error("no route has a schema: each door checks what comes to it itself");
};
/** Fastify would load its own for schemas that nobody gives it, which takes a tenth of a start. */
const noCompilers = { compilersFactory: { buildValidator: none, buildSerializer: none } };

/** What every request passes before any door; no door yet. */
async function openHttp({ messages, config }: Opened, { log, servers }: AppOptions, basePath: string) {
  const ours = new Set<string>();
  const address = addressOf(basePath, ours);
  const forms = formsOf([v1Form, graphForm], messages, (url) => address({ url }));
  const { timings } = config;
  const lines = new RequestLines(config, log);
  const server = Fastify({
    ...(log && { loggerInstance: log }),
    logController: lines,
    genReqId: idOf,
    trustProxy: config.trustProxy,
    rewriteUrl: address,
    serverFactory: servers.create,
    // Our own answer while draining has the door's form.
    return503OnClosing: false,
    schemaController: noCompilers,
    frameworkErrors: (error, request, reply) => {
      const isAddress = error.code === "FST_ERR_BAD_URL";
      forms.refuse(request, reply, error.statusCode ?? 400, isAddress ? "fault.address" : undefined);
    },
    clientErrorHandler: refuseBrokenRequests(forms, log),
    // The readers of bodies have their own time and answer in their door's form; this ends what nobody reads.
    requestTimeout: timings.request + timings.headers,
    http: {
      headersTimeout: timings.headers,
      connectionsCheckingInterval: timings.headers / 4,
      // Looked at by a hook of ours, which has the doors' forms.
      requireHostHeader: false,
    },
  });
  server.addHook("onRoute", noteBeginning(ours));
  const pace = keepPace(server, { window: timings.readWindow, answer: timings.answer });
  await openSockets(server, servers, { pathOf: address, forms });
  // The language first: whatever refuses a request says so in it.
  negotiateLanguage(server, messages);
  const drain = drainGate(server);
  answerOutside(server, forms, basePath);
  let isLeaving = false;
  const beginLeaving = () => {
    isLeaving = true;
    servers.beginDrain();
  };
  return {
    server,
    pace,
    lines,
    departures: new Departures(),
    beginLeaving,
    beginDrain: drain.begin,
    isLeaving: () => isLeaving,
  };
}

/** v1's table as a reader wants it; what each does is said in the visitor's language. */
const listedRoutes = (Object.keys(routes) as (keyof typeof routes)[]).map((name) => ({
  what: `route.${name}` as const,
  methods: routes[name].methods,
  path: `/api/v1/${routes[name].path}/`,
}));

/** `/` and what it leads to; there are examples where there is a console to run them in. */
function frontPages(
  app: FastifyInstance,
  { messages, publicUrl, config }: Opened,
  { schema, examples, demoKey }: { schema: GraphQLSchema; examples: Examples | undefined; demoKey: Landing["demoKey"] },
): void {
  let printed: string | undefined;
  const text = config.isProduction ? undefined : () => (printed ??= printGraph(schema));
  styleRoute(app);
  landingRoutes(app, {
    messages,
    publicUrl,
    demoKey,
    routes: listedRoutes,
    docs: () => docsPages().filter((page) => !isDecision(page)),
    hasConsole: examples !== undefined,
    schema: text,
  });
  docsRoutes(app, text === undefined ? [] : ["schema.graphql"]);
  if (examples) examplesPage(app, examples, demoKey);
}

type OpenV1 = Pick<V1, "operations"> &
  Pick<Past, "pace" | "lines" | "departures"> &
  Pick<AppOptions, "servers" | "isDirect" | "isRehearsed">;

/** The partners' door; what it has answered before leaves already where requests arrive. */
async function openV1(
  server: FastifyInstance,
  opened: Opened,
  { operations, servers, isDirect = true, isRehearsed = true, ...http }: OpenV1,
): Promise<void> {
  const { services, messages, config } = opened;
  const contextOf: V1["contextOf"] = ({ id, language, caller }, read) =>
    new Context({
      services: read ? { ...services, storage: { ...services.storage, read, moment: () => read } } : services,
      messages,
      requestId: id,
      language,
      recognized: caller,
      door: "V1",
      pageLimit: V1_PAGE_LIMIT,
      nameField: v1Name,
    });
  const answers = new Answers(config.answerCacheMb * 1024 * 1024);
  const calls = new PointsPerMinute(config.callsPerMinute, services.clock, services.neighbours);
  if (config.answerCacheMb > 0) servers.answersAtOnce = answerAtOnce({ ...http, services, messages, answers, calls });
  const sameReads = new SameReads(answers, operations);
  const v1 = { operations, answers, sameReads, calls, contextOf, begun: new WeakMap() };
  if (isDirect) servers.begins.push(beginCalls({ ...http, services, messages, v1 }));
  const prepare: V1Door["prepare"] = async (isClosing) => isRehearsed && rehearse(v1, nobody(services), isClosing);
  await server.register(async (app) => v1Door(app, { opened, v1, prepare }), { prefix: "/api/v1" });
}

/** The doors in the order they are passed. Never listens. */
export async function buildApp(opened: Opened, options: AppOptions): Promise<App> {
  const { services, messages, config } = opened;
  const schema = options.schema ?? buildGraph();
  const operations = openOperations(schema, options.compiledFrom);
  const basePath = config.publicUrl ? new URL(config.publicUrl).pathname.replace(/\/$/, "") : "";
  const demoKey = () => stillGood(services, options.licenseKey);
  const examples = config.sandbox ? openExamples(services, demoKey) : undefined;
  const socketUrl = () => `${opened.publicUrl().replace(/^http/, "ws")}/graphql`;
  const { server, beginLeaving, beginDrain, isLeaving, ...http } = await openHttp(opened, options, basePath);
  const { servers, isDirect, isRehearsed } = options;
  servers.heardAll = () => services.neighbours.heardAll();

  await server.register(async (app) => frontPages(app, opened, { schema, examples, demoKey }));
  await server.register(async (app) => healthRoutes(app, services, isLeaving));
  await openV1(server, opened, { operations, servers, isDirect, isRehearsed, ...http });
  await server.register(async (app) =>
    graphDoor(app, {
      opened,
      schema,
      compiledFrom: options.compiledFrom,
      isDirect,
      past: { services, messages, ...http },
      servers,
      contextFor: (of) => new Context({ services, messages, ...of, door: "GRAPHQL" }),
      console: examples && { demoKey, basePath, examples, socketUrl },
    }),
  );
  await server.register(async (app) => roomDoor(app, opened));
  await server.register(async (app) => callbackDoor(app, opened));
  for (const { routes: ofEngine } of opened.openedEngines.values()) if (ofEngine) await server.register(ofEngine);
  return { server, beginLeaving, beginDrain };
}
