import type { Clock } from "../../clock.js";
import type { Caller } from "../../domain/caller.js";
import { alone, type MinuteState, PointsPerMinute, type Sharing } from "../../minute.js";

export interface BudgetState extends MinuteState {
  /** Points per minute. */
  limit: number;
  /** When the budget is full again, by the wall clock. */
  resetAt: Date;
}

/** What one caller may spend. */
export interface Account {
  /** Points per minute, at most. */
  readonly limit: number;
  /** What is left at this moment. */
  left(): number;
  /** What does not fit is not spent: a cheaper operation may still fit. */
  spend(cost: number): BudgetState;
  /** For what is done already: as much of it as is left. With 0, only what is left is looked at. */
  take(cost: number): BudgetState;
}

type Holder = Pick<Caller, "license" | "grant">;

export interface Budget {
  of(caller: Holder): Account;
}

export interface BudgetSetting {
  /** Of a license's key; and once more of all its tokens together. */
  pointsPerMinute: number;
  /** Of one token. */
  tokenPointsPerMinute: number;
}

export const secondsUntilReset = ({ resetInMs }: BudgetState): number => Math.ceil(resetInMs / 1000);

/** Whose points, and where they are counted. */
interface Purse {
  key: string;
  points: PointsPerMinute;
}

type Left = Omit<BudgetState, "resetAt">;

/** The one that has least left is the one to know. */
const least = (one: Left, other: Left): Left => (other.remaining < one.remaining ? other : one);

/** Every key's and every token's points of this minute. */
export function openBudget(
  { pointsPerMinute, tokenPointsPerMinute }: BudgetSetting,
  clock: Clock,
  among: Sharing = alone,
): Budget {
  const ofKeys = new PointsPerMinute(pointsPerMinute, clock, among);
  const ofAllTokens = new PointsPerMinute(pointsPerMinute, clock, among);
  const ofTokens = new PointsPerMinute(Math.min(tokenPointsPerMinute, pointsPerMinute), clock, among);

  /** A token spends from its own and from what its license's tokens have together; the key's is nobody else's. */
  const pursesOf = ({ license, grant }: Holder): Purse[] =>
    grant
      ? [
          { key: grant.tokenId, points: ofTokens },
          { key: license.id, points: ofAllTokens },
        ]
      : [{ key: license.id, points: ofKeys }];
  const told = ({ limit, remaining, resetInMs }: Left, isSpent: boolean): BudgetState => {
    const resetAt = new Date(clock.wall().getTime() + resetInMs);
    return { limit, remaining, resetInMs, isSpent, resetAt };
  };

  return {
    of(holder) {
      const purses = pursesOf(holder);
      const take = (cost: number) =>
        purses
          .map(({ key, points }): Left => {
            const { remaining, resetInMs, isSpent } = points.take(key, cost);
            return { limit: points.limit, remaining, resetInMs, isSpent };
          })
          .reduce(least);
      const left = () => Math.min(...purses.map(({ key, points }) => points.left(key)));
      return {
        limit: Math.min(...purses.map(({ points }) => points.limit)),
        left,
        take(cost) {
          const state = take(cost);
          return told(state, state.isSpent);
        },
        spend(cost) {
          const isSpent = left() < cost;
          return told(take(isSpent ? 0 : cost), isSpent);
        },
      };
    },
  };
}
