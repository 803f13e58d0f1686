import { type AuthCheckerFn, registerEnumType } from "type-graphql";
import { type AccessScope as Scope, scopeMeanings } from "../../domain/license/scopes.js";
import { fault } from "./codes.js";
import type { Context } from "../context.js";

export const AccessScope = Object.fromEntries(Object.keys(scopeMeanings).map((name) => [name, name]));
registerEnumType(AccessScope, {
  name: "AccessScope",
  description: "What an access token may do.",
  valuesConfig: Object.fromEntries(Object.entries(scopeMeanings).map(([name, description]) => [name, { description }])),
});

/**
 * What a field needs of an access token; the license's key may do everything. `LICENSE_KEY`: no token will do.
 * `ANY_MEETING`: a token made for one meeting will not.
 */
export type Need = Scope | "LICENSE_KEY" | "ANY_MEETING";

/** @throws GraphQLError FORBIDDEN where the caller's token lacks it, UNAUTHENTICATED where there is no caller */
export function demand({ caller, say }: Context, ...needs: Need[]): void {
  const { grant, reach } = caller;
  if (!grant) return;
  const isMet = (need: Need): boolean => {
    if (need === "LICENSE_KEY") return false;
    return need === "ANY_MEETING" ? reach.meetingId === null : grant.scopes.has(need);
  };
  const unmet = needs.filter((need) => !isMet(need));
  if (unmet.length === 0) return;
  const scopes = unmet.filter((need) => need in scopeMeanings);
  const key = unmet.includes("LICENSE_KEY") ? "key" : scopes.length > 0 ? "scope" : "meeting";
  const facts = scopes.length > 0 ? { requiredScopes: scopes } : {};
  throw fault("FORBIDDEN", say(`error.forbidden.${key}`, { scopes: scopes.join(", ") }), facts);
}

/** What `@Authorized` on a field asks. */
export const checkNeeds: AuthCheckerFn<Context, Need> = ({ context }, needs) => {
  demand(context, ...needs);
  return true;
};
