import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Gateway } from "../../helpers/boot.js";
import { forbidden, readsAndFaults, writes } from "../run/corpus.js";
import { documents, formats, manifestFile } from "../trusted/manifests.js";
import { graphql, logged, same, type Sending, twins, written } from "../run/twins.js";

/**
 * One server answers ordinary requests by itself, before the framework makes anything of them, and asks Apollo Server about
 * the others; the other one asks it always.
 */
const ways = [{ isDirect: true }, { isDirect: false }] as const;

const accepts = [
  undefined,
  "*/*",
  "application/json",
  "application/graphql-response+json",
  "application/graphql-response+json, application/json;q=0.9",
  "application/json;q=0.5, application/graphql-response+json;q=0.4, */*;q=0.1",
  "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
  "text/html",
  "image/png, */*;q=0",
  "nonsense",
];

test("an ordinary request is answered to the byte as Apollo Server answers it: status, headers, errors and price", async () => {
  const { both, known, license, token } = await twins(ways);
  for (const sent of readsAndFaults(known)) {
    await same(both, sent.name, graphql(sent, license));
    await same(
      both,
      sent.name,
      graphql({ ...sent, query: `${sent.query} ` }, { ...license, accept: "application/json" }),
    );
  }
  for (const sent of [...forbidden(known), ...readsAndFaults(known).slice(0, 3)]) {
    await same(both, sent.name, graphql(sent, token));
    await same(both, `${sent.name}, by nobody`, graphql(sent, {}));
    await same(both, `${sent.name}, by a wrong key`, graphql(sent, { license: "vc_wrong" }));
  }
  for (const sent of writes(known)) await same(both, sent.name, graphql(sent, license), written);
  await expect.poll(() => logged(both[0])).toEqual(logged(both[1]));
});

test("whatever a client accepts, it gets what Apollo Server would give it, the first time and later", async () => {
  const { both, license } = await twins(ways);
  for (const accept of [...accepts, ...accepts]) {
    for (const query of ["{ license { name } }", "{ license { nam } }", '{ meeting(id: "x") { id } }']) {
      const headers = { ...license, ...(accept !== undefined && { accept }) };
      await same(both, `${accept}: ${query}`, graphql({ name: "", query }, headers));
    }
  }
});

test("what is no ordinary request is Apollo Server's to answer", async () => {
  const { both, license } = await twins(ways);
  const query = "{ license { name } }";
  const persistedQuery = { version: 1, sha256Hash: createHash("sha256").update(query).digest("hex") };
  const post =
    (body: unknown, headers: object = {}): Sending =>
    ({ url }: Gateway) =>
      fetch(`${url}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", ...license, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
  const get =
    (search: string, headers: object = {}): Sending =>
    ({ url }: Gateway) =>
      fetch(`${url}/graphql?${search}`, { headers: { ...license, ...headers } });
  const asked: Record<string, Sending> = {
    "as usual": post({ query }),
    "a slash at the end": ({ url }) =>
      fetch(`${url}/graphql/`, {
        method: "POST",
        headers: { "content-type": "application/json", ...license },
        body: JSON.stringify({ query }),
      }),
    "other members": post({ query, variables: null, operationName: null, extensions: {}, more: 1 }),
    "an empty name": post({ query: "query A { license { name } }", operationName: "" }),
    "an empty text": post({ query: "" }),
    "no text": post({}),
    "a number for a text": post({ query: 5 }),
    "a document for a text": post({ query: { kind: "Document" } }),
    "a batch": post([{ query }]),
    "a text for variables": post({ query, variables: "{}" }),
    "a list for variables": post({ query, variables: [] }),
    "a number for variables": post({ query, variables: 5 }),
    "a number for a name": post({ query, operationName: 5 }),
    "a text for extensions": post({ query, extensions: "{}" }),
    "a list for extensions": post({ query, extensions: [] }),
    "an unknown hash": post({ extensions: { persistedQuery } }),
    "a hash with its text": post({ query, extensions: { persistedQuery } }),
    "a known hash": post({ extensions: { persistedQuery } }),
    "a hash of another text": post({ query: `${query} `, extensions: { persistedQuery } }),
    "no hash": post({ query, extensions: { persistedQuery: null } }),
    "a document's id": post({ documentId: "no such" }),
    "a subscription": post({ query: "subscription { sessionStarted { id } }" }),
    "a faulty subscription": post({ query: "subscription { sessionStarted { nothing } }" }),
    "no JSON": post("{"),
    "no body": post(""),
    "another type": post({ query }, { "content-type": "text/plain" }),
    "a type with a letter case": post({ query }, { "content-type": "Application/JSON; charset=UTF-8" }),
    "a type of JSON": post({ query }, { "content-type": "application/graphql+json" }),
    "an address": get(`query=${encodeURIComponent(query)}`),
    "an address and a token of intent": get(`query=${encodeURIComponent(query)}`, { "x-apollo-operation-name": "A" }),
    "a mutation in an address": get(
      `query=${encodeURIComponent('mutation { deleteMeeting(input: { meetingId: "x" }) { __typename } }')}`,
    ),
  };
  for (const [name, send] of [...Object.entries(asked), ...Object.entries(asked)]) await same(both, name, send);
});

test("a spent budget is told alike, and costs alike", async () => {
  const { both, license } = await twins(ways);
  const query = `{ meetings(first: 100) { nodes { sessions(first: 35) { totalCount nodes { id } } } } }`;
  const texts = Array.from({ length: 30 }, () => ({ name: "", query }));
  let last = "";
  for (const sent of texts)
    last = await same(both, "one of many", graphql(sent, license), (text) =>
      text.replaceAll(/"resetAt":"[^"]+"|in \d+ seconds|"requestId":"[^"]+"|retry-after: \d+/g, ""),
    );
  expect(last).toContain("RATE_LIMITED");
});

test("a document is asked for by its id in every spelling, and what is refused for its id teaches nothing", async () => {
  const TRUSTED_DOCUMENTS = manifestFile(formats.Apollo.content);
  const id = formats.Apollo.idOf("Who");
  const spelled = [
    { documentId: id },
    { documentId: `sha256:${id}` },
    { doc_id: id, variables: {} },
    { id, operationName: "Who" },
    { extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
    { id: "unknown", documentId: id, query: "" },
    { id: "unknown" },
    { documentId: id, query: "{ license { id } }" },
    { documentId: formats.Apollo.idOf("Starts") },
    { query: documents.Who },
  ];
  for (const only of ["false", "true"]) {
    const env = { TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_ONLY: only };
    const { both, license } = await twins([
      { isDirect: true, env },
      { isDirect: false, env },
    ]);
    for (const accept of ["application/graphql-response+json", "*/*"]) {
      const headers = { "content-type": "application/json", accept, ...license };
      for (const body of [{ id: "unknown" }, ...spelled, ...spelled]) {
        await same(both, `${only} ${accept} ${JSON.stringify(body)}`, ({ url }) =>
          fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify(body) }),
        );
      }
    }
  }
});
