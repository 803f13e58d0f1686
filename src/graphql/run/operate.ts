import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
  validate,
} from "graphql";
import type { Context } from "../context.js";
import { type ErrorCode, fault, isErrorCode } from "./codes.js";
import { INTERNAL } from "./faults.js";
import { limits } from "./limits.js";
import type { Live } from "../door/live.js";

export interface OperationRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

const coded = (error: GraphQLError, code: ErrorCode): GraphQLError =>
  new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    extensions: { ...error.extensions, code: error.extensions["code"] ?? code },
  });

/** Parsed and validated; what a manifest holds was so at the start. */
function read({ schema, trusted }: Pick<Live, "schema" | "trusted">, query: string): DocumentNode | GraphQLError[] {
  const known = trusted?.documentOf(query);
  if (known) return known;
  try {
    const document = parse(query, { maxTokens: limits.tokens });
    const faults = validate(schema, document);
    return faults.length > 0 ? faults.map((error) => coded(error, "GRAPHQL_VALIDATION_FAILED")) : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [coded(error, "GRAPHQL_PARSE_FAILED")];
    throw error;
  }
}

/** The same steps, limits and words as over HTTP, where Apollo Server takes them: read, validate, admit. */
export async function prepare(
  live: Pick<Live, "schema" | "admit" | "trusted">,
  context: Context,
  { query, operationName, variables }: OperationRequest,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { schema, admit } = live;
  const document = read(live, query);
  if (Array.isArray(document)) return document;
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    return [fault("OPERATION_RESOLUTION_FAILURE", context.say("error.operationName"))];
  }
  const refused = await admit(context, { document, operation, variables: variables ?? {} });
  if (refused.length > 0) return refused;
  return {
    schema,
    document,
    contextValue: context,
    ...(operationName != null && { operationName }),
    ...(variables != null && { variableValues: variables }),
  };
}

/** As it leaves: no word of ours inside, the request's id, and nothing that was meant for a status line. */
export function shownError(error: GraphQLError, { say, requestId, services }: Context): GraphQLFormattedError {
  const { http: _, ...extensions } = error.extensions;
  const isOurs = isErrorCode(extensions["code"]);
  if (!isOurs) services.log.error({ err: error.originalError ?? error, requestId }, "an operation failed");
  const isInternal = !isOurs || extensions["code"] === INTERNAL;
  const { message, locations, path } = error;
  return {
    message: isInternal ? say("error.internal", { requestId }) : message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { ...(isInternal ? { code: INTERNAL } : extensions), requestId },
  };
}

export const shownResult = <R extends { errors?: readonly GraphQLError[] | undefined }>(
  result: R,
  context: Context,
) => ({
  ...result,
  ...(result.errors && { errors: result.errors.map((error) => shownError(error, context)) }),
});
