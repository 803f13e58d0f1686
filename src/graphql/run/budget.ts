import type { Clock } from "../../clock.js";
import { type MinuteState, PointsPerMinute } from "../../minute.js";

export interface BudgetState extends MinuteState {
  /** Points per minute. */
  limit: number;
  /** When the budget is full again, by the wall clock. */
  resetAt: Date;
}

export interface Budget {
  /** Points per minute. */
  readonly limit: number;
  /** What does not fit is not spent: a cheaper operation may still fit. */
  spend(licenseId: string, cost: number): BudgetState;
}

export const secondsUntilReset = ({ resetInMs }: BudgetState): number => Math.ceil(resetInMs / 1000);

/** Each license's points of this minute. */
export function openBudget(pointsPerMinute: number, clock: Clock): Budget {
  const points = new PointsPerMinute(pointsPerMinute, clock);
  return {
    limit: pointsPerMinute,
    spend(licenseId, cost) {
      const state = points.spend(licenseId, cost);
      const resetAt = new Date(clock.wall().getTime() + state.resetInMs);
      return { limit: pointsPerMinute, ...state, resetAt };
    },
  };
}
