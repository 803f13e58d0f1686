import { commitMutation, graphql, type IEnvironment } from "relay-runtime";
import type { changesCreateMutation } from "../generated/relay/changesCreateMutation.graphql";
import type { changesDeleteMutation } from "../generated/relay/changesDeleteMutation.graphql";

// The new meeting appears in a list that is on the screen.
const createMutation = graphql`
  mutation changesCreateMutation($input: CreateMeetingInput!, $connections: [ID!]!) {
    createMeeting(input: $input) {
      ... on CreateMeetingSuccess {
        meeting @prependNode(connections: $connections, edgeTypeName: "MeetingEdge") {
          ...meetings_card
        }
      }
      ... on UserError {
        code
        message
      }
    }
  }
`;

// The deleted one leaves it; for this the compiler wants the id to be an ID.
const deleteMutation = graphql`
  mutation changesDeleteMutation($input: DeleteMeetingInput!, $connections: [ID!]!) {
    deleteMeeting(input: $input) {
      ... on DeleteMeetingSuccess {
        deletedMeetingId @deleteEdge(connections: $connections) @deleteRecord
      }
      ... on UserError {
        code
        message
      }
    }
  }
`;

export function createMeeting(environment: IEnvironment, title: string, fail: (code: string) => void): void {
  commitMutation<changesCreateMutation>(environment, {
    mutation: createMutation,
    variables: { input: { title }, connections: [] },
    onCompleted: ({ createMeeting: result }) => {
      if (result?.code !== undefined) fail(result.code);
    },
  });
}

export function deleteMeeting(environment: IEnvironment, meetingId: string): void {
  commitMutation<changesDeleteMutation>(environment, {
    mutation: deleteMutation,
    variables: { input: { meetingId }, connections: [] },
  });
}
