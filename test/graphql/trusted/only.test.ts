import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { createMeeting } from "../../helpers/meetings.js";
import {
  bootOnly,
  bootTrusted,
  codeOf,
  documents,
  every,
  formats,
  get,
  hear,
  notFound,
  post,
  refused,
  sha256,
  spellings,
} from "./manifests.js";

const { idOf } = formats.Apollo;

const automatic = (text: string) => ({
  query: text,
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } },
});
const create = 'mutation { createMeeting(input: { title: "no" }) { __typename } }';

/** Everything that is no id alone. */
const texts: Record<string, unknown>[] = [
  { query: create },
  { query: "{ __typename }" },
  { query: getIntrospectionQuery() },
  { query: "{ licens" },
  { query: documents.Who },
  automatic(create),
  automatic(documents.Who),
  { query: documents.Who, documentId: idOf("Who") },
  { query: create, id: idOf("Who") },
  { query: { kind: "Document" }, documentId: idOf("Who") },
  { documentId: 7 },
  { documentId: "" },
  { id: [idOf("Who")] },
  { extensions: { persistedQuery: null } },
  { extensions: idOf("Who") },
  { operationName: "Who" },
  {},
];

test("the enforcing mode takes nothing but ids: no text, no schema, nothing to remember, no batch; v1 goes on", async () => {
  const gateway = await bootOnly();
  for (const body of [...texts, [{ documentId: idOf("Who") }], "x", null]) {
    const answer = await post(gateway, body);
    expect([body, answer.status]).toEqual([body, 400]);
    // What is no JSON object is not even looked at.
    if (body !== null && typeof body === "object") expect([body, codeOf(answer)]).toEqual([body, refused]);
  }
  const said = (await post(gateway, { query: create })).body.errors[0];
  expect(said).toEqual({
    message: expect.stringContaining("operations of its manifest only"),
    extensions: { code: refused[1], requestId: expect.any(String) },
  });
  for (const asked of [{ query: "{ __typename }" }, automatic("{ __typename }"), {}]) {
    expect([asked, codeOf(await get(gateway, asked))]).toEqual([asked, refused]);
  }
  // Refused both times: nothing was remembered.
  const { extensions } = automatic(create);
  expect(codeOf(await post(gateway, { extensions }))).toEqual(notFound);
  const { body } = await gateway.v1("list_meetings/");
  expect(body.data).toEqual([]);
  await createMeeting(gateway);
  expect((await gateway.v1("list_meetings/")).body.data).toHaveLength(1);
});

test.each(every)("over $door the enforcing mode takes nothing but ids", async ({ open, door }) => {
  const gateway = await bootOnly();
  // The socket's library closes the line on what its protocol does not know.
  const sendable = texts.filter(({ query, extensions }) => {
    return (query === undefined || typeof query === "string") && typeof extensions !== "string";
  });
  for (const asked of sendable) {
    const { errors } = await hear(open, gateway, asked).next();
    expect([door, asked, errors]).toMatchObject([door, asked, [{ extensions: { code: refused[1] } }]]);
  }
  const subscription = await hear(open, gateway, { query: documents.Starts }).next();
  expect(subscription.errors[0].extensions).toEqual({ code: refused[1], requestId: expect.any(String) });
  expect((await gateway.v1("list_meetings/")).body.data).toEqual([]);
});

test("the enforcing mode has no Sandbox, no console and no examples; a browser may follow an address with an id", async () => {
  const gateway = await bootOnly();
  const html = { accept: "text/html,*/*" };
  for (const path of ["/console/", "/examples"]) {
    expect([path, (await fetch(gateway.url + path, { headers: html })).status]).toEqual([path, 404]);
  }
  expect(codeOf(await get(gateway, {}, html))).toEqual(refused);
  const open = await bootTrusted("Apollo");
  expect(await (await fetch(`${open.url}/graphql`, { headers: html })).text()).toContain(`<div id="sandbox">`);
  for (const [spelling, asked] of spellings) {
    const { body } = await get(open, asked(idOf("Who")), html);
    expect([spelling, body]).toEqual([spelling, { data: { license: { name: "Test" } } }]);
  }
});

test("in production whoever has no license does not learn which ids there are", async () => {
  const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
  const gateway = await bootOnly("Apollo", production);
  for (const documentId of [idOf("Who"), "unknown"]) {
    expect(codeOf(await post({ ...gateway, key: "" }, { documentId }))).toEqual([401, "UNAUTHENTICATED"]);
  }
  expect((await post(gateway, { documentId: idOf("Who") })).body.data).toEqual({ license: { name: "Test" } });
});
