import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLRequest } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, OperationTypeNode, parse } from "graphql";
import type { Services } from "../../domain/services.js";
import type { Context } from "../context.js";
import { fault, type Head } from "../run/codes.js";
import { finish } from "../run/finish.js";
import { limits } from "../run/limits.js";
import { type Prepared, run, type Runner } from "../run/runner.js";
import type { Text } from "../run/text.js";
import { addressOf } from "./document-ids.js";
import { headersOf } from "./headers.js";

/** One request has one answer: where the live doors are, instead. */
const notLive = ({ say }: Context): GraphQLError =>
  fault("BAD_REQUEST", say("error.notLive"), { http: { status: 400 } });

/** What may begin, by the request's context; Apollo Server hands on the same object. */
type Admitted = WeakMap<Context, Prepared>;

/** Apollo Server answers with what a document store has and reads nothing itself; so a faulty text needs one, too. */
const refusedDocument = parse("{ __typename }");

/** Every text is read by the runner; Apollo Server finds it here, by its hash at the key's end. */
const storeOf = (runner: Runner) => ({
  get: async (key: string) => {
    const text = runner.known(key.slice(-64));
    return text && text.faults.length > 0 ? refusedDocument : text?.document;
  },
  set: async () => {},
  delete: async () => false,
});

/** Apollo Server's own have told it their headers already, in a form of its own. */
const ourHead = (head: Head | undefined): Head | undefined =>
  head?.headers instanceof Map ? { status: head.status } : head;

const through = (runner: Runner, admitted: Admitted): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    let text: Text | undefined;
    let refused: readonly GraphQLError[] = [];
    return {
      async didResolveSource({ source }) {
        text = runner.text(source);
        refused = text.faults;
      },
      async didResolveOperation() {
        // All of them are in the answer; this one stops Apollo Server.
        if (refused[0]) throw refused[0];
      },
      async responseForOperation({ contextValue, operation, request }) {
        const isLive = operation?.operation === OperationTypeNode.SUBSCRIPTION;
        // The hook before this one has always run.
        if (!text) throw new Error("an operation without a text");
        const prepared = isLive ? [notLive(contextValue)] : await runner.prepare(contextValue, text, request);
        if ("operation" in prepared) {
          admitted.set(contextValue, prepared);
          return null;
        }
        refused = prepared;
        return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult: {} } };
      },
      async willSendResponse({ contextValue, errors, response: { body, http } }) {
        const given = refused.length > 0 ? refused : (errors ?? []);
        const { errors: finished, head } = finish(given, contextValue);
        if (body.kind === "single" && finished.length > 0) body.singleResult.errors = finished;
        // What ran is a 200, whatever a foreign error says of itself.
        if (admitted.has(contextValue)) http.status = head?.status ?? 200;
        else if (head) http.status = head.status;
        for (const [name, value] of Object.entries(headersOf(contextValue, ourHead(head)))) {
          http.headers.set(name, value);
        }
      },
    };
  },
  async unexpectedErrorProcessingRequest({ error, requestContext: { contextValue } }) {
    const { services, requestId } = contextValue;
    services.log.error({ err: error, requestId }, "a GraphQL request failed");
  },
});

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
