// gql.tada: the same schema read by TypeScript itself, nothing generated for a single operation.
import assert from "node:assert/strict";
import { GraphQLClient } from "graphql-request";
import { initGraphQLTada, readFragment } from "gql.tada";
import type { introspection } from "../generated/tada.js";
import { headers, url } from "./server.js";

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; URL: string };
}>();

const Card = graphql(`
  fragment Card on Meeting {
    id
    title
    currentSession {
      status
    }
  }
`);

const Create = graphql(
  `
    mutation Create($input: CreateMeetingInput!) {
      createMeeting(input: $input) {
        __typename
        ... on CreateMeetingSuccess {
          meeting {
            ...Card
          }
        }
        ... on UserError {
          code
          message
        }
      }
    }
  `,
  [Card],
);

const client = new GraphQLClient(url, { headers });
const { createMeeting } = await client.request(Create, { input: { title: "Chemistry" } });
assert.ok(createMeeting?.__typename === "CreateMeetingSuccess");
const card = readFragment(Card, createMeeting.meeting);
const status: "ENDED" | "FAILED" | "RUNNING" | undefined = card.currentSession?.status;
assert.equal(status, undefined);
assert.equal(card.title, "Chemistry");
