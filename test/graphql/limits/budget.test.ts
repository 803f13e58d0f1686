import { expect, test } from "vitest";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { mutate, newToken, outcome } from "../ask.js";

/** Costs this many points. */
const costing = (points: number) =>
  points === 1
    ? "{ rateLimit { cost limit remaining resetAt } }"
    : `{ meetings(first: ${points - 1}) { nodes { id } } }`;

async function spend(gateway: Gateway, points: number, call: V1Call = {}) {
  const { status, codes, headers, data, errors, messages } = await outcome(gateway, costing(points), {}, call);
  const numbers = ["limit", "remaining", "reset"].map((name) => headers.get(`ratelimit-${name}`));
  const [limit, remaining, reset] = numbers.map((value) => (value === null ? null : Number(value)));
  return {
    status,
    codes,
    messages,
    data,
    error: errors[0],
    limit,
    remaining,
    reset,
    retryAfter: headers.get("retry-after"),
  };
}

test("rateLimit and the headers tell the same: the operation's cost, the budget, what is left of it, and when it is full", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "100" } });
  expect(await spend(gateway, 30)).toMatchObject({ status: 200, limit: 100, remaining: 70, retryAfter: null });
  const first = await spend(gateway, 1);
  expect(first).toMatchObject({ limit: 100, remaining: 69 });
  const { rateLimit } = first.data;
  expect(rateLimit).toMatchObject({ cost: 1, limit: 100, remaining: 69 });
  const seconds = (new Date(rateLimit.resetAt).getTime() - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(40);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(Math.abs((first.reset ?? 0) - seconds)).toBeLessThan(2);
  const beside = await outcome(gateway, "{ meetings(first: 9) { totalCount } rateLimit { cost remaining } }");
  expect(beside.data.rateLimit).toEqual({ cost: 11, remaining: 58 });
});

test("a spent budget is a 429 that says what it would cost and when to come back; what did not run is not paid", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "100" } });
  await spend(gateway, 60);
  for (const _ of [1, 2, 3]) {
    const refused = await spend(gateway, 41);
    expect(refused).toMatchObject({ status: 429, codes: ["RATE_LIMITED"], data: undefined, limit: 100, remaining: 40 });
    const wait = Number(refused.retryAfter);
    expect(wait).toBeGreaterThan(40);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.error.extensions).toMatchObject({ cost: 41, limit: 100, resetAt: expect.stringMatching(/Z$/) });
    const sentence = `Your license's budget of 100 points a minute is spent; this operation costs 41. Try again in ${wait} seconds.`;
    expect(refused.messages).toEqual([sentence]);
  }
  const arabic = await spend(gateway, 50, { language: "ar" });
  expect(arabic.messages[0]).toMatch(/100 نقطة.*50/);
  // A write is refused before it is done.
  const writing = await outcome(
    gateway,
    `mutation { ${["a", "b", "c", "d"].map((name) => `${name}: createMeeting(input: {}) { __typename }`).join(" ")} }`,
  );
  expect([writing.status, writing.codes]).toEqual([429, ["RATE_LIMITED"]]);
  // A cheaper one still fits, to the last point.
  expect(await spend(gateway, 40)).toMatchObject({ status: 200, remaining: 0, data: { meetings: { nodes: [] } } });
  expect(await spend(gateway, 1)).toMatchObject({ status: 429, remaining: 0 });

  gateway.clock.forward(61_000);
  expect(await spend(gateway, 41)).toMatchObject({ status: 200, remaining: 59 });
});

test("each license has a budget of its own, and shares it with its tokens", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "100" } });
  const other = await gateway.license();
  const { call } = await newToken(gateway, ["MEETINGS_READ"]);
  const second = await newToken(gateway, ["SESSIONS_JOIN"]);
  expect(await spend(gateway, 50)).toMatchObject({ remaining: 100 - 24 - 50 });
  expect(await spend(gateway, 20, call)).toMatchObject({ status: 200, remaining: 6 });
  expect(await spend(gateway, 1, second.call)).toMatchObject({ status: 200, remaining: 5 });
  expect(await spend(gateway, 20, second.call)).toMatchObject({ status: 429 });
  expect(await spend(gateway, 20)).toMatchObject({ status: 429 });
  expect(await spend(gateway, 100, { key: other.key })).toMatchObject({ status: 200, remaining: 0 });
});

test("v1 spends no points, says nothing of them, and answers when they are spent", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "20" } });
  for (let at = 0; at < 5; at += 1) await createMeeting(gateway);
  expect((await spend(gateway, 1)).remaining).toBe(19);
  await spend(gateway, 19);
  expect((await spend(gateway, 1)).status).toBe(429);
  const list = await gateway.v1("list_meetings/");
  expect([list.status, list.body.data.length]).toEqual([200, 5]);
  // Its own limit, of calls.
  expect(list.headers.get("ratelimit-limit")).toBe("30000");
});

test("what never begins costs nothing and says nothing of a budget: no caller, faults, sizes, the schema", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "50" } });
  const deep = `{ meetings { nodes { ${"sessions { nodes { meeting { ".repeat(5)} id ${"} } } ".repeat(5)} } } }`;
  const cases: [number, string, object?, V1Call?][] = [
    [401, costing(10), {}, { key: null }],
    [400, "{ meetings {"],
    [400, "{ nowhere }"],
    [400, "query ($n: Int!) { meetings(first: $n) { totalCount } }"],
    [400, deep],
    [200, "{ __schema { types { name } } }"],
  ];
  for (const [status, query, variables = {}, call = {}] of cases) {
    const answer = await outcome(gateway, query, variables, call);
    expect([query.slice(0, 60), answer.status, answer.headers.has("ratelimit-limit")]).toEqual([
      query.slice(0, 60),
      status,
      false,
    ]);
  }
  expect((await spend(gateway, 1)).remaining).toBe(49);
  // What began and was refused by a rule has been paid.
  await mutate(gateway, "deleteMeeting", { meetingId: "0db9ac9d-399b-4b9b-987c-50fd77f5d15d" });
  expect((await spend(gateway, 1)).remaining).toBe(49 - 12 - 1);
});

test("many at once spend no more than there is", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "100" } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => spend(gateway, 10)));
  const count = (status: number) => answers.filter((answer) => answer.status === status).length;
  expect([count(200), count(429)]).toEqual([10, 10]);
  expect((await spend(gateway, 1)).remaining).toBe(0);
});

test("what costs more than the whole budget is refused as too large: waiting would not help", async () => {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "50" } });
  const query = "{ meetings(first: 100) { nodes { id } } }";
  const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query }, language: "en" });
  expect([status, body.errors[0].extensions]).toMatchObject([
    400,
    { code: "OPERATION_TOO_LARGE", cost: 101, limit: 50 },
  ]);
});
