import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { GraphQLSchema } from "graphql";
import { v7 as newId } from "uuid";
import { stillGood } from "./domain/license.js";
import { Context } from "./graphql/context.js";
import { type Examples, openExamples } from "./graphql/door/console/examples.js";
import { examplesPage } from "./graphql/door/console/examples-page.js";
import { graphDoor } from "./graphql/door/plugin.js";
import { buildGraph, printGraph } from "./graphql/schema.js";
import { drainGate } from "./http/unavailable.js";
import { healthRoutes } from "./http/health.js";
import { negotiateLanguage } from "./http/language.js";
import { requestLines } from "./http/observe.js";
import { landingRoutes } from "./http/pages.js";
import { answerOutside } from "./http/plain.js";
import { openSockets } from "./http/sockets.js";
import { roomDoor } from "./room/plugin.js";
import type { Opened } from "./services.js";
import { v1Name } from "./v1/errors.js";
import { openOperations, V1_PAGE_LIMIT } from "./v1/operations.js";
import { undecodable, v1Door } from "./v1/plugin.js";

export interface AppOptions {
  /** Shown in Sandbox; a demo key or nothing. */
  licenseKey?: string | undefined;
  /** Where requests are logged; nowhere when left out. */
  log?: FastifyBaseLogger;
  /** Another graph than ours, for tests that replace a resolver. */
  schema?: GraphQLSchema;
}

export interface App {
  server: FastifyInstance;
  /** From here on new requests are refused; those in flight go on. */
  beginDrain(): void;
}

/** `graphql` of `/graphql/stream?x`; nothing of the address of the start page. */
const beginning = (url: string): string => /^\/([^/?]*)/.exec(url)?.[1] ?? "";

/**
 * PUBLIC_URL may carry a path; whether the proxy in front strips it or not, both work. Where it is cut off already,
 * what is left may begin like it (`/api`): cut once more, it would be none of our addresses.
 * @param ours how all of them begin
 */
const stripBase = (base: string, ours: ReadonlySet<string>) => (request: { url?: string | undefined }) => {
  const url = request.url ?? "/";
  const rest = url.startsWith(`${base}/`) ? url.slice(base.length) : url;
  return ours.has(beginning(rest)) ? rest : url;
};

/** Nothing on it yet: no door, no hook. */
function openHttp({ messages, config }: Opened, { log }: AppOptions, basePath: string): FastifyInstance {
  const ours = new Set<string>();
  const server = Fastify({
    ...(log && { loggerInstance: log }),
    logController: requestLines(config),
    genReqId: () => newId(),
    trustProxy: config.trustProxy,
    rewriteUrl: stripBase(basePath, ours),
    // Our own answer while draining has the door's form.
    return503OnClosing: false,
    frameworkErrors: undecodable(messages),
  });
  server.addHook("onRoute", ({ url }) => void ours.add(beginning(url)));
  return server;
}

/** `/` and what it leads to; there are examples where there is a console to run them in. */
function frontPages(
  app: FastifyInstance,
  {
    schema,
    examples,
    showsSchema,
    demoKey,
  }: {
    schema: GraphQLSchema;
    examples: Examples | undefined;
    showsSchema: boolean;
    demoKey: () => Promise<string | undefined>;
  },
): void {
  landingRoutes(app, { schema: printGraph(schema), hasConsole: examples !== undefined, showsSchema });
  if (examples) examplesPage(app, examples, demoKey);
}

/** The doors in the order they are passed. Never listens. */
export async function buildApp(opened: Opened, options: AppOptions = {}): Promise<App> {
  const { services, messages, config } = opened;
  const schema = options.schema ?? buildGraph();
  const operations = openOperations(schema);
  const basePath = config.publicUrl ? new URL(config.publicUrl).pathname.replace(/\/$/, "") : "";
  const demoKey = () => stillGood(services, options.licenseKey);
  const examples = config.sandbox ? openExamples(services, demoKey) : undefined;
  const socketUrl = () => `${opened.publicUrl().replace(/^http/, "ws")}/graphql`;
  const server = openHttp(opened, options, basePath);
  // The language first: whatever refuses a request says so in it.
  negotiateLanguage(server, messages);
  const drain = drainGate(server);
  answerOutside(server, messages, basePath);
  await openSockets(server);

  await server.register(async (app) =>
    frontPages(app, { schema, examples, demoKey, showsSchema: !config.isProduction }),
  );
  await server.register(async (app) => healthRoutes(app, services, drain.isDraining));
  await server.register(
    async (app) =>
      v1Door(app, {
        opened,
        v1: {
          operations,
          contextOf: ({ id, language, caller }) =>
            new Context({
              services,
              messages,
              requestId: id,
              language,
              recognized: caller,
              door: "V1",
              pageLimit: V1_PAGE_LIMIT,
              nameField: v1Name,
            }),
        },
      }),
    { prefix: "/api/v1" },
  );
  await server.register(async (app) =>
    graphDoor(app, {
      opened,
      schema,
      contextFor: (of) => new Context({ services, messages, ...of, door: "GRAPHQL" }),
      console: examples && { demoKey, basePath, examples, socketUrl },
    }),
  );
  await server.register(async (app) => roomDoor(app, opened));
  if (opened.engineRoutes) await server.register(opened.engineRoutes);
  return { server, beginDrain: drain.begin };
}
