import type { IncomingMessage, ServerResponse } from "node:http";
import { handOver, hasSmallJson, takeBody } from "../http/begun.js";
import { parsed } from "../http/body.js";
import { recognizeAtOnce } from "../http/caller.js";
import { lacksOneHost } from "../http/plain.js";
import { newId } from "../ids.js";
import type { MinuteState } from "../minute.js";
import { type Answer, answerOf, isSame, type License } from "./answers.js";
import type { AtOnce } from "./at-once.js";
import { limitHead } from "./call-limit.js";
import { type Came, routeFor, type Said, saidBy, type V1, walk, type Walked } from "./handler.js";
import { table } from "./paths.js";
import { bodies } from "./plugin.js";
import { isRead, type Route } from "./routes.js";

export interface Ahead extends Omit<AtOnce, "answers" | "calls"> {
  v1: V1;
}

/** One of our addresses as nearly every program writes it: at most one id, and nothing that had to be decoded. */
const plainTarget = /^(\/api\/v1\/([a-z_]+)\/?)(?:\?(meeting_id|session_id)=([\da-f-]+))?$/;

interface Target {
  /** What the log calls it. */
  url: string;
  routes: readonly Route[];
  isRead: boolean;
  query: Record<string, string>;
}

function targetOf({ url = "", method = "" }: IncomingMessage): Target | undefined {
  const [, route = "", path = "", name, id] = plainTarget.exec(url) ?? [];
  const at = table.get(path);
  if (!at?.methods.includes(method)) return undefined;
  const query = name !== undefined && id !== undefined ? { [name]: id } : {};
  return { url: route, routes: at.routes, isRead: isRead(at), query };
}

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] === undefined && headers["transfer-encoding"] === undefined;

/** Whether nothing is asked of the line itself, and its answer may leave as soon as it is there. */
const isOrdinary = (request: IncomingMessage, response: ServerResponse): boolean =>
  request.headers.upgrade === undefined &&
  request.headers.expect === undefined &&
  response.socket?.writableLength === 0 &&
  !lacksOneHost(request);

/** A call on its way past the framework. */
class Call {
  readonly id = newId();
  readonly #begunAt: number;
  #body: Buffer | undefined;

  constructor(
    readonly ahead: Ahead,
    readonly line: { request: IncomingMessage; response: ServerResponse; onward: () => void },
    readonly asked: {
      target: Target;
      caller: Came["caller"] & { license: License };
      state: MinuteState;
      language: string;
    },
  ) {
    this.#begunAt = ahead.services.clock.monotonic();
  }

  /** To the framework, with all that was done already. */
  #goOnward(walked?: Promise<Walked | Said>): void {
    const { request, onward } = this.line;
    handOver(request, { id: this.id, body: this.#body });
    this.ahead.v1.begun.set(request, { state: this.asked.state, ...(walked && { walked }) });
    onward();
  }

  withBody(bytes: Buffer | undefined): void {
    this.#body = bytes;
    if (!bytes) return this.#goOnward();
    let body: unknown;
    try {
      body = parsed(this.line.request, bytes, bodies);
    } catch {
      return this.#goOnward();
    }
    return this.run(body);
  }

  run(body: unknown): void {
    const { target, caller, language } = this.asked;
    const { id, line } = this;
    const route = routeFor(target.routes, body);
    const came = { id, language, caller, headers: line.request.headers, query: target.query, body };
    const walked = walk(route, came, this.ahead.v1);
    walked.then(
      (result) => {
        const answer = this.#answerTo(route, result);
        if (answer) this.#send(answer);
        else this.#goOnward(walked);
      },
      () => this.#goOnward(walked),
    );
  }

  /** undefined where it is the framework's to give: a list of many pieces, or a fault of ours. */
  #answerTo(route: Route, walked: Walked | Said): { answer: Answer; retryAfter: number | undefined } | undefined {
    const { target, language, caller } = this.asked;
    const isWhole = !("outcome" in walked) || "refused" in walked.outcome || walked.outcome.next === null;
    if (!isWhole) return undefined;
    try {
      const said = "outcome" in walked ? saidBy(route, walked.context, walked.outcome) : walked;
      const answer = answerOf(said.status, said.body, { language, route: target.url, isRead: target.isRead });
      if (target.isRead && said.isLasting) {
        this.ahead.v1.answers.keep(caller.license, { originalUrl: this.line.request.url ?? "", language }, answer);
      }
      return { answer, retryAfter: said.retryAfter };
    } catch {
      return undefined;
    }
  }

  #send({ answer, retryAfter }: { answer: Answer; retryAfter: number | undefined }): void {
    const { request, response } = this.line;
    const { pace, lines, services, v1 } = this.ahead;
    const isKnown = isSame(answer, request.headers["if-none-match"]);
    const status = isKnown ? 304 : answer.status;
    const limits = limitHead(v1.calls.limit, this.asked.state);
    const later = retryAfter === undefined ? [] : ["retry-after", String(retryAfter)];
    response.writeHead(status, [...limits, ...later, ...(isKnown ? answer.unchanged : answer.head)]);
    if (isKnown) response.end();
    else pace.end(response, answer.bytes);
    const told = { id: this.id, method: request.method, routeOptions: { url: answer.route } };
    const tell = () =>
      lines.answered({ request: told as never, status, took: services.clock.monotonic() - this.#begunAt });
    if (response.writableFinished) tell();
    else response.once("close", tell);
  }
}

/**
 * Runs a call as nearly every program sends it before the framework makes anything of the request, which for a small one
 * is half of what it costs. What it leaves out it has looked for and not found; what is refused, limited, unusual or
 * fails goes the framework's way from where it has come to: nothing is done or paid twice.
 */
export function beginCalls(ahead: Ahead) {
  const { services, messages, v1 } = ahead;
  return (request: IncomingMessage, response: ServerResponse, onward: () => void): boolean => {
    const { license, "accept-language": accepted } = request.headers;
    if (typeof license !== "string") return false;
    const isBare = hasNoBody(request);
    if ((!isBare && !hasSmallJson(request)) || !isOrdinary(request, response)) return false;
    const target = targetOf(request);
    if (!target) return false;
    let caller: ReturnType<typeof recognizeAtOnce>;
    try {
      caller = recognizeAtOnce(services, license);
    } catch {
      return false;
    }
    if (!caller) return false;
    const state = v1.calls.spend(caller.license.id);
    if (state.isSpent) return false;
    const language = messages.negotiate(accepted);
    const call = new Call(ahead, { request, response, onward }, { target, caller, state, language });
    if (isBare) call.run(undefined);
    else takeBody(request, (bytes) => call.withBody(bytes));
    return true;
  };
}
