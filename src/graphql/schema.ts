import "reflect-metadata";
import { type GraphQLObjectType, GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";
import { buildSchemaSync } from "type-graphql";
import { AccessTokenMutations } from "./license/access-token.js";
import { AttendanceResolver } from "./attendance/attendance-resolver.js";
import { directMutations } from "./direct-mutations.js";
import { directLists } from "./paging/direct-lists.js";
import { LicenseResolver } from "./license/license.js";
import { LicenseUsageResolver } from "./license/usage.js";
import { MeetingResolver } from "./meeting/meeting-resolver.js";
import { MeetingMutations } from "./meeting/meeting-mutations.js";
import { NodeResolver } from "./node-resolver.js";
import { plainResolvers } from "./plain.js";
import { RateLimitResolver } from "./license/rate-limit.js";
import { RecordingMutations } from "./recording/recording-mutations.js";
import { RecordingResolver } from "./recording/recording-resolver.js";
import { RecordingRunResolver } from "./session/recording-run-resolver.js";
import { Subscriptions } from "./events/subscriptions.js";
import { enforceNeeds } from "./run/scopes.js";
import { MessageResolver } from "./session/message-resolver.js";
import { SessionMutations } from "./session/session-mutations.js";
import { SessionResolver } from "./session/session-resolver.js";

const description = `GraphQL API for scheduling and running conference meetings.

Vocabulary: a *meeting* is the permanent room definition and can be run many
times; a *session* is one run of a meeting; an *attendance* is one person in
a session; a *license* is the business partner on whose behalf every
call is made. All data is scoped to the calling license.

Failures you can cause and should handle come back as types that implement
\`UserError\`. Everything else (no credentials, malformed request, bugs) is in
the top-level \`errors\` with a stable \`extensions.code\`.
Messages of \`UserError\` and of this API's own codes are in the language
negotiated from \`Accept-Language\`; GraphQL's syntax and validation messages are English.`;

const mutations = [AccessTokenMutations, MeetingMutations, RecordingMutations, SessionMutations];

/** The whole graph. Everything in it comes from the resolvers listed here. */
export function buildGraph(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      AttendanceResolver,
      ...mutations,
      LicenseResolver,
      LicenseUsageResolver,
      MeetingResolver,
      MessageResolver,
      NodeResolver,
      RateLimitResolver,
      RecordingResolver,
      RecordingRunResolver,
      SessionResolver,
      Subscriptions,
    ],
    // Every subscription reads its own events; TypeGraphQL wants one all the same.
    pubSub: {
      publish() {},
      subscribe: () => {
        throw new Error("events are read from storage");
      },
    },
    // Our own checks say all faults at once, in the caller's language.
    validate: false,
    // It would ask the schema everything about itself, at each start; v1's operations, read then, need it valid anyway.
    skipCheck: true,
  });
  plainResolvers(schema);
  directMutations(schema, mutations);
  directLists(schema);
  enforceNeeds(schema);
  describeRoot(
    schema.getQueryType(),
    "Reads. By-id fields are null when there is no such object, or it is another license's.",
  );
  describeRoot(
    schema.getSubscriptionType(),
    "Live events, over `graphql-transport-ws` at `/graphql` or Server-Sent Events at `/graphql/stream`. A token needs the scope `EVENTS_READ` and the scope that reads the event's subject.",
  );
  describeRoot(
    schema.getMutationType(),
    "Writes. A field is null only together with an entry in the top-level `errors`.",
  );
  return new GraphQLSchema({ ...schema.toConfig(), description });
}

/** TypeGraphQL has no words for the root types. */
function describeRoot(type: GraphQLObjectType | null | undefined, text: string): void {
  if (type) type.description = text;
}

/** The text of `schema.graphql`: sorted, so that a change shows as what it is. */
export const printGraph = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
