import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

export interface BudgetState {
  /** Points per window. */
  limit: number;
  remaining: number;
  /** When the budget is full again. */
  resetAt: Date;
  isSpent: boolean;
}

export interface Budget {
  /** Points per window. */
  readonly limit: number;
  spend(licenseId: string, cost: number): Promise<BudgetState>;
}

/** From now; never below zero. */
export const secondsUntilReset = ({ resetAt }: BudgetState): number =>
  Math.max(0, Math.ceil((resetAt.getTime() - Date.now()) / 1000));

const WINDOW_SECONDS = 60;

/** Each license's points of this minute; kept in memory, because a restart may forgive. */
export function openBudget(pointsPerMinute: number): Budget {
  const limiter = new RateLimiterMemory({ points: pointsPerMinute, duration: WINDOW_SECONDS });
  const state = (result: RateLimiterRes, isSpent: boolean): BudgetState => ({
    limit: pointsPerMinute,
    remaining: Math.max(0, result.remainingPoints),
    resetAt: new Date(Date.now() + result.msBeforeNext),
    isSpent,
  });
  return {
    limit: pointsPerMinute,
    async spend(licenseId, cost) {
      try {
        return state(await limiter.consume(licenseId, cost), false);
      } catch (spent) {
        if (!(spent instanceof RateLimiterRes)) throw spent;
        // What does not run costs nothing: a cheaper operation may still fit.
        return state(await limiter.reward(licenseId, cost), true);
      }
    },
  };
}
