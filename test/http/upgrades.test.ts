import { expect, test } from "vitest";
import { boot, type Gateway, ofFiles } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";
import { type RawRequest, rawLine, rawRequest } from "../helpers/raw.js";

/** What the JDK's own HTTP client offers on every request. */
const h2c = { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c", "http2-settings": "AAEAAEAAAAIAAAAA" };
const webSocket = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** One request of each door, and what it needs. */
const requests = ({ key }: Gateway): [string, RawRequest][] => {
  const license = { license: key };
  const json = { ...license, "content-type": "application/json" };
  return [
    ["/api/v1/list_meetings/", { headers: license }],
    ["/api/v1/create_meeting/", { method: "POST", headers: json, body: '{"meeting_setting":[]}' }],
    ["/graphql?query=%7Blicense%7Bname%7D%7D", { headers: { ...license, "apollo-require-preflight": "1" } }],
    ["/graphql", { method: "POST", headers: json, body: '{"query":"{ license { name } }"}' }],
    ["/graphql/", { method: "POST", headers: json, body: '{"query":"{ license { name } }"}' }],
    ["/graphql/stream", { method: "POST", headers: json, body: '{"query":"{ license { name } }"}' }],
    ["/health/live", {}],
    ["/", {}],
    ["/api/join?fullName=x&checksum=y", {}],
    ["/api/room", {}],
    ["/nowhere", {}],
    ["/%zz", {}],
  ];
};

/** The answer's status, type and body; what differs from one to the next is left out. */
async function answered(url: string, path: string, request: RawRequest): Promise<string> {
  const line = await rawLine(url);
  line.write(rawRequest(path, request));
  line.socket.end();
  await line.closed();
  return line
    .received()
    .replace(/^(date|connection|keep-alive|ratelimit-[a-z]+): .*\r\n/gim, "")
    .replace(/[\da-f]{8}-[\da-f-]{27}/g, "ID");
}

// These clients close their half at once: Node answers them what is answered in the same turn, as it is from a file.
ofFiles.each([
  ["h2c", h2c],
  ["TLS/1.0", { connection: "upgrade", upgrade: "TLS/1.0" }],
  ["websocket, with another beside it", { ...webSocket, upgrade: "websocket, h2c" }],
])("an upgrade to %s is not there: every door answers as without it, bodies whole", async (_name, offer) => {
  const gateway = await boot();
  for (const [path, request] of requests(gateway)) {
    // What is asked for the first time may take a turn more, and by then such a client is gone.
    await answered(gateway.url, path, request);
    const plain = await answered(gateway.url, path, request);
    const offered = await answered(gateway.url, path, { ...request, headers: { ...request.headers, ...offer } });
    expect([path, offered]).toEqual([path, plain]);
  }
});

ofFiles(
  "a WebSocket where no socket lives is answered as the plain request, and its line ends with the client",
  async () => {
    const gateway = await boot();
    const without = requests(gateway).filter(([path, { method }]) => method === "POST" || !/room|graphql/.test(path));
    for (const [path, request] of without) {
      const plain = await answered(gateway.url, path, request);
      const offered = await answered(gateway.url, path, { ...request, headers: { ...request.headers, ...webSocket } });
      expect([path, offered]).toEqual([path, plain]);
    }
  },
);

test("a WebSocket is taken at /graphql, /graphql/ and /api/room, below PUBLIC_URL's path too, in any letter case", async () => {
  const { url } = await boot({ env: { PUBLIC_URL: "http://meet.example/base" } });
  for (const path of ["/graphql", "/graphql/?x=1", "/api/room", "/base/graphql", "/base/api/room"]) {
    const line = await rawLine(url);
    line.write(rawRequest(path, { headers: { ...webSocket, upgrade: "WebSocket" } }));
    expect([path, await line.statuses(1)]).toEqual([path, [101]]);
  }
});

test("a WebSocket that is refused, or whose handshake is none, ends with its answer", async () => {
  const { url } = await boot();
  const refused: [string, Record<string, string>, number][] = [
    ["/api/room", { ...webSocket, origin: "http://elsewhere.example" }, 403],
    ["/graphql", { ...webSocket, origin: "http://elsewhere.example" }, 403],
    ["/graphql", { ...webSocket, "sec-websocket-key": "short" }, 400],
    ["/api/room", { ...webSocket, "sec-websocket-version": "7" }, 426],
  ];
  for (const [path, headers, status] of refused) {
    const line = await rawLine(url);
    line.write(rawRequest(path, { headers }));
    expect([path, await line.statuses(1)]).toEqual([path, [status]]);
    await line.closed();
  }
});

test("what comes after an ignored upgrade is answered in its order: one segment, split and chunked bodies", async () => {
  const { url, key } = await boot();
  const headers = { license: key, "content-type": "application/json", ...h2c };
  const body = JSON.stringify({ title: "t", meeting_setting: tenSettings() });
  const create = rawRequest("/api/v1/create_meeting/", { method: "POST", headers, body });
  const chunked = `${rawRequest("/api/v1/create_meeting/", {
    method: "POST",
    headers: { ...headers, "transfer-encoding": "chunked" },
  })}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const live = rawRequest("/health/live", { headers: h2c });
  const missing = rawRequest("/nowhere");
  const together = await rawLine(url);
  together.write(create + live + missing + chunked + missing + live + create);
  expect(await together.statuses(7)).toEqual([201, 200, 404, 201, 404, 200, 201]);

  const apart = await rawLine(url);
  const all = create + missing + chunked + live;
  for (const at of Array.from({ length: 6 }, (_, index) => index)) {
    apart.write(all.slice((all.length / 6) * at, (all.length / 6) * (at + 1)));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(await apart.statuses(4)).toEqual([201, 404, 201, 200]);
});

test("one line takes many offers, and nothing of them stays", async () => {
  const { url } = await boot();
  const line = await rawLine(url);
  const live = rawRequest("/health/live", { headers: h2c });
  for (let sent = 1; sent <= 30; sent += 1) {
    line.write(live);
    await line.statuses(sent);
  }
  line.write(rawRequest("/health/live", { headers: { connection: "close" } }));
  await line.closed();
  expect((await line.statuses(31)).every((status) => status === 200)).toBe(true);
});

test("an offer with more headers than are kept is refused, not shortened", async () => {
  const { url } = await boot();
  const line = await rawLine(url);
  const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, index) => [`a${index}`, ""]));
  line.write(rawRequest("/health/live", { headers: { ...h2c, ...many, "content-length": "40" } }));
  line.write(rawRequest("/nowhere"));
  expect(await line.statuses(1)).toEqual([431]);
  await line.closed();
});

test("a WebSocket that comes while the server ends is answered 503 and holds nothing up", async () => {
  const gateway = await boot({ timings: { lastRequests: 300 } });
  const expected = { "/graphql": 503, "/api/room": 503, "/api/join": 503, "/%zz": 400 };
  const lines = await Promise.all(
    Object.entries(expected).map(async ([path, status]) => ({ path, status, line: await rawLine(gateway.url) })),
  );
  for (const { line } of lines) {
    line.write(rawRequest("/health/live"));
    await line.statuses(1);
  }
  const stopped = gateway.stop();
  for (const { path, line } of lines) line.write(rawRequest(path, { headers: webSocket }));
  for (const { path, status, line } of lines) expect([path, await line.statuses(2)]).toEqual([path, [200, status]]);
  await Promise.all([stopped, ...lines.map(({ line }) => line.closed())]);
});
