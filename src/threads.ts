import { Worker, type WorkerOptions } from "node:worker_threads";

/** In development and in tests there is no compiled file beside the one that starts it; then what compiles that compiles this. */
const uncompiled = (file: URL): string =>
  `import("tsx/esm/api").then(({ register }) => { register(); return import(${JSON.stringify(file)}); });`;

/** @param beside the module (its `import.meta.url`) beside which the thread's own one lies, under that name */
export function startThread(beside: string, name: string, options: WorkerOptions): Worker {
  if (beside.endsWith(".js")) return new Worker(new URL(`./${name}.js`, beside), options);
  return new Worker(uncompiled(new URL(`./${name}.ts`, beside)), { ...options, eval: true });
}

export interface LastingThreadOptions<Said> {
  start(): Worker;
  heard(said: Said): void;
  /** It ended by itself, or failed. */
  died(cause: unknown): void;
  /** Where it is left in rest for so long, it ends and gives back its memory. */
  idleMs: number;
}

/** A thread that begins when it is first needed, keeps no process alive, and is heard of only while it is the current one. */
export class LastingThread<Said> {
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Settled when the last one is gone. */
  #ended: Promise<unknown> | undefined;

  constructor(readonly options: LastingThreadOptions<Said>) {}

  tell(message: unknown): void {
    clearTimeout(this.#idle);
    this.#thread ??= this.#start();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
    this.#thread.postMessage(message);
  }

  /** It has nothing to do. */
  rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.end(), this.options.idleMs).unref();
  }

  #start(): Worker {
    const { start, heard, died } = this.options;
    const thread = start();
    thread.unref();
    thread.on("message", (said: Said) => {
      if (this.#thread === thread) heard(said);
    });
    const gone = (cause: unknown) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      died(cause);
    };
    return thread.once("error", gone).once("exit", gone);
  }

  /** The next that is told begins another. */
  end(): void {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = undefined;
    if (thread) this.#ended = thread.terminate();
  }

  /** @returns when it has let go of what it had open */
  async close(): Promise<void> {
    this.end();
    await this.#ended;
  }
}
