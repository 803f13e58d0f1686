import { HeaderMap } from "@apollo/server";
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode } from "graphql";
import type { Context } from "../context.js";
import { deniedError } from "../context.js";
import { type Budget, type BudgetState, secondsUntilReset } from "./budget.js";
import { fault } from "./codes.js";
import { costOf } from "./cost.js";
import { isIntrospection, limits, sizesAbove } from "./limits.js";
import { variableFaults } from "./variables.js";

export interface Asked {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/** Why the operation does not begin; each error carries its HTTP status. None: it may. */
export type Admission = (context: Context, asked: Asked) => Promise<readonly GraphQLError[]>;

export interface AdmissionSetting {
  schema: GraphQLSchema;
  isProduction: boolean;
  budget: Budget;
}

const tooLarge = (message: string, facts: object): GraphQLError =>
  fault("OPERATION_TOO_LARGE", message, { ...facts, http: { status: 400 } });

function rateLimited({ say }: Context, cost: number, state: BudgetState): GraphQLError {
  const { limit, resetAt } = state;
  const seconds = Math.max(1, secondsUntilReset(state));
  const headers = new HeaderMap([["retry-after", String(seconds)]]);
  const http = { status: 429, headers };
  return fault("RATE_LIMITED", say("error.rateLimited", { cost, limit, seconds }), { cost, limit, resetAt, http });
}

/**
 * Who may ask what, before anything runs, the same over HTTP, WebSocket and Server-Sent Events: a license for all but
 * introspection, sizes, variables that fit, and the cost.
 */
export function admission({ schema, isProduction, budget }: AdmissionSetting): Admission {
  return async (context, { document, operation, variables }) => {
    const { denied, say } = context;
    const asksOnlySchema = isIntrospection(document, operation);
    if (denied && (isProduction || !asksOnlySchema)) return [deniedError(denied, say(`denied.${denied}`))];
    const sizes = sizesAbove(document).map((name) =>
      tooLarge(say(`error.tooLarge.${name}`, { limit: limits[name] }), { limit: limits[name] }),
    );
    if (sizes.length > 0) return sizes;
    const faults = variableFaults(schema, operation, variables);
    if (faults.length > 0 || asksOnlySchema) return faults;

    const cost = costOf(schema, { document, operationName: operation.name?.value, variables });
    // What is dearer than the whole budget never fits, however long one waits.
    const limit = Math.min(limits.points, budget.limit);
    if (cost > limit) return [tooLarge(say("error.tooLarge.points", { cost, limit }), { cost, limit })];
    const state = await budget.spend(context.caller.license.id, cost);
    context.spent = { cost, ...state };
    return state.isSpent ? [rateLimited(context, cost, state)] : [];
  };
}
