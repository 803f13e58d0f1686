import { startThread } from "../../../threads.js";
import type { JoinedPart } from "./join.js";
import type { JoinAnswer, JoinWork } from "./join-thread.js";

/** In MiB; what it holds does not grow with the recording's length, but for its table. */
const MOST_MEMORY = 512;

/** What joins is loaded with the thread, and gone with it: a server that records nothing pays nothing for it. */
export class JoinFailed extends Error {
  override readonly name = "JoinFailed";
  constructor(
    message: string,
    /** Of the system, where it has one: `ENOSPC`. */
    readonly code?: string | undefined,
  ) {
    super(message);
  }
}

/**
 * `joinParts` in a thread of its own, so that it holds up nobody.
 * @param withinMs longer than that it works on nothing
 * @param signal ends it
 * @throws JoinFailed
 */
export function joinApart(work: JoinWork, withinMs: number, signal: AbortSignal): Promise<JoinedPart[] | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new JoinFailed("the process ends"));
    const resourceLimits = { maxOldGenerationSizeMb: MOST_MEMORY };
    const thread = startThread(import.meta.url, "join-thread", { workerData: work, resourceLimits });
    const stop = () => void thread.terminate();
    const late = setTimeout(stop, withinMs);
    signal.addEventListener("abort", stop, { once: true });
    thread.once("message", (answer: JoinAnswer) => {
      if ("failed" in answer) reject(new JoinFailed(answer.failed.message, answer.failed.code));
      else resolve(answer.parts);
    });
    thread.once("error", ({ message }: Error) => reject(new JoinFailed(message)));
    thread.once("exit", () => {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
      reject(new JoinFailed("the thread that joins ended early"));
    });
  });
}
