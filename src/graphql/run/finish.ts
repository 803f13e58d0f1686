import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { MOST_FAULTS } from "../../domain/checks.js";
import { NotStoredYet } from "../../domain/session/unsettled.js";
import { isStorageUnavailable, QueryTooSlow } from "../../storage/index.js";
import type { Context } from "../context.js";
import { fault, type Head, INTERNAL, isErrorCode, unavailableFault } from "./codes.js";

/** What a finished error is told with: one operation's. */
export interface Telling extends Pick<Context, "say" | "requestId"> {
  services: Pick<Context["services"], "log">;
}

/** Errors as they leave, and what they ask of a status line, where the door has one. */
export interface Finished {
  errors: GraphQLFormattedError[];
  head: Head | undefined;
}

const headOf = ({ extensions }: GraphQLError): Head | undefined => extensions["http"] as Head | undefined;

/** What a resolver threw, without what graphql-js and Apollo Server put around it. */
function thrownBy(error: GraphQLError): Error {
  let at: Error = error;
  while (at instanceof GraphQLError && at.originalError) at = at.originalError;
  return at;
}

/** What is refused without a code (by Apollo Server: a hash that is not the text's): its status says whose fault. */
const isCallersFault = (error: GraphQLError): boolean => {
  const { status = 0 } = headOf(error) ?? {};
  return error.extensions["code"] === undefined && status >= 400 && status < 500;
};

/**
 * One of our own: what bears a code was made to be shown, and of everything else nothing is but a sentence. The cause
 * goes to the log, under the request's id, and nowhere else.
 */
function ours(error: GraphQLError, { say, requestId, services: { log } }: Telling): GraphQLError {
  const { code } = error.extensions;
  const thrown = thrownBy(error);
  const internal = () => fault(INTERNAL, say("error.internal", { requestId }));
  if (thrown instanceof GraphQLError) {
    // Logged where it was found.
    if (isErrorCode(code)) return code === INTERNAL ? internal() : error;
    if (isCallersFault(error)) return fault("BAD_REQUEST", error.message, { http: headOf(error) });
  } else if (thrown instanceof QueryTooSlow) {
    return fault("QUERY_TOO_SLOW", say("error.queryTooSlow"));
  } else if (isStorageUnavailable(thrown)) {
    log.warn({ err: thrown, requestId }, "the database can't take this now");
    return unavailableFault(say(thrown instanceof NotStoredYet ? thrown.key : "error.unavailable"));
  }
  log.error({ err: thrown, requestId }, "an operation failed");
  return internal();
}

/**
 * The errors of an answer, in the caller's language and under the request's id, as many as one answer tells: the one
 * way out for all doors.
 */
export function finish(errors: readonly GraphQLError[], telling: Telling): Finished {
  let head: Head | undefined;
  const finished = errors.slice(0, MOST_FAULTS).map((error): GraphQLFormattedError => {
    const { message, extensions } = ours(error, telling);
    const { http, ...facts } = extensions;
    head ??= http as Head | undefined;
    const { locations, path } = error;
    return {
      message,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { ...facts, requestId: telling.requestId },
    };
  });
  return { errors: finished, head };
}

/** The same for a result, which is answered with its data, too. */
export function finishResult<R extends { errors?: readonly GraphQLError[] | undefined }>(result: R, telling: Telling) {
  return result.errors ? { ...result, errors: finish(result.errors, telling).errors } : result;
}
