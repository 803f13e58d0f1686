import { GraphQLError, type GraphQLFormattedError } from "graphql";
import type { MiddlewareFn } from "type-graphql";
import { isUnavailable } from "../../http/unavailable.js";
import { fault } from "./codes.js";
import type { Context } from "../context.js";

export const INTERNAL = "INTERNAL_SERVER_ERROR";

/** What Apollo Server refuses without a code (a hash that is not the text's): by its status it is the caller's fault. */
export function isCallersFault(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.extensions["code"] !== undefined) return false;
  const { status } = (error.extensions["http"] ?? {}) as { status?: number };
  return status !== undefined && status >= 400 && status < 500;
}

/** The last net: of what no rule of ours has turned into an answer, nothing leaves the server. */
export function mask(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  if (formatted.extensions?.["code"] !== INTERNAL) return formatted;
  const { message, locations, path } = formatted;
  if (isCallersFault(thrown)) return { message, extensions: { code: "BAD_REQUEST" } };
  return {
    message: "Something went wrong on our side.",
    extensions: { code: INTERNAL },
    ...(locations && { locations }),
    ...(path && { path }),
  };
}

/** An argument of a query that can't be used; queries have no result unions to say it in. */
export const badArgument = (message: string): GraphQLError => fault("BAD_USER_INPUT", message);

/**
 * What is nobody's fault becomes one of two errors in the caller's language; the cause goes to the log, under the
 * request's id, and nowhere else.
 */
export const maskFaults: MiddlewareFn<Context> = async ({ context }, next) => {
  try {
    return await next();
  } catch (thrown) {
    if (thrown instanceof GraphQLError) throw thrown;
    const { services, say, requestId } = context;
    if (isUnavailable(thrown)) {
      services.log.warn({ err: thrown, requestId }, "the database can't take this now");
      throw fault("SERVICE_UNAVAILABLE", say("error.unavailable"), { http: { status: 503 } });
    }
    services.log.error({ err: thrown, requestId }, "an operation failed");
    throw fault(INTERNAL, say("error.internal", { requestId }));
  }
};
