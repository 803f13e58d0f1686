import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyRequest } from "fastify";
import { makeHandler } from "graphql-ws/use/@fastify/websocket";
import { v7 as newId } from "uuid";
import type { WebSocket } from "ws";
import { type Credentials, recognize, TwoCredentials } from "../../http/caller.js";
import type { Recognized } from "../../domain/license.js";
import type { Context } from "../context.js";
import { fault } from "../guard/codes.js";
import type { Live } from "./live.js";
import { MOST_QUEUED_BYTES } from "./connections.js";
import { prepare, shownError, shownResult } from "./operate.js";

/** graphql-transport-ws keeps 44xx for itself; 1012 and 1013 are IANA's. */
const closeCodes = {
  unauthorized: 4401,
  DENIED: 4403,
  badRequest: 4400,
  RESTART: 1012,
  SLOW: 1013,
} as const;

/** Operations that one socket may have going at once. */
const MOST_OPERATIONS = 100;
const TERMINATE_MS = 1_000;

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: FastifyRequest;
  recognized?: Recognized;
  /** Each operation's, for its results. */
  contexts?: Map<string, Context>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const credentialsOf = (payload: Readonly<Record<string, unknown>> | undefined | null): Credentials => ({
  license: text(payload?.["license"]),
  accessToken: text(payload?.["accessToken"]),
});

function close(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
}

/** Whether the caller may go on; if not, the socket is closed with what it did wrong. */
async function welcome({ opened, isForeign }: Live, extra: Extra, credentials: Credentials): Promise<boolean> {
  const { socket, request } = extra;
  if (credentials.license === undefined && credentials.accessToken === undefined) {
    close(socket, closeCodes.unauthorized, "Unauthorized");
    return false;
  }
  try {
    extra.recognized = await recognize(opened.services, credentials);
  } catch (error) {
    if (!(error instanceof TwoCredentials)) throw error;
    close(socket, closeCodes.badRequest, "Send either the license key or an access token");
    return false;
  }
  // A page of another origin may not have the license's key: whoever opens the page could read it.
  const isKeyAbroad = credentials.license !== undefined && isForeign(request);
  if (!("denied" in extra.recognized) && !isKeyAbroad) return true;
  close(socket, closeCodes.DENIED, "Forbidden");
  return false;
}

/** graphql-transport-ws on `/graphql`: `connection_init` carries `{"license": …}` or `{"accessToken": …}`. */
export function socketHandler(live: Live): WebsocketHandler {
  const { schema, admit, contextFor, connections } = live;
  const handler = makeHandler<Record<string, unknown>, Extra>({
    async onConnect({ extra, connectionParams }) {
      const credentials = credentialsOf(connectionParams);
      if (!(await welcome(live, extra, credentials))) return false;
      const { socket } = extra;
      const forget = connections.add({
        credentials,
        queued: () => socket.bufferedAmount,
        close: (why) => close(socket, closeCodes[why], why === "DENIED" ? "Forbidden" : why.toLowerCase()),
      });
      socket.once("close", forget);
      return true;
    },
    async onSubscribe({ extra, subscriptions }, id, { query, operationName, variables }) {
      const { request, recognized } = extra;
      if (!recognized) return [];
      const context = contextFor({ requestId: newId(), language: request.language, recognized });
      (extra.contexts ??= new Map()).set(id, context);
      if (Object.keys(subscriptions).length > MOST_OPERATIONS) {
        const message = context.say("error.tooManyOperations", { limit: MOST_OPERATIONS });
        return [fault("TOO_MANY_OPERATIONS", message)];
      }
      return prepare(schema, admit, context, { query, operationName, variables });
    },
    onError({ extra }, id, _payload, errors) {
      const context = extra.contexts?.get(id);
      extra.contexts?.delete(id);
      return context ? errors.map((error) => shownError(error, context)) : [];
    },
    onNext({ extra: { socket, contexts } }, id, _payload, _args, result) {
      if (socket.bufferedAmount > MOST_QUEUED_BYTES) close(socket, closeCodes.SLOW, "slow");
      const context = contexts?.get(id);
      return context ? (shownResult(result, context) as never) : undefined;
    },
    onComplete({ extra }, id) {
      extra.contexts?.delete(id);
    },
  });
  return function (socket, request) {
    socket.once("close", connections.opened({ close: (why) => close(socket, closeCodes[why], why.toLowerCase()) }));
    return handler.call(this, socket, request);
  };
}
