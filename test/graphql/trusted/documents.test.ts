import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { newMeeting, start } from "../ask.js";
import {
  bootOnly,
  bootTrusted,
  codeOf,
  documents,
  every,
  type Format,
  formats,
  get,
  hear,
  type Name,
  notFound,
  post,
  settled,
  sha256,
  spellings,
} from "./manifests.js";

const both = Object.keys(formats) as Format[];
const { idOf } = formats.Apollo;

test.each(both)(
  "%s's manifest: an operation is served by its id, however it is spelled, by POST and by GET",
  async (format) => {
    for (const gateway of [await bootTrusted(format), await bootOnly(format)]) {
      for (const [spelling, asked] of spellings) {
        const who = asked(formats[format].idOf("Who"));
        const answer = { status: 200, allow: null, body: { data: { license: { name: "Test" } } } };
        expect([spelling, await post(gateway, who)]).toEqual([spelling, answer]);
        expect([spelling, await get(gateway, who)]).toEqual([spelling, answer]);
      }
      await gateway.stop();
    }
  },
);

test.each(every)("over $door an operation is served by its id, however it is spelled", async ({ open }) => {
  const gateway = await bootOnly();
  for (const [spelling, asked] of spellings) {
    const id = await createMeeting(gateway, { title: spelling });
    const heard = hear(open, gateway, { variables: { id }, ...asked(idOf("One")), query: "" });
    expect(await heard.next()).toEqual({ data: { meeting: { title: spelling } } });
  }
  const starts = hear(open, gateway, { documentId: idOf("Starts") });
  await settled();
  const meetingId = await createMeeting(gateway);
  await gateway.v1("start_meeting/", { method: "POST", body: { meeting_id: meetingId, moderator_name: "m" } });
  expect(await starts.next()).toEqual({ data: { sessionStarted: { session: { id: expect.any(String) } } } });
});

test("the stream takes an id by GET, and a body without any text", async () => {
  const gateway = await bootOnly();
  const headers = { license: gateway.key, accept: "text/event-stream", "content-type": "application/json" };
  const body = JSON.stringify({ id: idOf("Who") });
  const asked: [string, RequestInit][] = [
    [`?documentId=${idOf("Who")}`, { headers: { license: gateway.key } }],
    ["", { method: "POST", headers, body }],
  ];
  for (const [query, init] of asked) {
    const response = await fetch(`${gateway.url}/graphql/stream${query}`, init);
    expect(await response.text()).toContain('data: {"data":{"license":{"name":"Test"}}}');
  }
  const make = new URLSearchParams({ documentId: idOf("Make"), variables: '{"input":{}}' }).toString();
  const mutation = await fetch(`${gateway.url}/graphql/stream?${make}`, { headers });
  expect(mutation.status).toBe(405);
});

test("variables, operationName and other extensions go with an id as with a text, and the same guards stand before it", async () => {
  const gateway = await bootOnly();
  const asked = (name: Name, more: object = {}) => ({ documentId: idOf(name), ...more });
  const input = { title: "By id" };
  const made = await post(gateway, asked("Make", { variables: { input }, extensions: { other: { a: 1 } } }));
  expect(made.body).toEqual({ data: { createMeeting: { __typename: "CreateMeetingSuccess" } } });
  expect((await post(gateway, asked("Two", { operationName: "Other" }))).body.data.license).toHaveProperty("keyHint");
  expect((await get(gateway, asked("Two", { operationName: "Two" }))).body.data.license).toEqual({ name: "Test" });
  expect(codeOf(await post(gateway, asked("Two")))).toEqual([400, "OPERATION_RESOLUTION_FAILURE"]);
  expect(codeOf(await post(gateway, asked("One", { variables: { id: ["x"] } })))).toEqual([400, "BAD_USER_INPUT"]);
  expect(codeOf(await post(gateway, asked("One", { variables: "x" })))).toEqual([400, "BAD_REQUEST"]);
  expect(codeOf(await post(gateway, asked("Starts")))).toEqual([400, "BAD_REQUEST"]);
  const byGet = await get(gateway, asked("Make", { variables: { input } }));
  expect([byGet.status, byGet.allow]).toEqual([405, "POST"]);
  const nobody = await post({ ...gateway, key: "vc_wrong" }, asked("Who"));
  expect(codeOf(nobody)).toEqual([401, "UNAUTHENTICATED"]);
  // An operation of the manifest is trusted, also one that asks for the schema.
  expect((await post(gateway, asked("Schema"))).body).toEqual({ data: { __schema: { queryType: { name: "Query" } } } });
});

test("an unknown id is answered as Apollo Server does, so that its clients know what to do next", async () => {
  for (const gateway of [await bootTrusted("Apollo"), await bootOnly()]) {
    for (const [spelling, asked] of spellings) {
      for (const answer of [await post(gateway, asked("f".repeat(64))), await get(gateway, asked("__proto__"))]) {
        expect([spelling, codeOf(answer)]).toEqual([spelling, notFound]);
        expect(answer.body).toEqual({
          errors: [
            {
              message: "PersistedQueryNotFound",
              extensions: { code: "PERSISTED_QUERY_NOT_FOUND", requestId: expect.any(String) },
            },
          ],
        });
      }
    }
    await gateway.stop();
  }
});

test.each(every)("over $door an unknown id is answered the same", async ({ open }) => {
  const gateway = await bootTrusted("Relay");
  for (const [, asked] of spellings) {
    const { errors } = await hear(open, gateway, { ...asked("f".repeat(64)), query: "" }).next();
    expect(errors).toMatchObject([
      { message: "PersistedQueryNotFound", extensions: { code: "PERSISTED_QUERY_NOT_FOUND" } },
    ]);
  }
});

test("without the enforcing mode texts are served beside the ids, and so are automatic persisted queries", async () => {
  const text = "{ license { status } }";
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(text) } };
  const answer = { license: { status: "ACTIVE" } };
  for (const gateway of [await boot(), await bootTrusted("Apollo")]) {
    expect((await post(gateway, { query: text })).body.data).toEqual(answer);
    expect(codeOf(await post(gateway, { extensions }))).toEqual(notFound);
    expect((await post(gateway, { query: text, extensions })).body.data).toEqual(answer);
    expect((await post(gateway, { extensions })).body.data).toEqual(answer);
    expect((await get(gateway, { extensions })).body.data).toEqual(answer);
    expect((await post(gateway, { query: `${text} `, extensions })).status).toBe(400);
    // What is no id of ours is no concern of ours: the text counts.
    expect((await post(gateway, { query: text, id: "7" })).body.data).toEqual(answer);
    await gateway.stop();
  }
  const none = await boot();
  expect(codeOf(await post(none, { documentId: idOf("Who") }))).toEqual([400, "BAD_REQUEST"]);
});

test.each(every)("over $door, without the enforcing mode, a text is served too", async ({ open }) => {
  const gateway = await bootTrusted("Relay");
  const heard = hear(open, gateway, { query: documents.Starts });
  await settled();
  const { sessionId } = await start(gateway, await newMeeting(gateway));
  expect(await heard.next()).toEqual({ data: { sessionStarted: { session: { id: sessionId } } } });
});
