import type { Clock } from "../../clock.js";

export interface BudgetState {
  /** Points per window. */
  limit: number;
  remaining: number;
  /** When the budget is full again, by the wall clock; and how long that is from the moment it was asked. */
  resetAt: Date;
  resetInMs: number;
  isSpent: boolean;
}

export interface Budget {
  /** Points per window. */
  readonly limit: number;
  /** What does not fit is not spent: a cheaper operation may still fit. */
  spend(licenseId: string, cost: number): BudgetState;
}

export const secondsUntilReset = ({ resetInMs }: BudgetState): number => Math.ceil(resetInMs / 1000);

const WINDOW_MS = 60_000;

interface Window {
  spent: number;
  /** By the monotonic clock. */
  endsAt: number;
}

/** Each license's points of this minute, which begins with its first operation; kept in memory, because a restart may forgive. */
export function openBudget(pointsPerMinute: number, clock: Clock): Budget {
  // In the order in which they end, because all last equally long.
  const windows = new Map<string, Window>();

  function windowOf(licenseId: string, now: number): Window {
    for (const [id, { endsAt }] of windows) {
      if (endsAt > now) break;
      windows.delete(id);
    }
    const known = windows.get(licenseId) ?? { spent: 0, endsAt: now + WINDOW_MS };
    windows.set(licenseId, known);
    return known;
  }

  return {
    limit: pointsPerMinute,
    spend(licenseId, cost) {
      const now = clock.monotonic();
      const window = windowOf(licenseId, now);
      const isSpent = window.spent + cost > pointsPerMinute;
      if (!isSpent) window.spent += cost;
      const resetInMs = window.endsAt - now;
      const resetAt = new Date(clock.wall().getTime() + resetInMs);
      return { limit: pointsPerMinute, remaining: pointsPerMinute - window.spent, resetAt, resetInMs, isSpent };
    },
  };
}
