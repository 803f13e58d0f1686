import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import { createHandler, type RequestParams } from "graphql-sse";
import type { Context } from "../context.js";
import { fault } from "../run/codes.js";
import { refuse } from "./refuse.js";
import { type Credentials, credentialsOf } from "../../http/caller.js";
import { askedIn, putText } from "./document-ids.js";
import type { Live } from "./live.js";
import { challenge, headersOf } from "./headers.js";
import type { Closing, Lines } from "./lines.js";
import { finish, finishResult } from "../run/finish.js";
import { TooManyHeld } from "../run/holdings.js";
import { follow, run } from "../run/runner.js";

/** One request's stream. */
interface Stream {
  context: Context;
  /** Resolves when the other side has taken what was written so far. */
  taken: Promise<unknown>;
  /** Why what it asks may not even be read. */
  refused: GraphQLError | undefined;
}

/** Whoever has too many lines closes one, or looks again after this. */
const RETRY_SECONDS = 30;

/** Refusals that a client should see as a status before any stream begins. */
const beforeStream = new Set([401, 429]);

/** As a plain answer where the status matters, else as the stream's only result. */
function refusalOf(errors: readonly GraphQLError[], context: Context) {
  const { errors: finished, head } = finish(errors, context);
  // By the key `data` the library tells a result; without a value it is not sent.
  if (!head || !beforeStream.has(head.status)) return { data: undefined, errors };
  const type = { "content-type": "application/json; charset=utf-8" };
  const headers = { ...type, ...headersOf(context, head) };
  return [JSON.stringify({ errors: finished }), { status: head.status, statusText: "", headers }];
}

/** What was looked at before the library is asked, and would be refused by it without a word. */
const settled: Record<string, string> = { accept: "text/event-stream", "content-type": "application/json" };

const wantsStream = ({ headers }: FastifyRequest): boolean =>
  /(^|[\s,])(text\/event-stream|text\/\*|\*\/\*)/.test(headers.accept ?? "*/*");

/** Puts the text in the place of its id; the library wants one in every request, also where it will be refused. */
function refusedId(request: FastifyRequest, { say }: Context, { trusted }: Live): GraphQLError | undefined {
  const found = trusted?.textFor(askedIn(request), say);
  if (found === undefined) return undefined;
  const isRefused = found instanceof GraphQLError;
  putText(request, isRefused ? "" : found);
  return isRefused ? found : undefined;
}

/**
 * graphql-sse's "distinct connections mode" at `/graphql/stream`: one request, one operation, its results as events;
 * for networks that block WebSockets. The other mode would let anyone leave streams behind that nobody opens.
 */
export function streamHandler(live: Live) {
  const { contextOf, lines, runner } = live;
  const handle = createHandler<FastifyRequest, { stream: Stream; reply: FastifyReply }>({
    authenticate: async () => null,
    // What is given to the library is read already.
    validate: () => [],
    execute: run,
    subscribe: follow,
    async onSubscribe({ context: { stream } }, { query, operationName, variables }: RequestParams) {
      const { context, refused } = stream;
      const prepared = refused
        ? [refused]
        : runner.prepare(context, runner.read(context, query), { operationName, variables });
      return ("operation" in prepared ? prepared : refusalOf(prepared, context)) as never;
    },
    async onNext(_context, { context: { stream } }, result) {
      // The library queues without end; here the next event waits until this one was taken.
      await stream.taken;
      return finishResult<never>(result as never, stream.context);
    },
  });

  return async (request: FastifyRequest, reply: FastifyReply) => {
    const { caller } = request;
    if ("denied" in caller) reply.headers(challenge(caller.denied));
    const context = contextOf(request);
    endWithReader(reply);
    const stream: Stream = { context, taken: Promise.resolve(), refused: refusedId(request, context, live) };
    if (!wantsStream(request)) {
      const http = { status: 406 };
      return refuse(reply, fault("BAD_REQUEST", context.say("error.acceptStream"), { http }), context);
    }
    const tooMany = holdLine(live, context, reply);
    if (tooMany) return refuse(reply, tooMany, context);
    const [body, init] = await handle({
      method: request.method,
      url: request.url,
      headers: { get: (name) => settled[name] ?? text(request.headers[name]) },
      body: () => request.body as Record<string, unknown>,
      raw: request,
      context: { stream, reply },
    });
    reply.code(init.status).headers({ ...init.headers, ...headersOf(context, undefined) });
    if (body === null || typeof body === "string") return reply.send(body ?? "");
    return pour(request, reply, { body, stream, lines, credentials: credentialsOf(request) });
  };
}

/** Any other answer is written to whoever only stopped sending. A stream would be held for who is gone, until it has an event. */
function endWithReader({ raw }: FastifyReply): void {
  const { socket } = raw;
  const gone = () => raw.destroy();
  socket?.once("end", gone);
  raw.once("close", () => socket?.off("end", gone));
  if (socket?.readableEnded) gone();
}

/** Counts the stream from here to its end; or why it may not begin. */
function holdLine({ holdings }: Live, { known, say }: Context, { raw }: FastifyReply): GraphQLError | undefined {
  if (!known) return undefined;
  try {
    const giveBack = holdings.take("lines", known.caller);
    raw.once("close", giveBack);
    // It may have gone while its body was read.
    if (raw.destroyed) giveBack();
    return undefined;
  } catch (error) {
    if (!(error instanceof TooManyHeld)) throw error;
    const { limit } = error;
    const http = { status: 429, headers: { "retry-after": String(RETRY_SECONDS) } };
    return fault("TOO_MANY_LINES", say("error.tooManyLines", { limit }), { limit, http });
  }
}

const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join() : value;

interface Pouring {
  lines: Lines;
  body: AsyncGenerator<string>;
  stream: Stream;
  credentials: Credentials;
}

/** Writes the stream out as fast as it is read, and ends it when either side goes. */
async function pour(
  { language, socket }: FastifyRequest,
  reply: FastifyReply,
  { body, stream, lines, credentials }: Pouring,
) {
  const { raw } = reply;
  reply.hijack();
  // A hijacked answer passes no hook: what every answer says is said here. nginx must not hold events back.
  const always = { "content-language": language, vary: "Accept-Language", "x-accel-buffering": "no" };
  raw.writeHead(reply.statusCode, { ...always, ...(reply.getHeaders() as Record<string, string>) });
  const end = () => void body.return(undefined);
  const close = (why: Closing) => {
    end();
    if (why === "SLOW") raw.destroy();
    else raw.end();
  };
  const forget = [lines.opened({ close }), lines.add({ credentials, socket, close })];
  raw.once("close", end);
  // It may have gone while the operation was prepared.
  if (raw.destroyed) end();
  try {
    for await (const part of body) {
      if (raw.writableEnded || raw.destroyed) break;
      stream.taken = new Promise((resolve) => raw.write(part, resolve));
      await stream.taken;
    }
  } finally {
    for (const each of forget) each();
    raw.end();
  }
}
