import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from "node:http";
import https from "node:https";
import { StringDecoder } from "node:string_decoder";
import { urlToHttpOptions } from "node:url";
import { NoAnswer } from "./errors.js";

/** Bytes of an answer; the longest real ones have a tenth of them. */
const LONGEST_ANSWER = 10 * 1024 * 1024;
/** Calls to one server at the same time; what comes on top of them waits for its turn. */
const LINES = 32;

export interface Waits {
  connectMs: number;
  wholeMs: number;
}

/** The server had closed a line that was kept, just as a call was put on it: another line may be taken. */
class StaleLine extends Error {}

/** What goes wrong under HTTP, by its short name: the long one may hold an address. */
const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? "the line broke";

/** HTTP to one server, over lines that are kept between calls. Follows no redirect. */
export class Line {
  readonly #target: RequestOptions;
  readonly #agent: http.Agent;
  readonly #send: (options: RequestOptions) => ClientRequest;
  readonly #connected: "connect" | "secureConnect";

  constructor(base: string) {
    const url = new URL(base);
    const isSecure = url.protocol === "https:";
    const kept = { keepAlive: true, maxSockets: LINES, maxFreeSockets: LINES };
    this.#agent = isSecure ? new https.Agent(kept) : new http.Agent(kept);
    this.#target = { ...urlToHttpOptions(url), agent: this.#agent, headers: { accept: "text/xml, application/xml" } };
    this.#send = isSecure ? https.request : http.request;
    this.#connected = isSecure ? "secureConnect" : "connect";
  }

  /**
   * @param path as it is to stand on the line
   * @param take is given the body as it comes; what it throws ends the call
   * @throws NoAnswer
   */
  async get(path: string, waits: Waits, take: (piece: string) => void): Promise<void> {
    try {
      await this.#get({ ...this.#target, path }, waits, take);
    } catch (error) {
      if (!(error instanceof StaleLine)) throw error;
      await this.#get({ ...this.#target, path, agent: false }, waits, take);
    }
  }

  #get(options: RequestOptions, { connectMs, wholeMs }: Waits, take: (piece: string) => void): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const request = this.#send(options);
      let hasLeft = false;
      let isAnswered = false;
      let connecting: NodeJS.Timeout | undefined;
      const fail = (what: string, status?: number) => {
        reject(new NoAnswer(what, hasLeft, status));
        request.destroy();
      };
      const whole = setTimeout(() => fail(`no answer within ${wholeMs} ms`), wholeMs);
      const onLine = () => {
        hasLeft = true;
        clearTimeout(connecting);
      };
      request.once("socket", (socket) => {
        if (request.reusedSocket || !socket.connecting) return onLine();
        connecting = setTimeout(() => fail(`no connection within ${connectMs} ms`), connectMs);
        socket.once(this.#connected, onLine);
      });
      request.once("close", () => {
        clearTimeout(whole);
        clearTimeout(connecting);
      });
      request.on("error", (error) => {
        if (request.reusedSocket && !isAnswered && codeOf(error) === "ECONNRESET") reject(new StaleLine());
        else fail(codeOf(error));
      });
      request.on("response", (response) => {
        isAnswered = true;
        read(response, take, fail, resolve);
      });
      request.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function read(
  response: IncomingMessage,
  take: (piece: string) => void,
  fail: (what: string, status?: number) => void,
  done: () => void,
): void {
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) return fail(`HTTP ${status}`, status);
  const decoder = new StringDecoder("utf8");
  let size = 0;
  response.on("data", (bytes: Buffer) => {
    size += bytes.length;
    if (size > LONGEST_ANSWER) return fail(`an answer of more than ${LONGEST_ANSWER} bytes`);
    try {
      take(decoder.write(bytes));
    } catch (error) {
      fail((error as Error).message);
    }
  });
  response.on("error", (error) => fail(codeOf(error)));
  response.on("end", () => (response.complete ? done() : fail("half an answer")));
}
