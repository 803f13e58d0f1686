import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { Extensions, registerEnumType } from "type-graphql";
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
  if (!caller.grant) return;
  const unmet = needs.filter((need) => !isMet(caller, need));
  if (unmet.length === 0) return;
  const scopes = unmet.filter((need) => need in scopeMeanings);
  const key = unmet.includes("LICENSE_KEY") ? "key" : scopes.length > 0 ? "scope" : "meeting";
  const facts = scopes.length > 0 ? { requiredScopes: scopes } : {};
  throw fault("FORBIDDEN", say(`error.forbidden.${key}`, { scopes: scopes.join(", ") }), facts);
}

/** What a field asks of a token, said so that it can be read before anything runs; `enforceNeeds` sees to it. */
export const Needs = (...needs: Need[]): MethodDecorator => Extensions({ needs });

const needsOf = ({ extensions }: { extensions: Readonly<Record<string, unknown>> }) =>
  (extensions["needs"] ?? []) as readonly Need[];

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
    isForbidden: (field) => needsOf(field).some((need) => !isMet(caller, need)),
  };
}

type Resolver = GraphQLFieldResolver<unknown, Context>;

const demanding =
  (needs: readonly Need[], run: Resolver): Resolver =>
  (parent, args, context, info) => {
    demand(context, ...needs);
    return run(parent, args, context, info);
  };

/** Has every field that needs something ask for it, before anything else and at once: TypeGraphQL would do it later, by promises. */
export function enforceNeeds(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const needs = needsOf(field);
      if (needs.length === 0) continue;
      field.resolve = demanding(needs, field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = demanding(needs, field.subscribe);
    }
  }
}
