import { ApolloServer, type ApolloServerPlugin, HeaderMap } from "@apollo/server";
import { unwrapResolverError } from "@apollo/server/errors";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { type GraphQLError, type GraphQLFormattedError, type GraphQLSchema, OperationTypeNode } from "graphql";
import type { Services } from "../../domain/services.js";
import type { Context } from "../context.js";
import type { Admission } from "../run/admission.js";
import { budgetHeaders } from "../run/budget.js";
import { type ErrorCode, fault, isErrorCode } from "../run/codes.js";
import { INTERNAL, isCallersFault, mask } from "../run/faults.js";
import { limits } from "../run/limits.js";

interface Http {
  status?: number;
  headers?: HeaderMap;
}

const httpOf = (error: GraphQLError | undefined) => (error?.extensions["http"] ?? {}) as Http;

/** Without what was said for the status line only. */
function shown({ message, extensions }: GraphQLError): GraphQLFormattedError {
  const { http: _, ...rest } = extensions;
  return { message, extensions: rest };
}

/** One request has one answer: where the live doors are, instead. */
const notLive = ({ say }: Context): GraphQLError =>
  fault("BAD_REQUEST", say("error.notLive"), { http: { status: 400 } });

const gate = (admit: Admission): ApolloServerPlugin<Context> => ({
  async requestDidStart() {
    return {
      async responseForOperation({ contextValue, operation, document, request }) {
        // An unknown `operationName` has no operation; Apollo says so.
        if (!operation) return null;
        const errors =
          operation.operation === OperationTypeNode.SUBSCRIPTION
            ? [notLive(contextValue)]
            : await admit(contextValue, { document, operation, variables: request.variables ?? {} });
        if (errors.length === 0) return null;
        const { status = 400, headers = new HeaderMap() } = httpOf(errors[0]);
        return { http: { status, headers }, body: { kind: "single", singleResult: { errors: errors.map(shown) } } };
      },
      async didEncounterErrors({ contextValue: { services, requestId }, errors }) {
        for (const error of errors) {
          // What bears a code was made to be shown, or `maskFaults` has logged it.
          if (error.extensions["code"] !== undefined || isCallersFault(error)) continue;
          services.log.error({ err: unwrapResolverError(error), requestId }, "an operation failed");
        }
      },
      async willSendResponse({ contextValue, response: { body, http } }) {
        if (http.status === 503) http.headers.set("retry-after", "1");
        const { requestId, say, spent } = contextValue;
        for (const [name, value] of Object.entries(spent ? budgetHeaders(spent) : {})) http.headers.set(name, value);
        const errors = body.kind === "single" ? body.singleResult.errors : undefined;
        if (!errors) return;
        const ownWords: Partial<Record<ErrorCode, string>> = {
          [INTERNAL]: say("error.internal", { requestId }),
          // Apollo's own words for it are English.
          OPERATION_RESOLUTION_FAILURE: say("error.operationName"),
        };
        for (const error of errors) {
          const given = error.extensions?.["code"];
          const code = isErrorCode(given) ? given : INTERNAL;
          const message = ownWords[code] ?? error.message;
          Object.assign(error, { message, extensions: { ...error.extensions, code, requestId } });
        }
      },
    };
  },
});

const nothing = () => {};

/** GraphQL over HTTP; what may begin is decided by `admit`. */
export async function openApollo({
  schema,
  admit,
  log,
}: {
  schema: GraphQLSchema;
  admit: Admission;
  log: Services["log"];
}): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    schema,
    plugins: [gate(admit), ApolloServerPluginLandingPageDisabled()],
    parseOptions: { maxTokens: limits.tokens },
    formatError: mask,
    introspection: true,
    // Headers that a page of another origin can't send unasked; the last two let plain GETs of clients like urql pass.
    csrfPrevention: {
      requestHeaders: ["x-apollo-operation-name", "apollo-require-preflight", "license", "authorization"],
    },
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: {
      debug: nothing,
      info: nothing,
      warn: (message?: unknown) => log.warn({}, String(message)),
      error: (message?: unknown) => log.error({}, String(message)),
    },
  });
  await apollo.start();
  return apollo;
}
