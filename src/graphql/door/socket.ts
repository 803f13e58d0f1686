import type { WebsocketHandler } from "@fastify/websocket";
import type { FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import type { SubscribePayload } from "graphql-ws";
import { makeHandler } from "graphql-ws/use/@fastify/websocket";
import { newId } from "../../ids.js";
import type { WebSocket } from "ws";
import { type Credentials, recognizeNow, TwoCredentials } from "../../http/caller.js";
import type { Recognized } from "../../domain/license/license.js";
import { isUnavailable } from "../../http/unavailable.js";
import { fault, unavailableFault } from "../run/codes.js";
import type { Live } from "./live.js";
import { tellingOf } from "./refuse.js";
import { MOST_QUEUED_BYTES } from "./lines.js";
import { MOST_OPERATIONS } from "../run/limits.js";
import { finish, finishResult, type Telling } from "../run/finish.js";
import { TooManyHeld } from "../run/holdings.js";
import { follow, run } from "../run/runner.js";

/** graphql-transport-ws keeps 44xx for itself; 1012 and 1013 are IANA's. The reason of 4403 is the error's code. */
const closeCodes = {
  unauthorized: 4401,
  DENIED: 4403,
  badRequest: 4400,
  RESTART: 1012,
  SLOW: 1013,
  unavailable: 1013,
  TOO_MANY_LINES: 1013,
} as const;

const TERMINATE_MS = 1_000;
/** A socket says by then whose it is. */
const INIT_MS = 3_000;

interface Extra extends Record<PropertyKey, unknown> {
  socket: WebSocket;
  request: FastifyRequest;
  credentials?: Credentials;
  /** Of each operation, for its results. */
  tellings?: Map<string, Telling>;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const credentialsOf = (payload: Readonly<Record<string, unknown>> | undefined | null): Credentials => ({
  license: text(payload?.["license"]),
  accessToken: text(payload?.["accessToken"]),
});

function close(socket: WebSocket, code: number, reason: string): void {
  // Nothing that still comes is heard.
  socket.removeAllListeners("message");
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), TERMINATE_MS).unref();
}

/** Counts the socket until it is closed; where its caller has too many, it is closed at once. */
function holdLine({ holdings }: Live, socket: WebSocket, caller: Parameters<Live["holdings"]["take"]>[1]): boolean {
  try {
    const giveBack = holdings.take("lines", caller);
    // It may have gone while its caller was looked up.
    if (socket.readyState === socket.OPEN) socket.once("close", giveBack);
    else giveBack();
    return true;
  } catch (error) {
    if (!(error instanceof TooManyHeld)) throw error;
    close(socket, closeCodes.TOO_MANY_LINES, "TOO_MANY_LINES");
    return false;
  }
}

/** Whether the caller may go on; if not, the socket is closed with what it did wrong. */
async function welcome(live: Live, extra: Extra, credentials: Credentials): Promise<boolean> {
  const { opened, isForeign } = live;
  const { socket, request } = extra;
  if (credentials.license === undefined && credentials.accessToken === undefined) {
    close(socket, closeCodes.unauthorized, "Unauthorized");
    return false;
  }
  let recognized: Recognized;
  try {
    recognized = await recognizeNow(opened.services, credentials);
  } catch (error) {
    if (error instanceof TwoCredentials) {
      close(socket, closeCodes.badRequest, "Send either the license key or an access token");
    } else if (isUnavailable(error)) close(socket, closeCodes.unavailable, "Unavailable");
    else throw error;
    return false;
  }
  extra.credentials = credentials;
  extra.tellings = new Map();
  // A page of another origin may not have the license's key: whoever opens the page could read it.
  const isKeyAbroad = credentials.license !== undefined && isForeign(request);
  if (!("denied" in recognized) && !isKeyAbroad) return holdLine(live, socket, recognized);
  close(socket, closeCodes.DENIED, "denied" in recognized ? recognized.denied : "FORBIDDEN");
  return false;
}

