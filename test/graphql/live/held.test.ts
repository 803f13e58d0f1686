import { afterEach, expect, test } from "vitest";
import { holdLimits } from "../../../src/graphql/run/holdings.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { newMeeting, newToken, outcome, start } from "../ask.js";
import { doors, followed, overSocket, overStream, RawSocket } from "./clients.js";

const usual = structuredClone(holdLimits);
afterEach(() => {
  Object.assign(holdLimits, structuredClone(usual));
});

const every = Object.entries(doors).map(([door, open]) => ({ door, open }));
const query = "subscription { sessionStarted { id session { id } } }";
const dear = "subscription { sessionStarted { session { attendances(first: 60) { nodes { id } } } } }";
const scopes = ["EVENTS_READ", "MEETINGS_READ", "ATTENDANCE_READ"];

/** What a token has left, asked with it. */
async function leftOf(gateway: Gateway, { call }: Awaited<ReturnType<typeof newToken>>): Promise<number> {
  const { headers } = await outcome(gateway, "{ rateLimit { cost } }", {}, call);
  return Number(headers.get("ratelimit-remaining"));
}

test.each(every)("over $door: each event that is delivered costs what it may bring", async ({ open }) => {
  const gateway = await boot();
  const token = await newToken(gateway, scopes);
  const meetings = [await newMeeting(gateway), await newMeeting(gateway), await newMeeting(gateway)];
  await leftOf(gateway, token);
  const heard = open(gateway, { accessToken: token.token }, { query });
  await followed(gateway, 1);
  const before = await leftOf(gateway, token);
  for (const meetingId of meetings) await start(gateway, meetingId);
  for (const _ of meetings) expect((await heard.next()).errors).toBeUndefined();
  // Three events of two objects, and the question after them.
  expect(before - (await leftOf(gateway, token))).toBe(3 * (10 + 2) + 21);
});

test.each(every)(
  "over $door: where the budget is spent the next event waits until there are points again, and none is lost",
  async ({ open }) => {
    const gateway = await boot({ env: { TOKEN_POINTS_PER_MINUTE: "240" } });
    const { token } = await newToken(gateway, scopes);
    const heard = open(gateway, { accessToken: token }, { query: dear });
    await followed(gateway, 1);
    for (const _ of [1, 2, 3]) await start(gateway, await newMeeting(gateway));
    expect((await heard.next()).data.sessionStarted).toBeDefined();
    await heard.silence(1_200);
    gateway.clock.forward(61_000);
    for (const _ of [1, 2]) expect((await heard.next()).data.sessionStarted).toBeDefined();
    // Whoever goes while it waits is gone at once.
    for (const _ of [1, 2, 3]) await start(gateway, await newMeeting(gateway));
    await heard.next();
    heard.stop();
    await followed(gateway, 0);
  },
);

test("a subscription that only waits costs a little each minute", async () => {
  const gateway = await boot({ timings: { heldMinute: 50 } });
  const token = await newToken(gateway, scopes);
  const heard = overSocket(gateway, { accessToken: token.token }, { query });
  await followed(gateway, 1);
  await leftOf(gateway, token);
  const before = await leftOf(gateway, token);
  await heard.silence(300);
  const after = await leftOf(gateway, token);
  expect(before - after).toBeGreaterThanOrEqual(2 * 10 + 21);
  heard.stop();
  await followed(gateway, 0);
  const stopped = await leftOf(gateway, token);
  await heard.silence(200);
  expect(stopped - (await leftOf(gateway, token))).toBe(21);
});

test.each(every)(
  "over $door: so many subscriptions a token, and a license's tokens, may have; the key has its own",
  async ({ open }) => {
    holdLimits.subscriptions = { key: 2, tokens: 3, token: 2 };
    const gateway = await boot();
    const [first, second] = [await newToken(gateway, scopes), await newToken(gateway, scopes)];
    const byFirst = () => open(gateway, { accessToken: first.token }, { query });
    const refusal = { message: expect.stringContaining("2"), extensions: { code: "TOO_MANY_SUBSCRIPTIONS", limit: 2 } };
    const held = [byFirst(), byFirst()];
    await followed(gateway, 2);
    expect((await byFirst().next()).errors).toMatchObject([refusal]);
    open(gateway, { accessToken: second.token }, { query });
    await followed(gateway, 3);
    const one = await open(gateway, { accessToken: second.token }, { query }).next();
    expect(one.errors).toMatchObject([{ extensions: { code: "TOO_MANY_SUBSCRIPTIONS", limit: 3 } }]);
    for (const _ of [1, 2]) open(gateway, { license: gateway.key }, { query });
    await followed(gateway, 5);
    expect((await open(gateway, { license: gateway.key }, { query }).next()).errors).toMatchObject([refusal]);
    held[0]?.stop();
    await followed(gateway, 4);
    const again = byFirst();
    await followed(gateway, 5);
    await start(gateway, await newMeeting(gateway));
    expect((await again.next()).data.sessionStarted).toBeDefined();
  },
);

test("so many lines a token may have open, sockets and streams together; one more is told to come later", async () => {
  holdLimits.lines = { key: 1, tokens: 10, token: 2 };
  const gateway = await boot();
  const { token } = await newToken(gateway, scopes);
  const streaming = overStream(gateway, { accessToken: token }, { query });
  await followed(gateway, 1);
  const enter = async (payload: object) => {
    const socket = new RawSocket(gateway);
    await socket.say({ type: "connection_init", payload });
    return socket;
  };
  const first = await enter({ accessToken: token });
  await first.frame("connection_ack");
  const tooMany = { code: 1013, reason: "TOO_MANY_LINES" };
  expect(await (await enter({ accessToken: token })).closed).toEqual(tooMany);
  const response = await fetch(`${gateway.url}/graphql/stream`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors: { extensions: object }[] };
  expect([response.status, response.headers.has("retry-after")]).toEqual([429, true]);
  expect(errors).toMatchObject([{ extensions: { code: "TOO_MANY_LINES", limit: 2 } }]);

  // The key has its own.
  const byKey = await enter({ license: gateway.key });
  await byKey.frame("connection_ack");
  expect(await (await enter({ license: gateway.key })).closed).toEqual(tooMany);
  streaming.stop();
  await followed(gateway, 0);
  const later = await enter({ accessToken: token });
  await later.frame("connection_ack");
});

test("SOCKETS_PER_LICENSE sets what a license's tokens may hold, and what its key may goes with it", async () => {
  const gateway = await boot({ env: { SOCKETS_PER_LICENSE: "3" } });
  const enter = async (payload: object) => {
    const socket = new RawSocket(gateway);
    await socket.say({ type: "connection_init", payload });
    return Promise.race([socket.closed, socket.frame("connection_ack")]);
  };
  const tooMany = { code: 1013, reason: "TOO_MANY_LINES" };
  const entered = expect.objectContaining({ type: "connection_ack" });
  for (const expected of [entered, entered, entered, tooMany]) {
    const { token } = await newToken(gateway, scopes);
    expect(await enter({ accessToken: token })).toEqual(expected);
  }
  for (const expected of [entered, tooMany]) expect(await enter({ license: gateway.key })).toEqual(expected);
});
