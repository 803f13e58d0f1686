// Apollo Client as it comes: its cache keeps objects by type and id, and asks for `__typename` everywhere.
import assert from "node:assert/strict";
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from "@apollo/client";
import {
  AccountDocument,
  CreateMeetingDocument,
  MeetingHistoryDocument,
  MeetingListDocument,
  UpdateMeetingDocument,
} from "../generated/operations.js";
import { headers, url } from "./server.js";

const client = new ApolloClient({ link: new HttpLink({ uri: url, headers }), cache: new InMemoryCache() });

const created = await client.mutate({ mutation: CreateMeetingDocument, variables: { input: { title: "Physics" } } });
const result = created.data?.createMeeting;
assert.ok(result?.__typename === "CreateMeetingSuccess");
const { id } = result.meeting;

const list = await client.query({ query: MeetingListDocument, variables: { first: 100 } });
assert.ok(list.data?.meetings?.nodes.some((meeting) => meeting.id === id));
const one = await client.query({ query: MeetingHistoryDocument, variables: { id } });
assert.equal(one.data?.meeting?.settings.entries.length, 10);

// The list is not asked for again: the answer of the mutation has changed the object in it.
await client.mutate({ mutation: UpdateMeetingDocument, variables: { input: { meetingId: id, title: "Optics" } } });
const cached = client.readQuery({ query: MeetingListDocument, variables: { first: 100 } });
assert.equal(cached?.meetings?.nodes.find((meeting) => meeting.id === id)?.title, "Optics");

const stranger = new ApolloClient({ link: new HttpLink({ uri: url }), cache: new InMemoryCache() });
const denied = await stranger.query({ query: AccountDocument }).catch((error: unknown) => error);
assert.ok(CombinedGraphQLErrors.is(denied));
assert.equal(denied.errors[0]?.extensions?.["code"], "UNAUTHENTICATED");
client.stop();
stranger.stop();
