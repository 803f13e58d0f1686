import type { GraphQLError } from "graphql";
import type { Context } from "../context.js";
import { type Budget, type BudgetState, secondsUntilReset } from "./budget.js";
import { deniedFault, fault } from "./codes.js";
import { limits } from "./limits.js";
import type { Operation, Variables } from "./operation.js";

/** Why the operation does not begin; each error carries its HTTP status. None: it may. */
export type Admission = (
  context: Context,
  operation: Operation,
  variables: Variables,
) => Promise<readonly GraphQLError[]>;

export interface AdmissionSetting {
  isProduction: boolean;
  budget: Budget;
}

const tooLarge = (message: string, facts: object): GraphQLError =>
  fault("OPERATION_TOO_LARGE", message, { ...facts, http: { status: 400 } });

function rateLimited({ say }: Context, cost: number, state: BudgetState): GraphQLError {
  const { limit, resetAt } = state;
  const seconds = Math.max(1, secondsUntilReset(state));
  const http = { status: 429, headers: { "retry-after": String(seconds) } };
  return fault("RATE_LIMITED", say("error.rateLimited", { cost, limit, seconds }), { cost, limit, resetAt, http });
}

/**
 * Who may ask what, before anything runs, the same over HTTP, WebSocket and Server-Sent Events: a license for all but
 * introspection, sizes, variables that fit, and the cost.
 */
export function admission({ isProduction, budget }: AdmissionSetting): Admission {
  return async (context, operation, variables) => {
    const { denied, say } = context;
    if (denied && (isProduction || !operation.isIntrospection)) return [deniedFault(denied, say(`denied.${denied}`))];
    const sizes = operation.above.map((name) =>
      tooLarge(say(`error.tooLarge.${name}`, { limit: limits[name] }), { limit: limits[name] }),
    );
    if (sizes.length > 0) return sizes;
    const faults = operation.faultsOf(variables);
    if (faults.length > 0 || operation.isIntrospection) return faults;

    const cost = operation.costOf(variables);
    // What is dearer than the whole budget never fits, however long one waits.
    const limit = Math.min(limits.points, budget.limit);
    if (cost > limit) return [tooLarge(say("error.tooLarge.points", { cost, limit }), { cost, limit })];
    const state = budget.spend(context.caller.license.id, cost);
    context.spent = { cost, ...state };
    return state.isSpent ? [rateLimited(context, cost, state)] : [];
  };
}
