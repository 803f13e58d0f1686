import { expect, test } from "vitest";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { outcome } from "../ask.js";

const nobodysId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";
const ids = (count: number) => Array.from({ length: count }, () => nobodysId);
const list = (count: number) => JSON.stringify(ids(count));

/** What an operation cost, by what the budget lost; and what it says of itself. */
async function costOf(gateway: Gateway, query: string, variables: object = {}, call: V1Call = {}) {
  const { status, errors, headers, data } = await outcome(gateway, query, variables, call);
  const [limit, remaining] = ["limit", "remaining"].map((name) => Number(headers.get(`ratelimit-${name}`)));
  return { status, error: errors[0], spent: Number(limit) - Number(remaining), data };
}

/** Of any operation whose text is known. */
const BEGUN = 20;

/** What an operation costs beyond its beginning; its text is read before. */
async function priceOf(gateway: Gateway, query: string, variables: object = {}): Promise<number> {
  await costOf(gateway, query, variables, { key: (await gateway.license()).key });
  const { key } = await gateway.license();
  const { error, spent } = await costOf(gateway, query, variables, { key });
  return error?.extensions.code === "OPERATION_TOO_LARGE" ? error.extensions.cost : spent - BEGUN;
}

const renamed = (count: number, field: string) =>
  Array.from({ length: count }, (_, at) => `a${at}: ${field}`).join(" ");
const meetings = (args: string, inner: string) => `{ meetings${args} { ${inner} } }`;

/**
 * One for each object that may come back, with three values; each fourth value one more, a mutation ten more, and ten
 * for what looks at more rows than it gives back.
 */
