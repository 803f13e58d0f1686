import { expect, test } from "vitest";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { mutate, newMeeting, newToken, outcome } from "../ask.js";
import { doors } from "../live/clients.js";

/** Of any operation whose text is known. */
const BEGUN = 20;
const query = "query ($n: Int!) { meetings(first: $n) { nodes { id } } }";
/** Its tokens, with those at its beginning and end. */
const TOKENS = 25;
const LIMIT = "1000";

/** A server that knows the text above, and nobody has spent anything. */
async function bootKnowing(env: Record<string, string> = { POINTS_PER_MINUTE: LIMIT }) {
  const gateway = await boot({ env });
  await outcome(gateway, query, { n: 1 }, { key: (await gateway.license()).key });
  return gateway;
}

/** An operation that costs this many points. */
async function spend(gateway: Gateway, points: number, call: V1Call = {}) {
  const answer = await outcome(gateway, query, { n: points - BEGUN - 1 }, call);
  const { status, codes, headers, data, errors, messages } = answer;
  const numbers = ["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`));
  const [limit, remaining, reset] = numbers.map((value) => (value === null ? null : Number(value)));
  const retryAfter = headers.get("retry-after");
  return { status, codes, messages, data, error: errors[0], limit, remaining, reset, retryAfter };
}

test("rateLimit and the headers tell the same: the operation's cost, the budget, what is left of it, and when it is full", async () => {
  const gateway = await bootKnowing();
  expect(await spend(gateway, 100)).toMatchObject({ status: 200, limit: 1000, remaining: 900, retryAfter: null });
  const text = "{ rateLimit { cost limit remaining resetAt } }";
  await outcome(gateway, text, {}, { key: (await gateway.license()).key });
  const first = await outcome(gateway, text);
  const { rateLimit } = first.data;
  expect(rateLimit).toMatchObject({ cost: BEGUN + 2, limit: 1000, remaining: 900 - BEGUN - 2 });
  expect(first.headers.get("ratelimit-remaining")).toBe(String(rateLimit.remaining));
  const seconds = (new Date(rateLimit.resetAt).getTime() - gateway.clock.wall()) / 1000;
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(Math.abs(Number(first.headers.get("ratelimit-reset")) - seconds)).toBeLessThan(2);
});

test("a text that was not read lately costs a point for each of its tokens, once, whoever brings it", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: LIMIT } });
  const other = await gateway.license();
  expect((await spend(gateway, 30)).remaining).toBe(1000 - 30 - TOKENS);
  expect((await spend(gateway, 30)).remaining).toBe(1000 - 60 - TOKENS);
  expect((await spend(gateway, 30, { key: other.key })).remaining).toBe(1000 - 30);
});

test("a spent budget is a 429 that says what it would cost and when to come back; a cheaper operation still fits", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "200" });
  await spend(gateway, 110);
  const refused = await spend(gateway, 100);
  // What it asked for was not done, and is not paid; that it was looked at is.
  expect(refused).toMatchObject({ status: 429, codes: ["RATE_LIMITED"], data: undefined, limit: 200, remaining: 70 });
  const wait = Number(refused.retryAfter);
  expect(wait).toBeGreaterThan(40);
  expect(wait).toBeLessThanOrEqual(60);
  expect(refused.error.extensions).toMatchObject({ cost: 100, limit: 200, resetAt: expect.stringMatching(/Z$/) });
  const sentence = `Your license's budget of 200 points a minute is spent; this operation costs 100. Try again in ${wait} seconds.`;
  expect(refused.messages).toEqual([sentence]);
  expect((await spend(gateway, 60)).remaining).toBe(10);
  // Not even read any more, and nothing is taken for it.
  for (const _ of [1, 2]) expect(await spend(gateway, 21)).toMatchObject({ status: 429, remaining: 10 });
  expect((await spend(gateway, 50, { language: "ar" })).messages[0]).toMatch(/200 نقطة/);

  gateway.clock.forward(61_000);
  expect(await spend(gateway, 41)).toMatchObject({ status: 200, remaining: 159 });
});

