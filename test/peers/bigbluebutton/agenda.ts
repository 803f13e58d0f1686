interface Entry {
  at: number;
  run: () => unknown;
}

/** The peer's clock, and what it will do when. Time goes by itself and can be made to go faster. */
export class Agenda {
  #ahead = 0;
  #entries: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #running = new Set<Promise<unknown>>();

  constructor(private readonly wall: () => number) {}

  /** Milliseconds since 1970. */
  now(): number {
    return this.wall() + this.#ahead;
  }

  /** @returns takes it off the agenda */
  in(ms: number, run: () => unknown): () => void {
    const entry = { at: this.now() + ms, run };
    this.#entries.push(entry);
    this.#wait();
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }

  /** Is waited for by `idle`. */
  begin(work: Promise<unknown>): void {
    const settled = work.catch(() => {}).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  /** Lets so much time go by; what falls due meanwhile is done in its order, and waited for. */
  async advance(ms: number): Promise<void> {
    await this.idle();
    const until = this.now() + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#ahead += Math.max(0, next.at - this.now());
      this.#run(next);
      await this.idle();
    }
    this.#ahead += Math.max(0, until - this.now());
    this.#wait();
  }

  /** When nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  stop(): void {
    this.#stopped = true;
    this.#entries = [];
    clearTimeout(this.#timer);
  }

  #next(until: number): Entry | undefined {
    const due = this.#entries.filter(({ at }) => at <= until);
    return due.reduce<Entry | undefined>((first, each) => (first && first.at <= each.at ? first : each), undefined);
  }

  #run(entry: Entry): void {
    this.#entries = this.#entries.filter((each) => each !== entry);
    const result = entry.run();
    if (result instanceof Promise) this.begin(result);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const first = this.#next(Number.POSITIVE_INFINITY);
    if (!first) return;
    // The longest that setTimeout can wait.
    const ms = Math.min(Math.max(0, first.at - this.now()), 2_147_483_647);
    this.#timer = setTimeout(() => {
      for (let next = this.#next(this.now()); next; next = this.#next(this.now())) this.#run(next);
      this.#wait();
    }, ms).unref();
  }
}
