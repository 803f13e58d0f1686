// urql as it comes: the document cache refetches a list after a mutation, by the type names in both.
import assert from "node:assert/strict";
import { cacheExchange, Client, fetchExchange } from "@urql/core";
import {
  AccountDocument,
  CreateMeetingDocument,
  MeetingHistoryDocument,
  MeetingListDocument,
} from "../generated/operations.js";
import { headers, url } from "./server.js";

const exchanges = () => [cacheExchange, fetchExchange];
const client = new Client({ url, exchanges: exchanges(), fetchOptions: { headers } });

async function create(title: string): Promise<string> {
  const { data, error } = await client.mutation(CreateMeetingDocument, { input: { title } });
  assert.equal(error, undefined);
  assert.ok(data?.createMeeting?.__typename === "CreateMeetingSuccess");
  return data.createMeeting.meeting.id;
}

async function ids(): Promise<string[]> {
  const { data, error } = await client.query(MeetingListDocument, {});
  assert.equal(error, undefined);
  return data?.meetings?.nodes.map((meeting) => meeting.id) ?? [];
}

// Queries are GET requests here, mutations POST.
const first = await create("Geometry");
assert.ok((await ids()).includes(first));
const second = await create("Trigonometry");
assert.ok((await ids()).includes(second));

const one = await client.query(MeetingHistoryDocument, { id: first });
assert.equal(one.data?.meeting?.title, "Geometry");

const stranger = new Client({ url, exchanges: exchanges(), fetchOptions: { headers: { license: "wrong" } } });
const denied = await stranger.query(AccountDocument, {});
assert.equal(denied.error?.graphQLErrors[0]?.extensions["code"], "UNAUTHENTICATED");