test("a write is refused before it is done", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "150" } });
  const creating = `mutation { ${["a", "b", "c", "d"].map((name) => `${name}: createMeeting(input: {}) { __typename }`).join(" ")} }`;
  await outcome(gateway, creating, {}, { key: (await gateway.license()).key });
  await spend(gateway, 80);
  const { status, codes } = await outcome(gateway, creating);
  expect([status, codes]).toEqual([429, ["RATE_LIMITED"]]);
  gateway.clock.forward(61_000);
  expect((await spend(gateway, 30)).data).toEqual({ meetings: { nodes: [] } });
});

test("a token spends from its own, all tokens of a license from one budget, and the key's never suffers from them", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "500", TOKEN_POINTS_PER_MINUTE: "200" });
  const other = await gateway.license();
  const tokens: V1Call[] = [];
  for (const _ of [1, 2, 3]) tokens.push((await newToken(gateway, ["MEETINGS_READ"], {}, { key: gateway.key })).call);
  const { remaining: before } = await spend(gateway, 30);
  expect(await spend(gateway, 110, tokens[0])).toMatchObject({ status: 200, limit: 200, remaining: 90 });
  const own = await spend(gateway, 110, tokens[0]);
  expect(own).toMatchObject({ status: 429, limit: 200, remaining: 70 });
  expect(own.messages[0]).toMatch(
    /^The budget of 200 points a minute for this access token, or for all of its license/,
  );
  expect(await spend(gateway, 110, tokens[1])).toMatchObject({ status: 200, remaining: 90 });
  // 500 of all tokens: 240 are gone.
  expect(await spend(gateway, 121, tokens[2])).toMatchObject({ status: 200, remaining: 79 });
  expect(await spend(gateway, 70, tokens[1])).toMatchObject({ status: 200, remaining: 20 });
  expect(await spend(gateway, 60, tokens[2])).toMatchObject({ status: 200, remaining: 9 });
  expect((await spend(gateway, 30, tokens[1])).status).toBe(429);
  expect(await spend(gateway, 30)).toMatchObject({ status: 200, limit: 500, remaining: (before ?? 0) - 30 });
  expect(await spend(gateway, 100, { key: other.key })).toMatchObject({ status: 200, remaining: 400 });
});

test("what a token may not have is not priced: no page of it can be asked for at its license's expense, nor at its own", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "500", TOKEN_POINTS_PER_MINUTE: "500" });
  const { call } = await newToken(gateway, ["SESSIONS_JOIN"]);
  const forbidden = `{ ${["a", "b", "c", "d", "e"].map((name) => `${name}: meetings(first: 100) { nodes { id } }`).join(" ")} }`;
  await outcome(gateway, forbidden, {}, { key: (await gateway.license()).key });
  const left = (await spend(gateway, 30)).remaining ?? 0;
  const codes = ["a", "b", "c", "d", "e"].map((name) => `FORBIDDEN.${name}`);
  for (const times of [1, 2, 3]) {
    const answer = await outcome(gateway, forbidden, {}, call);
    expect([answer.status, answer.codes]).toEqual([200, codes]);
    expect(answer.headers.get("ratelimit-remaining")).toBe(String(500 - times * (BEGUN + 5)));
  }
  expect((await spend(gateway, 30)).remaining).toBe(left - 30);
  const dear = "mutation { createAccessToken(input: { scopes: [MEETINGS_READ] }) { __typename } }";
  expect((await outcome(gateway, dear, {}, call)).codes).toEqual(["FORBIDDEN.createAccessToken"]);
});

test("no token makes a key read anew: what pages send pushes out nothing that a server sent", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "100000", TOKEN_POINTS_PER_MINUTE: "100000" });
  const { call } = await newToken(gateway, ["MEETINGS_READ"]);
  const { remaining } = await spend(gateway, 30);
  // About a megabyte each, parsed.
  const fields = Array.from(
    { length: 10 },
    (_, at) => `r${at}: rateLimit { ${"cost limit remaining resetAt ".repeat(30)} }`,
  );
  const long = (at: number) => `query Long${at} { ${fields.join(" ")} }`;
  for (let at = 0; at < 40; at += 1) expect((await outcome(gateway, long(at), {}, call)).status).toBe(200);
  expect((await spend(gateway, 30)).remaining).toBe((remaining ?? 0) - 30);
});

