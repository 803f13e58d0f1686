import { setTimeout as sleep } from "node:timers/promises";
import { late } from "../../late.js";
import type { EngineSetting } from "../engine.js";
import type { Answer } from "./answer.js";
import { Breaker } from "./breaker.js";
import { failed, NoAnswer } from "./errors.js";
import type { Checksum } from "./flavours.js";
import { Line } from "./line.js";
import { type Pairs, signed } from "./signing.js";

/** Where a server is, and how it is asked. */
export interface Access {
  /** Ends with `/api/`. */
  base: string;
  secret: string;
  checksum: Checksum;
}

export interface Asking {
  /** Of all attempts together; the time of a call, when left out. */
  wholeMs?: number;
  /** It changes nothing, so it is tried again. */
  isRead?: boolean;
}

/** Attempts of a read, after the first. */
const REPEATS = 2;
const FIRST_PAUSE_MS = 200;

/** Up to half more, so that those who failed together do not come back together. */
const pauseBefore = (attempt: number): number => FIRST_PAUSE_MS * 3 ** (attempt - 1) * (1 + Math.random() / 2);

/** A gateway with no such engine never loads it. */
const loadAnswer = late(() => import("./answer.js"));

/** The server's API: signs, calls, reads. No error of it holds an address, a checksum or the secret. */
export class Client {
  readonly #line: Line;
  readonly #breaker: Breaker;

  constructor(
    readonly access: Access,
    readonly setting: Pick<EngineSetting, "timings" | "clock">,
  ) {
    this.#line = new Line(access.base);
    this.#breaker = new Breaker(setting.clock, setting.timings.enginePause);
  }

  /** The whole address of a call, for a browser. A credential. */
  address(call: string, pairs: Pairs): string {
    return this.access.base + this.#signed(call, pairs);
  }

  /**
   * @returns what the server said, whether that is SUCCESS or FAILED
   * @throws NoAnswer
   */
  async ask(call: string, pairs: Pairs, { wholeMs, isRead = false }: Asking = {}): Promise<Answer> {
    const path = new URL(this.access.base).pathname + this.#signed(call, pairs);
    const { clock, timings } = this.setting;
    const until = clock.monotonic() + (wholeMs ?? timings.engineCall);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(path, until - clock.monotonic());
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        const pause = pauseBefore(attempt + 1);
        if (!isRead || attempt === REPEATS || clock.monotonic() + pause >= until) {
          throw new NoAnswer(`${call}: ${error.message}`, error.mayHaveArrived, error.status);
        }
        await sleep(pause);
      }
    }
  }

  /**
   * The same for a call that must succeed.
   * @throws EngineUnavailable, EngineRefused
   */
  async demand(call: string, pairs: Pairs, asking?: Asking): Promise<Answer> {
    const answer = await this.ask(call, pairs, asking);
    if (!answer.isSuccess) throw failed(call, answer.key);
    return answer;
  }

  /** The API's version, which is told to anybody. @throws NoAnswer */
  async version(): Promise<string> {
    const { pathname } = new URL(this.access.base);
    const { response } = await this.#once(pathname, this.setting.timings.engineCall);
    return response.textOf("version");
  }

  close(): void {
    this.#line.close();
  }

  #signed(call: string, pairs: Pairs): string {
    const { secret, checksum } = this.access;
    return signed(call, pairs, secret, checksum);
  }

  async #once(path: string, wholeMs: number): Promise<Answer> {
    this.#breaker.pass();
    const { AnswerReader } = await loadAnswer();
    const reader = new AnswerReader();
    try {
      const connectMs = this.setting.timings.engineConnect;
      await this.#line.get(path, { connectMs, wholeMs }, (piece) => reader.write(piece));
      const answer = readWhole(reader);
      this.#breaker.answered();
      return answer;
    } catch (error) {
      this.#breaker.unanswered();
      throw error;
    }
  }
}

/** @throws NoAnswer where what came is no whole answer of the dialect */
function readWhole(reader: { end(): Answer }): Answer {
  try {
    return reader.end();
  } catch (error) {
    throw new NoAnswer((error as Error).message, true);
  }
}
