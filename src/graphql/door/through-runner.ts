import { type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { type GraphQLError, OperationTypeNode, parse } from "graphql";
import type { Context } from "../context.js";
import type { Head } from "../run/codes.js";
import { finish } from "../run/finish.js";
import type { Prepared, Runner } from "../run/runner.js";
import { Text } from "../run/text.js";
import { headersOf } from "./headers.js";
import { notLive } from "./not-live.js";

/** What may begin, by the request's context; Apollo Server hands on the same object. */
export type Admitted = WeakMap<Context, Prepared>;

/** Apollo Server answers with what a document store has and reads nothing itself; so a faulty text needs one, too. */
const refusedDocument = parse("{ __typename }");

/** What may be read is read by the runner; Apollo Server finds it here, by its hash at the key's end. */
export const storeOf = (runner: Runner) => ({
  get: async (key: string) => {
    const text = runner.known(key.slice(-64));
    return text && text.faults.length === 0 ? text.document : refusedDocument;
  },
  set: async () => {},
  delete: async () => false,
});

/** Apollo Server's own have told it their headers already, in a form of its own. */
const ourHead = (head: Head | undefined): Head | undefined =>
  head?.headers instanceof Map ? { status: head.status } : head;

/** Where Apollo Server asks its plugins, the runner answers. */
export const through = (runner: Runner, admitted: Admitted): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    let text: Text | readonly GraphQLError[] | undefined;
    let refused: readonly GraphQLError[] = [];
    return {
      async didResolveSource({ contextValue, source }) {
        text = runner.read(contextValue, source);
        refused = text instanceof Text ? text.faults : text;
      },
      async didResolveOperation() {
        // All of them are in the answer; this one stops Apollo Server.
        if (refused[0]) throw refused[0];
      },
      async responseForOperation({ contextValue, operation, request }) {
        const isLive = operation?.operation === OperationTypeNode.SUBSCRIPTION;
        // The hook before this one has always run.
        if (!text) throw new Error("an operation without a text");
        const prepared = isLive ? [notLive(contextValue)] : runner.prepare(contextValue, text, request);
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
        const ran = body.kind === "single" && body.singleResult.data !== undefined;
        if (ran) http.status = head?.status ?? 200;
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