test("v1 spends no points, says nothing of them, and answers when they are spent", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "100" });
  for (let at = 0; at < 5; at += 1) await createMeeting(gateway);
  expect((await spend(gateway, 100)).remaining).toBe(0);
  expect((await spend(gateway, 21)).status).toBe(429);
  const list = await gateway.v1("list_meetings/");
  expect([list.status, list.body.data.length]).toEqual([200, 5]);
  // Its own limit, of calls.
  expect(list.headers.get("ratelimit-limit")).toBe("30000");
});

const deep = `{ meetings { nodes { ${"sessions { nodes { meeting { ".repeat(5)} id ${"} } } ".repeat(5)} } } }`;
const refused: Record<string, [query: string, variables?: object]> = {
  "no GraphQL": ["{ meetings {"],
  "unknown fields": ["{ nowhere }"],
  "a missing variable": ["query ($n: Int!) { meetings(first: $n) { totalCount } }"],
  "too many entries": [
    "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    { ids: Array.from({ length: 101 }, () => 1) },
  ],
  "too deep": [deep],
  "too dear": ["{ meetings(first: 100) { nodes { sessions(first: 100) { nodes { id } } } } }"],
  repeated: [`{ license { ${"name ".repeat(31)} } }`],
  "a name that is not there": ["query A { license { name } } query B { license { name } }"],
};

test.each(Object.entries(refused))(
  "what is refused costs what looking at it costs: %s",
  async (_, [text, variables]) => {
    const gateway = await bootKnowing({ POINTS_PER_MINUTE: "1000" });
    const ask = () => outcome(gateway, text, variables);
    const first = await ask();
    expect([first.status, first.data]).toEqual([400, undefined]);
    const left = Number(first.headers.get("ratelimit-remaining"));
    expect(left).toBeLessThan(1000 - BEGUN);
    expect(Number((await ask()).headers.get("ratelimit-remaining"))).toBe(left - BEGUN);
    // A developer who errs again and again is not locked out; a program that does nothing else is.
    expect(left).toBeGreaterThan(800);
    const statuses = new Set<number>();
    for (let at = 0; at < 60; at += 1) statuses.add((await ask()).status);
    expect([...statuses]).toEqual([400, 429]);
  },
);

test.each(Object.entries(doors))("and over %s, too", async (_door, open) => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "100" });
  for (const _ of [1, 2]) {
    const { errors } = await open(gateway, { license: gateway.key }, { query: "{ nowhere }" }).next();
    expect(errors[0].extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  }
  const { remaining } = await spend(gateway, 30);
  expect(remaining).toBe(100 - 2 * BEGUN - "SOF { nowhere } EOF".split(" ").length - 30);
});

test("who is nobody has no budget, and the schema costs as the rest does", async () => {
  const gateway = await bootKnowing();
  const nobody = await outcome(gateway, query, { n: 1 }, { key: null });
  expect([nobody.status, nobody.headers.has("ratelimit-limit")]).toEqual([401, false]);
  const schema = await outcome(gateway, "{ __schema { types { name } } }");
  expect([schema.status, schema.headers.get("ratelimit-limit")]).toEqual([200, LIMIT]);
  // What began and was refused by a rule has been paid.
  const { remaining } = await spend(gateway, 30);
  await mutate(gateway, "deleteMeeting", { meetingId: await newMeeting(gateway) });
  expect((await spend(gateway, 30)).remaining).toBeLessThan((remaining ?? 0) - 2 * (BEGUN + 12) - 30);
});

test("many at once spend no more than there is", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "400" });
  const answers = await Promise.all(Array.from({ length: 20 }, () => spend(gateway, 40)));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(200) > 5, count(200) <= 10, count(200) + count(429)]).toEqual([true, true, 20]);
});

test("what costs more than the whole budget is refused as too large: waiting would not help", async () => {
  const gateway = await bootKnowing({ POINTS_PER_MINUTE: "100" });
  const { status, error } = await spend(gateway, 121);
  expect([status, error.extensions]).toMatchObject([400, { code: "OPERATION_TOO_LARGE", cost: 101, limit: 80 }]);
});
