import { isOrdinary, type LetIn, type Line, Passing, type Past, showsKey } from "../../http/ahead.js";
import { hasSmallJson, takeBody } from "../../http/begun.js";
import { parsed } from "../../http/body.js";
import type { Direct, Said } from "./direct.js";
import { bodies, errorOf } from "./no-operation.js";
import { finish } from "../run/finish.js";
import { tellingOf } from "./refuse.js";

/** In the order in which the framework's way has them. */
function headOf({ type, headers, text }: Said, language: string): string[] {
  const head = ["cache-control", "no-store", "content-type", type];
  for (const name in headers) head.push(name, headers[name] as string);
  head.push("content-language", language, "vary", "Accept-Language", "content-length", String(Buffer.byteLength(text)));
  return head;
}

class Question extends Passing {
  constructor(
    line: Line,
    past: Past,
    readonly direct: Direct,
  ) {
    super(line, past);
  }

  #leave(said: Said): void {
    this.leave("/graphql", { status: said.status, head: headOf(said, this.language), body: said.text });
  }

  /** It was begun, so nobody may do it again. */
  #failed(thrown: Error): void {
    const telling = tellingOf(this, this.past);
    const { errors, head } = finish([errorOf(thrown, telling)], telling);
    const type = "application/json; charset=utf-8";
    const text = JSON.stringify({ errors });
    this.#leave({ status: head?.status ?? 500, type, headers: { ...head?.headers }, text });
  }

  begin(bytes: Buffer): void {
    this.body = bytes;
    this.withCaller((caller) => this.#run(caller, bytes));
  }

  #run(caller: LetIn, bytes: Buffer): void {
    const { id, language, line } = this;
    let answer: Said | Promise<Said> | undefined;
    try {
      const body = parsed(line.request, bytes, bodies);
      answer = this.direct.answer({ id, language, caller, headers: line.request.headers, body });
    } catch {
      // The framework's way meets the same, and tells it.
    }
    if (answer === undefined) this.goOnward();
    else if (answer instanceof Promise) {
      answer.then(
        (said) => this.#leave(said),
        (thrown: Error) => this.#failed(thrown),
      );
    } else this.#leave(answer);
  }
}

/**
 * Runs an operation as nearly every server sends it, by a license's key, before the framework makes anything of the
 * request. What is refused before it is an operation, and all that Apollo Server has rules for, goes the framework's way.
 * @returns begins a request, or says that it did not
 */
export const beginQuestions = (direct: Direct, past: Past) => (line: Line) => {
  const { request } = line;
  const isPost = request.method === "POST" && request.url === "/graphql";
  if (!isPost || request.headers.authorization !== undefined || !hasSmallJson(request)) return false;
  if (!showsKey(request) || !isOrdinary(line)) return false;
  const question = new Question(line, past, direct);
  takeBody(request, (bytes) => (bytes ? question.begin(bytes) : question.goOnward()));
  return true;
};