const prices: [points: number, query: string, variables?: object][] = [
  // Three values are an object's own.
  [1, "{ license { id name keyHint } }"],
  [2, "{ license { id name keyHint expiresAt } }"],
  [2, "{ license { id name keyHint expiresAt status maxAttendance } }"],
  [1 + 5 * 2, meetings("(first: 5)", "nodes { id title createdAt updatedAt }")],
  // Asked for again they come once, but are looked for as often.
  [1 + 7, `{ license { ${"name ".repeat(30)} } }`],
  [3, "{ license { name meetingRooms { used limit remaining } runningSessions { used } } }"],
  [2, "{ rateLimit { cost limit remaining resetAt } }"],
  [2, `{ meeting(id: "${nobodysId}") { id title isRunning __typename } }`],
  [2, `{ meeting(id: "${nobodysId}") { id currentSession { id } } }`],
  [2, "{ license { name } rateLimit { cost } }"],
  // Under other names they are not: a long text could come thirty times.
  [1 + 5 * (1 + 3), meetings("(first: 5)", "nodes { id title a: welcomeText b: welcomeText c: isRunning }")],
  // A text that is longer than others costs more, and under each name.
  [2 + 25, `{ session(id: "${nobodysId}") { notes { text updatedAt } } }`],
  [2 + 50, `{ session(id: "${nobodysId}") { notes { text a: text } } }`],
  // A page costs what it may hold: 20 when nothing is said.
  [21, meetings("", "nodes { id }")],
  [6, meetings("(first: 5)", "nodes { id title welcomeText }")],
  [101, meetings("(first: 100)", "nodes { id }")],
  [8, meetings("(last: 7)", "nodes { id }")],
  [21, meetings("(first: null, last: null)", "nodes { id }")],
  [8, meetings("(first: null, last: 7)", "nodes { id }")],
  // The window and the cursors are the page's; counting looks at all there is, once for each name.
  [6, meetings("(first: 5)", "nodes { id } pageInfo { hasNextPage endCursor }")],
  [16, meetings("(first: 5)", "nodes { id } totalCount totalCount pageInfo { hasNextPage endCursor }")],
  [16, meetings("(first: 5)", "nodes { id } ...A") + " fragment A on MeetingConnection { many: totalCount }"],
  [6, meetings("(first: 5)", "edges { cursor node { id } }")],
  // It is read also for these alone.
  [6, meetings("(first: 5)", "pageInfo { hasNextPage }")],
  [31, meetings("", "totalCount")],
  // A condition and an order look at rows that do not come back, and at each entry of a list.
  [16, meetings('(first: 5, filter: { titleContains: "a" })', "nodes { id }")],
  [6, meetings("(first: 5, filter: { titleContains: null })", "nodes { id }")],
  [16, meetings("(first: 5, orderBy: { field: TITLE })", "nodes { id }")],
  [6 + 10 + 3, meetings("(first: 5, filter: { settingsEnabled: [RECORD, RECORD, RECORD] })", "nodes { id }")],
  [
    16 + 100,
    `query ($f: SessionFilter) { sessions(first: 5, filter: $f) { nodes { id } } }`,
    { f: { status: Array.from({ length: 100 }, () => "ENDED") } },
  ],
  [6, meetings("(first: 5)", "edges { cursor }")],
  [11, meetings("(first: 5)", "nodes { id } edges { node { id } }")],
  // What hangs under each object is counted for each.
  [1 + 5 * (1 + 1), meetings("(first: 5)", "nodes { currentSession { id } }")],
  [1 + 5 * (1 + 1 + 4 * 1), meetings("(first: 5)", "nodes { sessions(first: 4) { nodes { id } } }")],
  [1 + 5 * (1 + 1 + 4 * 1), meetings("(first: 5)", "edges { node { sessions(first: 4) { edges { node { id } } } } }")],
  [1 + 5 * (1 + 1 + 10 + 4 * 1), meetings("(first: 5)", "nodes { sessions(first: 4) { totalCount } }")],
  [
    1 + 5 * (1 + 1 + 4 * (1 + 1 + 3)),
    meetings("(first: 5)", "nodes { sessions(first: 4) { nodes { attendances(first: 3) { nodes { id } } } } }"),
  ],
  // Every switch is an object.
  [1 + 5 * (1 + 1 + 10), meetings("(first: 5)", "nodes { settings { entries { name } } }")],
  [1 + 100 * (1 + 23 * 11), meetings("(first: 100)", `nodes { ${renamed(23, "settings { entries { value } }")} }`)],
  // A visit is one, too.
  [
    1 + 1 + 20 * (1 + 1 + 20),
    `{ session(id: "${nobodysId}") { attendances { nodes { stays { nodes { source } } } } } }`,
  ],
  // The schema lies ready, and yet it is not free.
  [6, "{ __schema { types { name fields { name } } } }"],
  // Each id is an object, whether there is one or not.
  [1, `{ node(id: "${nobodysId}") { id } }`],
  [3, `{ nodes(ids: ${list(3)}) { id } }`],
  [100, `{ nodes(ids: ${list(100)}) { id } }`],
  [3 * (1 + 1), `{ nodes(ids: ${list(3)}) { ... on Meeting { currentSession { id } } ... on Session { id } } }`],
  // By the same rule through variables, aliases, fragments and directives.
  [8, `query ($n: Int) ${meetings("(first: $n)", "nodes { id }")}`, { n: 7 }],
  [21, `query ($n: Int) ${meetings("(first: $n)", "nodes { id }")}`, {}],
  [21, `query ($n: Int) ${meetings("(first: $n)", "nodes { id }")}`, { n: null }],
  [10, `query ($n: Int = 9) ${meetings("(first: $n)", "nodes { id }")}`, {}],
  [40, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids: ids(40) }],
  [12, "{ a: meetings(first: 5) { nodes { id } } b: meetings(first: 5) { nodes { id } } }"],
  [6, "{ ...A } fragment A on Query { meetings(first: 5) { ...B } } fragment B on MeetingConnection { nodes { id } }"],
  [
    1 + 5 * 3,
    "{ meetings(first: 5) { nodes { ...A ... on Meeting { b: currentSession { id } } } } } fragment A on Meeting { a: currentSession { id } }",
  ],
  [
    6,
    "query ($yes: Boolean!) { a: meetings(first: 5) @include(if: $yes) { nodes { id } } b: meetings @skip(if: $yes) { nodes { id } } }",
    { yes: true },
  ],
  [
    1,
    "query ($no: Boolean = false) { license { name meetingRooms @include(if: $no) { used } ... @skip(if: true) { runningSessions { used } } } }",
  ],
  // A page size that is refused costs no more than the largest page.
  [101, meetings("(first: 1000000)", "nodes { id }")],
  [1, meetings("(first: -5)", "nodes { id }")],
  // A mutation is flushed to disk.
  [11, "mutation { createMeeting(input: {}) { __typename } }"],
  [
    12,
    "mutation { createMeeting(input: {}) { ... on CreateMeetingSuccess { meeting { id title } } ... on UserError { code message } } }",
  ],
  [22, "mutation { a: createMeeting(input: {}) { __typename } b: createMeeting(input: {}) { __typename } }"],
];

