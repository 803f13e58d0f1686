import type { GraphQLError } from "graphql";
import type { Context } from "../context.js";
import { type Account, type Budget, type BudgetState, secondsUntilReset } from "./budget.js";
import { deniedFault, fault } from "./codes.js";
import { OPERATION_POINTS, readingPoints } from "./cost.js";
import { Following } from "./following.js";
import type { Holdings } from "./holdings.js";
import { limits } from "./limits.js";
import type { Operation } from "./operation.js";
import { lacks } from "./scopes.js";
import type { Text } from "./text.js";
import type { Values, Variables } from "./variables.js";

export interface AdmissionSetting {
  isProduction: boolean;
  budget: Budget;
  holdings: Holdings;
  /** Milliseconds after which a subscription that is held is paid again. */
  heldMinute: number;
}

const tooLarge = (message: string, facts: object): GraphQLError =>
  fault("OPERATION_TOO_LARGE", message, { ...facts, http: { status: 400 } });

function rateLimited({ say, caller }: Context, cost: number, state: BudgetState): GraphQLError {
  const { limit, resetAt } = state;
  const seconds = Math.max(1, secondsUntilReset(state));
  const http = { status: 429, headers: { "retry-after": String(seconds) } };
  const key = caller.grant ? "error.rateLimited.token" : "error.rateLimited";
  return fault("RATE_LIMITED", say(key, { cost, limit, seconds }), { cost, limit, resetAt, http });
}

/**
 * Who may ask what, before anything runs, the same over HTTP, WebSocket and Server-Sent Events: a license for all but
 * introspection, sizes, variables that fit, and the cost. What is refused has been read, and that is paid.
 */
export class Admission {
  constructor(readonly setting: AdmissionSetting) {}

  /** Nobody who is not let in has a budget. */
  #accountOf(context: Context): Account | undefined {
    return (context.account ??= context.known && this.setting.budget.of(context.known.caller));
  }

  /** Why nothing more of this caller's is read at all; none: it is. */
  beforeReading(context: Context): readonly GraphQLError[] {
    const account = this.#accountOf(context);
    if (!account || account.left() >= OPERATION_POINTS) return [];
    const state = account.take(0);
    context.spent = { cost: OPERATION_POINTS, ...state };
    return [rateLimited(context, OPERATION_POINTS, state)];
  }

  /** Takes what reading the text cost. */
  payReading(context: Context, { tokens }: Text, wasKnown: boolean): void {
    const cost = readingPoints(wasKnown ? 0 : tokens);
    const state = this.#accountOf(context)?.take(cost);
    if (state) context.spent = { cost, ...state };
  }

  /** The operation's variables, where it may begin, and is paid; else why not: each error carries its HTTP status. */
  admit(context: Context, operation: Operation, variables: Variables): Values | readonly GraphQLError[] {
    const { denied, say } = context;
    if (denied && (this.setting.isProduction || !operation.isIntrospection)) {
      return [deniedFault(denied, say(`denied.${denied}`))];
    }
    const sizes = operation.above.map((name) =>
      tooLarge(say(`error.tooLarge.${name}`, { limit: limits[name] }), { limit: limits[name] }),
    );
    if (sizes.length > 0) return sizes;
    const values = operation.read(variables);
    if (!("coerced" in values)) return values;
    const refused = this.#price(context, operation, values);
    return refused.length > 0 ? refused : values;
  }

  /** What the caller's token may not have is not priced: it is refused where it stands, and costs next to nothing. */
  #price(context: Context, operation: Operation, values: Values): readonly GraphQLError[] {
    const account = this.#accountOf(context);
    const { say } = context;
    const more = operation.costOf(values, account && lacks(context.caller));
    // What is dearer than the whole budget never fits, however long one waits.
    const limit = Math.min(limits.points, account ? account.limit - OPERATION_POINTS : Infinity);
    if (more > limit) return [tooLarge(say("error.tooLarge.points", { cost: more, limit }), { cost: more, limit })];
    if (!account) return [];
    const state = account.spend(more);
    const cost = (context.spent?.cost ?? 0) + more;
    context.spent = { cost, ...state };
    if (state.isSpent) return [rateLimited(context, cost, state)];
    if (operation.isLive) this.#letFollow(context, account, more);
    return [];
  }

  /** Of each event the same is selected, and paid, as at the beginning. */
  #letFollow(context: Context, account: Account, selectedPoints: number): void {
    const { holdings, heldMinute } = this.setting;
    context.beginFollowing = () => {
      const giveBack = holdings.take("subscriptions", context.caller);
      return new Following(account, selectedPoints, heldMinute, giveBack);
    };
  }
}
