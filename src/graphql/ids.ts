import { isUuid, storedId } from "../domain/checks.js";
import type { Context } from "./context.js";
import { badArgument } from "./run/codes.js";

// The ids of queries and subscriptions; those of inputs are the use-cases' to check, which tell every fault at once.

/** @throws GraphQLError BAD_USER_INPUT naming the argument */
export function readId({ say }: Context, field: string, id: string): string {
  if (!isUuid(id)) throw badArgument(say("fault.uuid", { field }));
  return storedId(id);
}
