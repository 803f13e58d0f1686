import type { Clock } from "../../clock.js";

/** So many of a kind are taken of one person in so many milliseconds, whenever these begin. */
const MOST_OF_A_KIND = 10;
const KIND_MS = 10_000;

/** When the last of each kind were taken. In memory: a restart may forgive. */
export class Pace {
  /** In the order of their latest, because each goes to the end. */
  readonly #taken = new Map<string, number[]>();

  constructor(readonly clock: Pick<Clock, "monotonic">) {}

  /** False where there were too many lately: this one does not count then. */
  take(key: string, most = MOST_OF_A_KIND): boolean {
    const since = this.clock.monotonic() - KIND_MS;
    for (const [old, times] of this.#taken) {
      if ((times.at(-1) ?? 0) > since) break;
      this.#taken.delete(old);
    }
    const lately = (this.#taken.get(key) ?? []).filter((at) => at > since);
    if (lately.length >= most) return false;
    this.#taken.delete(key);
    this.#taken.set(key, [...lately, this.clock.monotonic()]);
    return true;
  }
}
