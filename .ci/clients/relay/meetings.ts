import { fetchQuery, graphql, type IEnvironment } from "relay-runtime";
import type { meetingsQuery } from "../generated/relay/meetingsQuery.graphql";

// Relay takes an optional order only with a default of its own, since the argument is a `MeetingOrder!`.
const query = graphql`
  query meetingsQuery($count: Int!, $orderBy: MeetingOrder = { field: TITLE }) {
    ...meetings_page @arguments(count: $count, orderBy: $orderBy)
  }
`;

// What usePaginationFragment takes: it pages both ways and refetches itself.
export const page = graphql`
  fragment meetings_page on Query
  @argumentDefinitions(
    count: { type: "Int" }
    cursor: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
    orderBy: { type: "MeetingOrder", defaultValue: { field: TITLE } }
  )
  @refetchable(queryName: "meetingsPageQuery") {
    meetings(first: $count, after: $cursor, last: $last, before: $before, orderBy: $orderBy)
      @connection(key: "meetings_meetings") {
      edges {
        cursor
        node {
          ...meetings_card
        }
      }
    }
  }
`;

// On a type that is a Node the compiler refetches through Query.node.
export const card = graphql`
  fragment meetings_card on Meeting @refetchable(queryName: "meetingsCardQuery") {
    title
    isRunning
    createdAt
  }
`;

// A connection of an object: its next page comes through Query.node as well.
export const sessions = graphql`
  fragment meetings_sessions on Meeting
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" })
  @refetchable(queryName: "meetingsSessionsQuery") {
    sessions(first: $count, after: $cursor) @connection(key: "meetings_sessions") {
      edges {
        node {
          status
          startedAt
          attendances(first: 100) {
            edges {
              node {
                fullName
              }
            }
          }
        }
      }
    }
  }
`;

/** The variables are typed by what the compiler has written. */
export function firstMeetings(environment: IEnvironment): Promise<unknown> {
  const variables = { count: 10, orderBy: { field: "CREATED_AT", direction: "DESC" } } as const;
  return fetchQuery<meetingsQuery>(environment, query, variables).toPromise();
}