/** An operation's own id, which its errors bear; the log's line of the socket has only the socket's. */
function nameOperation({ log }: FastifyRequest): string {
  const requestId = newId();
  log.info({ requestId }, "an operation over a socket");
  return requestId;
}

/** What an operation's errors are told with, from its beginning on. */
function newTelling({ opened }: Live, { request, tellings }: Extra, ids: readonly string[], id: string): Telling {
  // Whoever takes back what was about to be refused is told nothing, and leaves one behind.
  for (const known of tellings?.keys() ?? []) if (!ids.includes(known)) tellings?.delete(known);
  const telling = tellingOf({ id: nameOperation(request), language: request.language }, opened);
  tellings?.set(id, telling);
  return telling;
}

/** The caller is looked up anew: what the operator changes counts from the socket's next operation on. */
async function begin(
  live: Live,
  { request, credentials }: Extra,
  { requestId, say }: Telling,
  asked: SubscribePayload,
) {
  const { opened, contextFor, runner, trusted } = live;
  const recognized = await recognizeNow(opened.services, credentials ?? {}).catch((error: unknown) => {
    if (isUnavailable(error)) return undefined;
    throw error;
  });
  if (!recognized) return [unavailableFault(say("error.unavailable"))];
  const found = trusted?.textFor({ ...asked }, say);
  if (found instanceof GraphQLError) return [found];
  const context = contextFor({ requestId, language: request.language, recognized });
  return runner.prepare(context, runner.read(context, found ?? asked.query), asked);
}

/** graphql-transport-ws on `/graphql`: `connection_init` carries `{"license": …}` or `{"accessToken": …}`. */
export function socketHandler(live: Live): WebsocketHandler {
  const { lines } = live;
  const handler = makeHandler<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_MS,
    execute: run,
    subscribe: follow,
    async onConnect({ extra, connectionParams }) {
      const credentials = credentialsOf(connectionParams);
      if (!(await welcome(live, extra, credentials))) return false;
      const { socket, request } = extra;
      request.letIn();
      const forget = lines.add({
        credentials,
        socket: request.socket,
        close: (why, denied) => close(socket, closeCodes[why], denied ?? why.toLowerCase()),
      });
      socket.once("close", forget);
      return true;
    },
    async onSubscribe({ extra, subscriptions }, id, payload) {
      const running = Object.keys(subscriptions);
      const telling = newTelling(live, extra, running, id);
      if (running.length <= MOST_OPERATIONS) return begin(live, extra, telling, payload);
      return [fault("TOO_MANY_OPERATIONS", telling.say("error.tooManyOperations", { limit: MOST_OPERATIONS }))];
    },
    onError({ extra }, id, _payload, errors) {
      // The line broke while something was being sent: no operation failed, and there is nobody to tell.
      if (extra.socket.readyState !== extra.socket.OPEN) return undefined;
      const telling = extra.tellings?.get(id);
      extra.tellings?.delete(id);
      return telling && finish(errors, telling).errors;
    },
    onNext({ extra: { socket, tellings } }, id, _payload, _args, result) {
      if (socket.bufferedAmount > MOST_QUEUED_BYTES) close(socket, closeCodes.SLOW, "slow");
      const telling = tellings?.get(id);
      return telling && (finishResult(result, telling) as never);
    },
    onComplete({ extra }, id) {
      extra.tellings?.delete(id);
    },
  });
  return function (socket, request) {
    socket.once("close", lines.opened({ close: (why) => close(socket, closeCodes[why], why.toLowerCase()) }));
    const heard = socket.listeners("error") as ((error: Error) => void)[];
    const serving = handler.call(this, socket, request);
    // The library would print each line that breaks, with its stack, beside the log.
    socket.removeAllListeners("error");
    for (const listener of heard) socket.on("error", listener);
    return serving;
  };
}
