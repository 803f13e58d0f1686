import { type AuthCheckerFn, Authorized, Extensions, registerEnumType } from "type-graphql";
import type { Caller } from "../../domain/caller.js";
import { type AccessScope as Scope, scopeMeanings } from "../../domain/license/scopes.js";
import { fault } from "./codes.js";
import type { IsForbidden } from "./cost.js";
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

const isMet = ({ grant, reach }: Pick<Caller, "grant" | "reach">, need: Need): boolean => {
  if (!grant) return true;
  if (need === "LICENSE_KEY") return false;
  return need === "ANY_MEETING" ? reach.meetingId === null : grant.scopes.has(need);
};

/** @throws GraphQLError FORBIDDEN where the caller's token lacks it, UNAUTHENTICATED where there is no caller */
export function demand({ caller, say }: Context, ...needs: Need[]): void {
  const unmet = needs.filter((need) => !isMet(caller, need));
  if (unmet.length === 0) return;
  const scopes = unmet.filter((need) => need in scopeMeanings);
  const key = unmet.includes("LICENSE_KEY") ? "key" : scopes.length > 0 ? "scope" : "meeting";
  const facts = scopes.length > 0 ? { requiredScopes: scopes } : {};
  throw fault("FORBIDDEN", say(`error.forbidden.${key}`, { scopes: scopes.join(", ") }), facts);
}

/** What `@Authorized` on a field asks, said so that it can be read before anything runs, too. */
export function Needs(...needs: Need[]): MethodDecorator {
  const check = Authorized<Need>(...needs);
  const tell = Extensions({ needs });
  return (target, name, descriptor) => {
    check(target, name as string, descriptor as never);
    tell(target, name as string, descriptor as never);
  };
}

/** What a token may not have. */
export interface Lacking {
  /** The same for all that lack the same. */
  key: string;
  isForbidden: IsForbidden;
}

/** Which fields the caller's token may not have; undefined where it may have every one. */
export function lacks(caller: Caller): Lacking | undefined {
  const { grant, reach } = caller;
  if (!grant) return undefined;
  return {
    key: [...grant.scopes, reach.meetingId === null ? "" : "ONE_MEETING"].toSorted().join(),
    isForbidden: ({ extensions }) => ((extensions["needs"] ?? []) as Need[]).some((need) => !isMet(caller, need)),
  };
}

/** Asked by TypeGraphQL. */
export const checkNeeds: AuthCheckerFn<Context, Need> = ({ context }, needs) => {
  demand(context, ...needs);
  return true;
};
