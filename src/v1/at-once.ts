import type { IncomingMessage, ServerResponse } from "node:http";
import { recognizeAtOnce } from "../http/caller.js";
import type { RequestLines } from "../http/observe.js";
import type { Paced } from "../http/pace.js";
import { lacksOneHost } from "../http/plain.js";
import { newId } from "../ids.js";
import type { Messages } from "../messages/index.js";
import type { PointsPerMinute } from "../minute.js";
import type { Opened } from "../services.js";
import { type Answer, type Answers, type Head, isSame } from "./answers.js";
import { limitHead } from "./call-limit.js";

export interface AtOnce {
  services: Opened["services"];
  messages: Messages;
  answers: Answers;
  calls: PointsPerMinute;
  pace: Paced;
  lines: RequestLines;
}

/** Below a path of PUBLIC_URL too, where the proxy leaves it. */
const PREFIX = "/api/v1/";

/** Whether everything that was asked stands in its address, its key and its language. */
const isPlain = (request: IncomingMessage): boolean => {
  const { headers, method, url } = request;
  return (
    (method === "GET" || method === "HEAD") &&
    url?.includes(PREFIX) === true &&
    headers["content-length"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    headers.upgrade === undefined &&
    headers.expect === undefined &&
    !lacksOneHost(request)
  );
};

/** Where an earlier answer of its line is not sent yet, one waits for its turn. */
const isFree = ({ socket }: ServerResponse): boolean => socket?.writableLength === 0;

/**
 * Gives a read that was answered before its answer again, before the framework makes anything of the request: for a
 * partner that polls, that is most of what a call costs. All it leaves out it has looked for and not found; what is
 * refused, limited, new or unusual goes the whole way.
 * @returns whether it has answered
 */
export function answerAtOnce({ services, messages, answers, calls, pace, lines }: AtOnce) {
  /** What was answered before, and to whom; undefined where nothing was. */
  function recall(request: IncomingMessage) {
    const { license, "accept-language": accepted } = request.headers;
    const caller = typeof license === "string" ? recognizeAtOnce(services, license) : undefined;
    if (!caller) return undefined;
    const language = messages.negotiate(accepted);
    const answer = answers.find(caller.license, { originalUrl: request.url ?? "", language });
    return answer && { answer, id: caller.license.id };
  }

  function send(request: IncomingMessage, response: ServerResponse, answer: Answer, limits: Head): number {
    if (isSame(answer, request.headers["if-none-match"])) {
      response.writeHead(304, [...limits, ...answer.unchanged]).end();
      return 304;
    }
    response.writeHead(answer.status, [...limits, ...answer.head]);
    if (request.method === "HEAD") response.end();
    else pace.end(response, answer.bytes);
    return answer.status;
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const begun = services.clock.monotonic();
    if (!isPlain(request) || !isFree(response)) return false;
    let known: ReturnType<typeof recall>;
    try {
      known = recall(request);
    } catch {
      // The way through the framework meets the same, and tells it.
      return false;
    }
    if (!known) return false;
    const { answer, id } = known;
    const state = calls.spend(id);
    if (state.isSpent) return false;
    const status = send(request, response, answer, limitHead(calls.limit, state));
    const { method = "" } = request;
    const told = { id: newId(), method, routeOptions: { url: answer.route } };
    const tell = () => lines.answered({ request: told as never, status, took: services.clock.monotonic() - begun });
    // A large one is over when its reader has it.
    if (response.writableFinished) tell();
    else response.once("close", tell);
    return true;
  };
}
