import type { Clock } from "../../clock.js";
import type { Caller } from "../../domain/caller.js";
import { type MinuteState, PointsPerMinute } from "../../minute.js";

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

/** The one that has least left is the one to know. */
function tightest(purses: readonly Purse[], pay: (purse: Purse) => MinuteState): Omit<BudgetState, "resetAt"> {
  const states = purses.map((purse) => ({ limit: purse.points.limit, ...pay(purse) }));
  return states.reduce((least, state) => (state.remaining < least.remaining ? state : least));
}

/** Every key's and every token's points of this minute. */
export function openBudget({ pointsPerMinute, tokenPointsPerMinute }: BudgetSetting, clock: Clock): Budget {
  const ofKeys = new PointsPerMinute(pointsPerMinute, clock);
  const ofAllTokens = new PointsPerMinute(pointsPerMinute, clock);
  const ofTokens = new PointsPerMinute(Math.min(tokenPointsPerMinute, pointsPerMinute), clock);

  /** A token spends from its own and from what its license's tokens have together; the key's is nobody else's. */
  const pursesOf = ({ license, grant }: Holder): Purse[] =>
    grant
      ? [
          { key: grant.tokenId, points: ofTokens },
          { key: license.id, points: ofAllTokens },
        ]
      : [{ key: license.id, points: ofKeys }];
  const told = (state: Omit<BudgetState, "resetAt">): BudgetState => ({
    ...state,
    resetAt: new Date(clock.wall().getTime() + state.resetInMs),
  });

  return {
    of(holder) {
      const purses = pursesOf(holder);
      const take = (cost: number) => tightest(purses, ({ key, points }) => points.take(key, cost));
      return {
        limit: Math.min(...purses.map(({ points }) => points.limit)),
        take: (cost) => told(take(cost)),
        spend(cost) {
          const before = take(0);
          const isSpent = before.remaining < cost;
          return told({ ...(isSpent ? before : take(cost)), isSpent });
        },
      };
    },
  };
}
