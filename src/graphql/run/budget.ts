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

function takeFrom({ key, points }: Purse, cost: number): Left {
  const { remaining, resetInMs, isSpent } = points.take(key, cost);
  return { limit: points.limit, remaining, resetInMs, isSpent };
}

/** What one caller spends from; of several purses the one that has least left is the one to know. */
class Purses implements Account {
  constructor(
    readonly purses: readonly [Purse, ...Purse[]],
    readonly clock: Clock,
  ) {}

  get limit(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { points } of this.purses) least = Math.min(least, points.limit);
    return least;
  }

  left(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { key, points } of this.purses) least = Math.min(least, points.left(key));
    return least;
  }

  take(cost: number): BudgetState {
    const left = this.#take(cost);
    return this.#told(left, left.isSpent);
  }

  spend(cost: number): BudgetState {
    const isSpent = this.left() < cost;
    return this.#told(this.#take(isSpent ? 0 : cost), isSpent);
  }

  #take(cost: number): Left {
    const [first, ...others] = this.purses;
    let least = takeFrom(first, cost);
    for (const purse of others) {
      const left = takeFrom(purse, cost);
      if (left.remaining < least.remaining) least = left;
    }
    return least;
  }

  #told({ limit, remaining, resetInMs }: Left, isSpent: boolean): BudgetState {
    const resetAt = new Date(this.clock.wall().getTime() + resetInMs);
    return { limit, remaining, resetInMs, isSpent, resetAt };
  }
}

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
  const pursesOf = ({ license, grant }: Holder): [Purse, ...Purse[]] =>
    grant
      ? [
          { key: grant.tokenId, points: ofTokens },
          { key: license.id, points: ofAllTokens },
        ]
      : [{ key: license.id, points: ofKeys }];

  return { of: (holder) => new Purses(pursesOf(holder), clock) };
}
