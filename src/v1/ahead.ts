import type { IncomingMessage } from "node:http";
import { type Answered, isOrdinary, type Line, Passing, type Past, showsKey } from "../http/ahead.js";
import { hasSmallJson, takeBody } from "../http/begun.js";
import { parsed } from "../http/body.js";
import type { MinuteState } from "../minute.js";
import { type Answer, answerOf, type Head, isSame, type License, toldOnce } from "./answers.js";
import { limitHead } from "./call-limit.js";
import { type Came, routeFor, type Said, saidBy, type V1, walk, type Walked } from "./handler.js";
import { table } from "./paths.js";
import { bodies } from "./plugin.js";
import { isRead, type Route } from "./routes.js";

export interface Ahead extends Past {
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

/** Who calls, and what is left of its calls. */
interface Calling {
  caller: Came["caller"] & { license: License };
  state: MinuteState;
}

/** A call on its way past the framework. */
class Call extends Passing {
  constructor(
    line: Line,
    readonly ahead: Ahead,
    readonly target: Target,
  ) {
    super(line, ahead);
  }

  /** To the framework, with all that was done already. */
  #goOnward({ state }: Calling, walked?: Promise<Walked | Said>): void {
    this.ahead.v1.begun.set(this.line.request, { state, ...(walked && { walked }) });
    this.goOnward();
  }

  /** @param bytes left out where it has no body */
  begin(bytes?: Buffer): void {
    this.body = bytes;
    this.withCaller((caller) => {
      const state = this.ahead.v1.calls.spend(caller.license.id);
      if (state.isSpent) return this.goOnward();
      const calling = { caller, state };
      try {
        return this.#run(calling, bytes && parsed(this.line.request, bytes, bodies));
      } catch {
        return this.#goOnward(calling);
      }
    });
  }

  #run(calling: Calling, body: unknown): void {
    const { caller } = calling;
    const { id, line, language, target } = this;
    const route = routeFor(target.routes, body);
    const came = { id, language, caller, headers: line.request.headers, query: target.query, body };
    const { v1 } = this.ahead;
    const asked = { originalUrl: line.request.url ?? "", language };
    v1.sameReads.begin(route, caller.license, asked, () => {
      // Answered meanwhile, to who asked the same and came first.
      const known = target.isRead ? v1.answers.find(caller.license, asked) : undefined;
      if (known) {
        this.leave(target.url, this.#told(calling, known));
        return false;
      }
      const walked = walk(route, came, v1);
      walked.then(
        (result) => {
          const answer = this.#answerTo(calling, route, result);
          if (answer) this.leave(target.url, answer);
          else this.#goOnward(calling, walked);
        },
        () => this.#goOnward(calling, walked),
      );
      return walked;
    });
  }

  /** undefined where it is the framework's to give: a list of many pieces, or a fault of ours. */
  #answerTo(calling: Calling, route: Route, walked: Walked | Said): Answered | undefined {
    const isWhole = !("outcome" in walked) || "refused" in walked.outcome || walked.outcome.next === null;
    if (!isWhole) return undefined;
    try {
      return this.#answer(calling, "outcome" in walked ? saidBy(route, walked.context, walked.outcome) : walked);
    } catch {
      return undefined;
    }
  }

  #answer(calling: Calling, { status, body, retryAfter, isLasting }: Said): Answered {
    const { ahead, language, line, target } = this;
    const later = retryAfter === undefined ? [] : ["retry-after", String(retryAfter)];
    if (!target.isRead || isLasting !== true) {
      const { head, text } = toldOnce(body, language);
      return { status, head: [...this.#limits(calling), ...later, ...head], body: text };
    }
    const answer = answerOf(status, body, { language, route: target.url });
    ahead.v1.answers.keep(calling.caller.license, { originalUrl: line.request.url ?? "", language }, answer);
    return this.#told(calling, answer, later);
  }

  #limits({ state }: Calling): Head {
    return limitHead(this.ahead.v1.calls.limit, state);
  }

  #told(calling: Calling, answer: Answer, later: Head = []): Answered {
    const first = [...this.#limits(calling), ...later];
    if (isSame(answer, this.line.request.headers["if-none-match"])) {
      return { status: 304, head: [...first, ...answer.unchanged], body: undefined };
    }
    return { status: answer.status, head: [...first, ...answer.head], body: answer.bytes };
  }
}

/**
 * Runs a call as nearly every program sends it before the framework makes anything of the request, which for a small one
 * is half of what it costs. What it leaves out it has looked for and not found; what is refused, limited, unusual or
 * fails goes the framework's way from where it has come to: nothing is done or paid twice.
 * @returns begins a request, or says that it did not
 */
export const beginCalls = (ahead: Ahead) => (line: Line) => {
  const { request } = line;
  const isBare = hasNoBody(request);
  const target = targetOf(request);
  if (!target || (!isBare && !hasSmallJson(request)) || !showsKey(request) || !isOrdinary(line)) return false;
  const call = new Call(line, ahead, target);
  if (isBare) call.begin();
  else takeBody(request, (bytes) => (bytes ? call.begin(bytes) : call.goOnward()));
  return true;
};
