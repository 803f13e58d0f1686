import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { newMeeting, outcome } from "../ask.js";
import { doors } from "../live/clients.js";

const sixty = Array.from({ length: 60 }, (_, at) => at);
const wrong = sixty.map(() => 1.5);
const nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";

test("a list that is too long is one fault, however many of its entries are wrong, and is not looked into", async () => {
  const gateway = await boot();
  const ids = Array.from({ length: 60_000 }, () => 1.5);
  const before = performance.now();
  const { status, messages, errors } = await outcome(gateway, nodes, { ids });
  expect(performance.now() - before).toBeLessThan(1_000);
  expect([status, messages]).toEqual([400, ['Variable "$ids": at most 100 entries are allowed.']]);
  expect(errors[0].extensions.code).toBe("BAD_USER_INPUT");
  const filter = {
    settingsEnabled: Array.from({ length: 20_000 }, () => "x"),
    titleContains: 5,
    createdAt: { from: "x" },
  };
  const query = "query ($filter: MeetingFilter) { meetings(filter: $filter) { totalCount } }";
  expect((await outcome(gateway, query, { filter })).messages.toSorted()).toEqual([
    'Variable "$filter.createdAt.from": a value of type "DateTime" is expected.',
    'Variable "$filter.settingsEnabled": at most 100 entries are allowed.',
    'Variable "$filter.titleContains": a value of type "String" is expected.',
  ]);
});

test("order-1: at most fifty errors are told: of entries, of unknown fields, of variables, of a document, of rows", async () => {
  const gateway = await boot();
  const fifty = async (query: string, variables: object = {}) => {
    const { errors } = await outcome(gateway, query, variables);
    expect([query.slice(0, 60), errors.length]).toEqual([query.slice(0, 60), 50]);
    for (const { extensions } of errors) expect(extensions.requestId).toEqual(expect.any(String));
  };
  await fifty(nodes, { ids: wrong });
  const create = "mutation ($input: CreateMeetingInput!) { createMeeting(input: $input) { __typename } }";
  await fifty(create, { input: Object.fromEntries(sixty.map((at) => [`unknown${at}`, 1])) });
  const declared = sixty.map((at) => `$v${at}: Int!`).join(" ");
  await fifty(`query (${declared}) { meetings(first: $v0) { totalCount } }`);
  await fifty(`{ nodes(ids: [${wrong.join(" ")}]) { id } }`);
  await fifty(`{ license { ${sixty.map((at) => `unknown${at}`).join(" ")} } }`);
  for (const _ of sixty) await newMeeting(gateway);
  await fifty("{ meetings(first: 60) { nodes { sessions(first: 0) { totalCount } } } }");
});

test.each(Object.entries(doors))("order-1: at most fifty errors are told over %s", async (_, door) => {
  const gateway = await boot();
  const heard = door(gateway, { license: gateway.key }, { query: nodes, variables: { ids: wrong } });
  expect((await heard.next()).errors).toHaveLength(50);
  const document = `{ nodes(ids: [${wrong.join(" ")}]) { id } }`;
  expect((await door(gateway, { license: gateway.key }, { query: document }).next()).errors).toHaveLength(50);
});
