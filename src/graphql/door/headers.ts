import type { Denial } from "../../domain/license/license.js";
import type { Context } from "../context.js";
import { type BudgetState, secondsUntilReset } from "../run/budget.js";
import type { Head } from "../run/codes.js";

type Headers = Record<string, string>;

/** RFC 6750, 3: tells a client of tokens whether it needs a new one. */
export const challenge = (denied: Denial): Headers => ({
  "www-authenticate": `Bearer realm="VConnct"${denied.startsWith("TOKEN_") ? ', error="invalid_token"' : ""}`,
});

/** As @fastify/rate-limit and the IETF's draft 03 name them. */
const budgetHeaders = (state: BudgetState): Headers => ({
  "ratelimit-limit": String(state.limit),
  "ratelimit-remaining": String(state.remaining),
  "ratelimit-reset": String(secondsUntilReset(state)),
});

/** What an operation's answer says before its body. */
export function headersOf({ denied, spent }: Pick<Context, "denied" | "spent">, head: Head | undefined): Headers {
  const budget = spent ? budgetHeaders(spent) : {};
  if (!head) return budget;
  return { ...(head.status === 401 && denied && challenge(denied)), ...head.headers, ...budget };
}
