// Pieces on their way to the server: one after the other, each kept until the server says that it is written.

import type { Ticket } from "../../../recording/ticket.js";

interface Listener {
  /** The token is good no more. */
  askAgain(): void;
  /** Nothing is kept; the last one is written too, where it came. */
  empty(): void;
  /** So much is kept that no more may come. */
  full(): void;
  /** The server takes no more of them. */
  refused(code: string): void;
}

const sendWithinMs = 30_000;
const hangsAfterMs = 3_000;
const shortestWaitMs = 1_000;
const longestWaitMs = 15_000;

type Answer = { status: number; next?: number; code?: string };

export class Pieces {
  readonly #kept: { piece: Blob; isLast: boolean }[] = [];
  /** The number of the first that is kept. */
  #first = 0;
  #bytes = 0;
  #isSending = false;
  #isOver = false;
  #fails = 0;
  #wake: (() => void) | undefined;
  #sending = new AbortController();
  #sentAt = 0;

  constructor(
    public ticket: Ticket,
    /** Bytes that are kept at most, while the line is broken. */
    readonly most: number,
    readonly listener: Listener,
  ) {}

  get isOver(): boolean {
    return this.#isOver;
  }

  add(piece: Blob, isLast: boolean): void {
    if (this.#isOver) return;
    this.#kept.push({ piece, isLast });
    this.#bytes += piece.size;
    void this.#sendAll();
    if (this.#bytes > this.most && !isLast) this.listener.full();
  }

  /** Another token: what waits is tried at once. */
  renew(ticket: Ticket): void {
    this.ticket = ticket;
    this.#wake?.();
  }

  /** The line is back. What was sent on the old one may hang for as long as the browser has patience. */
  wake(): void {
    this.#fails = 0;
    this.#wake?.();
    const sending = this.#sending;
    setTimeout(() => sending.abort(), hangsAfterMs - (performance.now() - this.#sentAt));
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#kept.length > 0 && !this.#isOver) {
      const [first] = this.#kept;
      if (first) await this.#act(await this.#send(first), first.isLast);
    }
    this.#isSending = false;
    if (!this.#isOver) this.listener.empty();
  }

  async #send({ piece, isLast }: { piece: Blob; isLast: boolean }): Promise<Answer> {
    const { address, token } = this.ticket;
    this.#sending = new AbortController();
    this.#sentAt = performance.now();
    const timer = setTimeout(() => this.#sending.abort(), sendWithinMs);
    try {
      const response = await fetch(new URL(`${address}${this.#first}`, location.href), {
        method: "PUT",
        body: piece,
        credentials: "omit",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/octet-stream",
          ...(isLast && { "recording-last": "true" }),
        },
        signal: this.#sending.signal,
      });
      const { status } = response;
      const body = (await response.json().catch(() => ({}))) as Omit<Answer, "status">;
      return { ...body, status };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  async #act({ status, next, code }: Answer, isLast: boolean): Promise<void> {
    if (status === 200 || status === 409) await this.#goOn(next ?? this.#first + 1);
    else if (status === 410 && isLast && this.#fails > 0)
      await this.#goOn(this.#first + 1); // its answer was lost
    else if (status === 401) {
      this.listener.askAgain();
      await this.#wait();
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) this.giveUp(code ?? "");
    else if (status === 507) this.giveUp("STORAGE_FULL");
    else await this.#wait();
  }

  /** The server has all before this one. */
  async #goOn(next: number): Promise<void> {
    const gone = next - this.#first;
    if (gone === 0) return this.#wait();
    this.#fails = 0;
    // It misses what it had written: nothing that is kept would follow on that.
    if (gone < 0 || gone > this.#kept.length) return this.giveUp("GAP");
    for (const { piece } of this.#kept.splice(0, gone)) this.#bytes -= piece.size;
    this.#first = next;
  }

  /** None of them is sent any more. */
  giveUp(code: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#kept.length = 0;
    this.#bytes = 0;
    this.#wake?.();
    this.listener.refused(code);
  }

  async #wait(): Promise<void> {
    const ms = Math.min(longestWaitMs, shortestWaitMs * 2 ** this.#fails);
    this.#fails += 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