test("what costs how much", async () => {
  const gateway = await boot();
  for (const [points, query, variables = {}] of prices) {
    expect([query, await priceOf(gateway, query, variables)]).toEqual([query, points]);
  }
});

test("5,000 points are answered; one operation of more is refused before it runs, in words with both numbers, and costs its beginning", async () => {
  const gateway = await boot();
  // 1 + 96 × (1 + 1 + 50) = 4993, and one for each root field more.
  const most = (more: number) =>
    `{ meetings(first: 96) { nodes { sessions(first: 50) { nodes { id } } } }
       ${Array.from({ length: more }, (_, at) => `r${at}: rateLimit { cost }`).join(" ")} }`;
  expect(await priceOf(gateway, most(7))).toBe(5000);
  expect((await costOf(gateway, most(7))).status).toBe(200);
  const { key } = await gateway.license();
  const english = await outcome(gateway, most(8), {}, { key });
  expect(english).toMatchObject({ status: 400, codes: ["OPERATION_TOO_LARGE"], data: undefined });
  expect(english.errors[0].extensions).toMatchObject({ cost: 5001, limit: 5000 });
  expect(english.messages).toEqual([
    "The operation costs 5001 points; at most 5000 are allowed. Ask for smaller pages.",
  ]);
  const arabic = await outcome(gateway, most(8), {}, { key, language: "ar" });
  expect(arabic.messages[0]).toMatch(/5001 نقطة.*5000/);

  const creating = `mutation { createMeeting(input: {}) { ... on CreateMeetingSuccess { meeting {
    sessions(first: 100) { nodes { attendances(first: 100) { nodes { id } } } } } } } }`;
  expect((await outcome(gateway, creating, {}, { key })).codes).toEqual(["OPERATION_TOO_LARGE"]);
  const left = await outcome(gateway, "{ rateLimit { remaining } meetings(first: 1) { totalCount } }", {}, { key });
  const { remaining } = left.data.rateLimit;
  // Two texts that were read for the first time, one that was known, and what ran.
  expect([remaining > 100_000 - 500, remaining < 100_000 - 4 * BEGUN]).toEqual([true, true]);
});

test("only the operation that is asked for costs, by the variables it is given", async () => {
  const gateway = await boot();
  const query = "query A { license { name } } query B($n: Int!) { meetings(first: $n) { nodes { id } } }";
  await outcome(gateway, query, {}, { key: (await gateway.license()).key });
  const ask = async (operationName: string, variables: object) => {
    const { key } = await gateway.license();
    const body = { query, operationName, variables };
    const { headers } = await gateway.graphql("", {}, { method: "POST", body, key });
    return 100_000 - BEGUN - Number(headers.get("ratelimit-remaining"));
  };
  expect(await ask("A", {})).toBe(1);
  expect(await ask("B", { n: 10 })).toBe(11);
});

test("fragments that multiply inside a field are refused at once, as too dear", async () => {
  const gateway = await boot();
  await costOf(gateway, "{ license { name } }");
  const chain = (type: string, leaf: string, wrap = (inner: string) => inner) =>
    Array.from(
      { length: 100 },
      (_, at) => `fragment F${at} on ${type} { ${wrap(`...F${at + 1} ...F${at + 1}`)} }`,
    ).join(" ") + ` fragment F100 on ${type} { ${leaf} }`;
  const wide = Array.from({ length: 30 }, (_, at) => `fragment W${at} on Meeting { ${"...Z ".repeat(20)} }`).join(" ");
  const bombs = [
    `{ meetings { nodes { ...F0 } } } ${chain("Meeting", "title")}`,
    `{ meetings { nodes { ...F0 } } } ${chain("Meeting", "currentSession { id }")}`,
    `{ meetings { nodes { ...F0 } } } ${chain("Meeting", "id", (inner) => `id ... on Meeting { ${inner} }`)}`,
    `{ nodes(ids: ${list(3)}) { ...F0 } } ${chain("Node", "id")}`,
    `{ meetings { nodes { ${Array.from({ length: 30 }, (_, at) => `...W${at}`).join(" ")} } } } ${wide}
      fragment Z on Meeting { ${"title ".repeat(30)} }`,
  ];
  for (const query of bombs) {
    const began = performance.now();
    const { status, codes, messages } = await outcome(gateway, query);
    expect([status, codes]).toEqual([400, ["OPERATION_TOO_LARGE"]]);
    expect(messages[0]).toMatch(/points; at most 5000 are allowed|too often; at most 30 times are allowed/);
    expect(performance.now() - began).toBeLessThan(3_000);
  }
});
