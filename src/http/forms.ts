import { type IncomingHttpHeaders, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import { newId } from "../ids.js";
import type { MessageKey, Messages } from "../messages/index.js";

/** What a door's refusal is made from, where no code of the door is reached. */
interface Refused {
  status: number;
  sentence: string;
  requestId: string;
}

/** How one door writes a refusal. */
export interface Form {
  /** Its addresses begin with it. */
  prefix: string;
  body(refused: Refused): object;
}

const outside: Form = { prefix: "", body: ({ sentence }) => ({ error: sentence }) };

const sentences: Record<number, MessageKey> = {
  404: "error.notFound",
  408: "error.tooSlow",
  413: "error.bodyTooLarge",
  415: "error.mediaType",
  431: "error.headersTooLarge",
  500: "error.internal",
  503: "error.unavailable",
};

/** What a file that could not be opened after all has already been said to be. */
const ofFiles = ["content-length", "content-range", "content-encoding", "accept-ranges", "etag", "last-modified"];

/** From here on the answer is ours, whatever was said of another one before. */
export function asJson(reply: FastifyReply): FastifyReply {
  for (const name of ofFiles) reply.removeHeader(name);
  return reply.type("application/json; charset=utf-8");
}

/** What is known of a request that became none. */
export interface Asked {
  url?: string | undefined;
  headers: Pick<IncomingHttpHeaders, "accept-language">;
}

export interface Forms {
  /**
   * In the form of the door that the address belongs to, although none of its code was reached.
   * @param key the sentence; the status' own when left out
   */
  refuse(request: FastifyRequest, reply: FastifyReply, status: number, key?: MessageKey): FastifyReply;
  /** The same where there is no reply to send, and ends the line. */
  refuseLine(line: Duplex, status: number, asked: Asked, headers?: Record<string, string>): void;
}

/** Every answer has its door's form, also those that the framework and Node make by themselves (error-2). */
export function formsOf(doors: readonly Form[], messages: Messages, addressOf: (target: string) => string): Forms {
  const formAt = (path: string): Form =>
    doors.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`)) ?? outside;
  const keyOf = (status: number): MessageKey =>
    sentences[status] ?? (status < 500 ? "fault.request" : "error.internal");
  const always = (language: string) => ({
    "content-language": language,
    vary: "Accept-Language",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });

  return {
    refuse(request, reply, status, key = keyOf(status)) {
      const { id: requestId, headers } = request;
      // Where the address can't be decoded no hook has run yet.
      const language = request.language || messages.negotiate(headers["accept-language"]);
      const sentence = messages.text(language, key, { requestId });
      const [path = ""] = request.url.split("?", 1);
      if (status === 503) reply.header("retry-after", "1");
      return asJson(reply)
        .code(status)
        .headers(always(language))
        .send(formAt(path).body({ status, sentence, requestId }));
    },
    refuseLine(line, status, asked, further = {}) {
      const language = messages.negotiate(asked.headers["accept-language"]);
      const [path = ""] = addressOf(asked.url ?? "").split("?", 1);
      const requestId = newId();
      const sentence = messages.text(language, keyOf(status), { requestId });
      const body = JSON.stringify(formAt(path).body({ status, sentence, requestId }));
      const headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(body),
        ...always(language),
        ...further,
        connection: "close",
      };
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      line.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
    },
  };
}
