import { type Answers, type Asked, type License, nameOf } from "./answers.js";
import type { Operations } from "./operations.js";
import { isRead, type Route } from "./routes.js";

/** So long at most one waits for who asked the same first: what is slow once need not be slow for all of them. */
const WAIT_MS = 1_000;

interface Reading {
  license: License;
  waiting: (() => void)[];
  late: NodeJS.Timeout | undefined;
}

/**
 * Where the same is being read already for who came first, others wait for that one's answer and are given it, instead of
 * having the database read it for each. Only where the license is the object that was there before that reading began: what
 * was answered since then would have changed it, so nobody is told what is older than their call (decision 69).
 */
export class SameReads {
  readonly #underWay = new Map<string, Reading>();

  constructor(
    readonly answers: Answers,
    readonly operations: Operations,
  ) {}

  /**
   * Begins what answers this call, in its turn.
   * @param work looks first whether the answer is there, and returns false then; else what it reads, with all that is
   * done with it called for already
   */
  begin(route: Route, license: License, asked: Asked, work: () => false | Promise<unknown>): void {
    const begin = (run: () => unknown) => this.operations.begin(route.operation, run);
    // What an engine tells in this moment is nobody else's.
    if (!isRead(route) || route.passes || !this.answers.keepsAny) return begin(work);
    const name = nameOf(license, asked);
    begin(() => {
      const other = this.#underWay.get(name);
      if (other?.license !== license) return this.#note(name, license, work());
      other.late ??= setTimeout(() => this.#over(name, other), WAIT_MS).unref();
      // Read for each after all, where that one's answer was not to be kept.
      other.waiting.push(() => begin(work));
      return false;
    });
  }

  #note(name: string, license: License, read: false | Promise<unknown>): unknown {
    if (read === false) return false;
    const reading: Reading = { license, waiting: [], late: undefined };
    this.#underWay.set(name, reading);
    const over = () => this.#over(name, reading);
    read.then(over, over);
    return read;
  }

  #over(name: string, reading: Reading): void {
    if (this.#underWay.get(name) === reading) this.#underWay.delete(name);
    clearTimeout(reading.late);
    // By then its answer is kept.
    if (reading.waiting.length > 0) setImmediate(() => reading.waiting.splice(0).forEach((begin) => begin()));
  }
}
