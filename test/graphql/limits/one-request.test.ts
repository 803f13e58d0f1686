import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { doors, RawSocket } from "../live/clients.js";

interface Asked {
  query: string;
  variables: Record<string, unknown>;
}

type Ask = (gateway: Gateway, asked: Asked) => Promise<{ errors: { message: string; extensions: object }[] }>;

const ways: Record<string, Ask> = {
  POST: async (gateway, body) => (await gateway.graphql("", {}, { method: "POST", body, language: "en" })).body,
  ...Object.fromEntries(
    Object.entries(doors).map(([door, open]): [string, Ask] => [
      door,
      (gateway, asked) => open(gateway, { license: gateway.key }, asked).next(),
    ]),
  ),
};

const long = Array.from({ length: 10_000 }, (_, at) => at % 7);
const nodes = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
const filtered = "query ($filter: SessionFilter) { sessions(filter: $filter) { totalCount } }";
const inside = "mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { __typename } }";
const requests: [place: string, Asked][] = [
  ["ids", { query: nodes, variables: { ids: long } }],
  ["ids", { query: nodes, variables: { ids: long.map(() => ({})) } }],
  ["filter.status", { query: filtered, variables: { filter: { status: long } } }],
  ["input.scopes", { query: inside, variables: { input: { scopes: long } } }],
];

test.each(Object.entries(ways))(
  "over %s a list of 10,000 entries is one fault, at once, and not for nothing",
  async (_way, ask) => {
    const gateway = await boot();
    await ask(gateway, { query: nodes, variables: { ids: [] } });
    for (const [place, asked] of requests) {
      const began = process.cpuUsage();
      const { errors } = await ask(gateway, asked);
      const { user, system } = process.cpuUsage(began);
      expect(errors).toMatchObject([
        {
          message: `Variable "$${place}": at most 100 entries are allowed.`,
          extensions: { code: "BAD_USER_INPUT" },
        },
      ]);
      // The client's own work is among it; looked at one by one each list took seconds.
      expect((user + system) / 1000).toBeLessThan(1_000);
    }
    const { headers } = await gateway.graphql("{ rateLimit { cost } }");
    // Each was begun: the question after them, too.
    expect(100_000 - Number(headers.get("ratelimit-remaining"))).toBeGreaterThan(20 * (requests.length + 2));
  },
);

test("what is larger than a request may be is refused unread, over every door", async () => {
  const gateway = await boot();
  const { url, key } = gateway;
  const body = JSON.stringify({ query: nodes, variables: { ids: ["x".repeat(300 * 1024)] } });
  const headers = { license: key, "content-type": "application/json", accept: "*/*" };
  for (const path of ["/graphql", "/graphql/stream"]) {
    const { status } = await fetch(url + path, { method: "POST", headers, body });
    expect([path, status]).toEqual([path, 413]);
    const address = await fetch(`${url}${path}?query=${"x".repeat(20 * 1024)}`, { headers: { license: key } });
    expect([path, address.status]).toEqual([path, 431]);
  }
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license: key } });
  await socket.frame("connection_ack");
  await socket.say({ id: "1", type: "subscribe", payload: JSON.parse(body) });
  expect(await socket.closed).toMatchObject({ code: 1009 });
});
