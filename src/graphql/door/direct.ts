import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import { LRUCache } from "lru-cache";
import { isObject } from "../../domain/checks.js";
import type { Context } from "../context.js";
import { finish } from "../run/finish.js";
import type { TrustedDocuments } from "../run/trusted.js";
import { type Prepared, run, type Runner } from "../run/runner.js";
import { Text } from "../run/text.js";
import type { Variables } from "../run/variables.js";
import { headersOf } from "./headers.js";
import { notLive } from "./not-live.js";

/** An operation as nearly every client sends it. */
interface Ordinary {
  query: string;
  operationName: string | null | undefined;
  variables: Variables | null | undefined;
}

type Result = Awaited<ReturnType<typeof run>>;

/** What is looked at of a request. */
export type Came = Pick<FastifyRequest, "id" | "language" | "caller" | "headers" | "body">;

/** An answer as Apollo Server would give it. */
export interface Said {
  status: number;
  type: string;
  headers: Record<string, string>;
  text: string;
}

const isAbsent = (value: unknown): value is null | undefined => value == null;

/** Nothing that Apollo Server has rules for: an automatic persisted query, a form that it would refuse. */
function ordinaryIn(body: unknown, trusted: TrustedDocuments | undefined): Ordinary | undefined {
  if (!isObject(body)) return undefined;
  const { operationName, variables, extensions } = body;
  const document = trusted?.known(body);
  const query = document ?? (trusted?.only ? undefined : body["query"]);
  if (typeof query !== "string" || query === "") return undefined;
  if (!isAbsent(operationName) && typeof operationName !== "string") return undefined;
  if (!isAbsent(variables) && !isObject(variables)) return undefined;
  if (!isAbsent(extensions) && !isObject(extensions)) return undefined;
  // With a text, a hash is one to remember; in place of one it has been found already.
  if (document === undefined && extensions && "persistedQuery" in extensions) return undefined;
  return { query, operationName, variables };
}

/** `Accept` headers whose answers' types are remembered. */
const MOST_ACCEPTS = 100;
/** Longer ones are asked about each time. */
const LONGEST_ACCEPT = 200;

function said(type: string, context: Context, { data, errors: given = [] }: Result): Said {
  const { errors, head } = finish(given, context);
  const status = head?.status ?? (data === undefined ? 500 : 200);
  const result = { errors: errors.length > 0 ? errors : undefined, data };
  return { status, type, headers: headersOf(context, head), text: `${JSON.stringify(result)}\n` };
}

export interface DirectSetting {
  runner: Runner;
  trusted: TrustedDocuments | undefined;
  contextOf(request: Came): Context;
}

/** How a request is answered as Apollo Server would, without it. */
export class Direct {
  /** What Apollo Server answered with to an `Accept`: its rules of that are asked of it, once each. */
  readonly #types = new LRUCache<string, string>({ max: MOST_ACCEPTS });

  constructor(readonly setting: DirectSetting) {}

  /** The answer to a POST, now or later; undefined, and nothing was done: it is Apollo Server's to answer. */
  answer(request: Came): Said | Promise<Said> | undefined {
    const { headers } = request;
    // By this type it is no request that a page of another origin can make unasked.
    if (!headers["content-type"]?.startsWith("application/json")) return undefined;
    const type = this.#types.get(headers.accept ?? "");
    const asked = type === undefined ? undefined : ordinaryIn(request.body, this.setting.trusted);
    if (type === undefined || !asked) return undefined;
    const context = this.setting.contextOf(request);
    const prepared = this.#prepare(context, asked);
    const result = "operation" in prepared ? this.#run(prepared) : { errors: prepared };
    if (result instanceof Promise) return result.then((it) => said(type, context, it));
    return said(type, context, result);
  }

  /** Sends the answer, now or later; false, and nothing was done. */
  takes(request: FastifyRequest, reply: FastifyReply): boolean {
    const answer = request.method === "POST" ? this.answer(request) : undefined;
    if (answer === undefined) return false;
    const send = ({ type, status, headers, text }: Said) => reply.type(type).code(status).headers(headers).send(text);
    if (answer instanceof Promise) answer.then(send).catch((error: unknown) => reply.send(error));
    else send(answer);
    return true;
  }

  /** Apollo Server answered this request. */
  learn({ method, headers: { accept = "" } }: FastifyRequest, reply: FastifyReply): void {
    const type = reply.getHeader("content-type");
    const isAnswer = method === "POST" && reply.statusCode === 200 && typeof type === "string";
    if (isAnswer && accept.length <= LONGEST_ACCEPT) this.#types.set(accept, type);
  }

  #prepare(context: Context, { query, operationName, variables }: Ordinary): Prepared | readonly GraphQLError[] {
    const { runner } = this.setting;
    const text = runner.read(context, query);
    const isLive = text instanceof Text && text.operation(operationName)?.isLive;
    return isLive ? [notLive(context)] : runner.prepare(context, text, { operationName, variables });
  }

  #run(prepared: Prepared): Result | Promise<Result> {
    const failed = (error: unknown): Result => ({
      errors: [new GraphQLError("it could not be run", { originalError: error as Error })],
    });
    try {
      const result = run(prepared);
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  }
}
