import type { Clock } from "./clock.js";

const MINUTE_MS = 60_000;

export interface MinuteState {
  remaining: number;
  /** Until it is full again. */
  resetInMs: number;
  isSpent: boolean;
}

/** How many servers count for themselves what is one bound for all of them. */
export interface Sharing {
  readonly count: number;
}

export const alone: Sharing = { count: 1 };

/** Each server keeps to its part, so that all together keep to the whole, and none has to ask the others. */
export const shareOf = (most: number, { count }: Sharing): number => Math.max(1, Math.floor(most / count));

interface Window {
  spent: number;
  /** By the monotonic clock: no step of the wall clock makes a minute longer or shorter. */
  endsAt: number;
}

/** So many points a minute for each key, the minute beginning with its first. In memory: a restart may forgive. */
export class PointsPerMinute {
  /** In the order in which they end, because all last equally long. */
  readonly #windows = new Map<string, Window>();

  constructor(
    readonly most: number,
    readonly clock: Pick<Clock, "monotonic">,
    readonly among: Sharing = alone,
  ) {}

  /** What may be spent here: this server's part of it. */
  get limit(): number {
    return shareOf(this.most, this.among);
  }

  /** What does not fit is not spent: something cheaper may still fit. */
  spend(key: string, points = 1): MinuteState {
    return this.#spend(key, points, false);
  }

  /** For what is done already: as much of it as is left. With 0, only what is left is looked at. */
  take(key: string, points: number): MinuteState {
    return this.#spend(key, points, true);
  }

  /** What is left at this moment. */
  left(key: string): number {
    return Math.max(0, this.limit - this.#windowOf(key, this.clock.monotonic()).spent);
  }

  #spend(key: string, points: number, isDone: boolean): MinuteState {
    const now = this.clock.monotonic();
    const window = this.#windowOf(key, now);
    const isSpent = window.spent + points > this.limit;
    if (isDone || !isSpent) window.spent = Math.max(window.spent, Math.min(this.limit, window.spent + points));
    return { remaining: Math.max(0, this.limit - window.spent), resetInMs: window.endsAt - now, isSpent };
  }

  #windowOf(key: string, now: number): Window {
    const known = this.#windows.get(key);
    if (known && known.endsAt > now) return known;
    for (const [over, { endsAt }] of this.#windows) {
      if (endsAt > now) break;
      this.#windows.delete(over);
    }
    const window = { spent: 0, endsAt: now + MINUTE_MS };
    this.#windows.set(key, window);
    return window;
  }
}
