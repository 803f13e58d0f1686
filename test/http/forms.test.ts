import { connect } from "node:net";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { raw } from "../v1/calls.js";

/** Bytes as they are. @returns what came until the other side closed */
function exchange({ url }: Gateway, ...parts: (string | number)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(port), hostname);
    socket.on("data", (data) => (text += data.toString("utf8")));
    socket.on("close", () => resolve(text));
    socket.on("error", () => {});
    socket.write(parts.join(""));
  });
}

const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
const host = "Host: x\r\nAccept-Language: en\r\n";
const long = `X-Long: ${"x".repeat(20_000)}\r\n`;

test("error-2: what breaks HTTP's rules is refused in the form of the door it went to", async () => {
  const gateway = await boot();
  const sentence = "The request headers are too long.";
  const [v1, graph, page] = await Promise.all(
    ["/api/v1/list_meetings", "/graphql?query=x", "/api/join?a=b"].map((path) =>
      exchange(gateway, `GET ${path} HTTP/1.1\r\n`, host, long, "\r\n"),
    ),
  );
  for (const answer of [v1, graph, page]) expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(bodyOf(v1 ?? "")).toEqual({ status: false, status_code: 431, message: "error", error_messages: [sentence] });
  expect(bodyOf(graph ?? "")).toEqual({
    errors: [{ message: sentence, extensions: { code: "BAD_REQUEST", requestId: expect.any(String) } }],
  });
  expect(bodyOf(page ?? "")).toEqual({ error: sentence });
});

test("error-2: bytes that are no HTTP are a 400 with a sentence, and the line is closed", async () => {
  const gateway = await boot();
  for (const bytes of ["nonsense\r\n\r\n", `GET / HTTP/1.1\r\nBad Header\r\n\r\n`, "\u0016\u0003\u0001\r\n\r\n"]) {
    const answer = await exchange(gateway, bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain("content-language: ar");
    expect(bodyOf(answer)).toEqual({ error: expect.stringMatching(/HTTP/) });
  }
});

test("headers that stall are a 408, and so is a line that says nothing", async () => {
  const gateway = await boot({ timings: { headers: 200, request: 400 } });
  const [silent, slow] = await Promise.all([
    exchange(gateway),
    exchange(gateway, "GET /api/v1/list_meetings HTTP/1.1"),
  ]);
  for (const answer of [silent, slow]) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

test("a line that is refused is one line of the log, whatever its other side does then", async () => {
  const gateway = await boot({ env: { LOG_LEVEL: "info" }, timings: { headers: 200, request: 400 } });
  // Closes its own side of the line when it has heard the refusal, in the middle of what it was saying.
  expect(await exchange(gateway, "GET /api/v1/list_meetings HTTP/1.1\r\nX-")).toMatch(/^HTTP\/1\.1 408 /);
  expect(await exchange(gateway, "nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  await expect.poll(() => gateway.log()).toContain("a request that is no HTTP");
  expect(gateway.log().match(/a request that (?:is no HTTP|did not come in time)/g)).toEqual([
    "a request that did not come in time",
    "a request that is no HTTP",
  ]);
});

test("error-2: an address that can't be decoded or leads nowhere has its door's form", async () => {
  const gateway = await boot();
  const [v1, graph, page] = [
    { status: false, status_code: 0, message: "error", error_messages: [expect.any(String)] },
    { errors: [{ message: expect.any(String), extensions: { code: "BAD_REQUEST", requestId: expect.any(String) } }] },
    { error: expect.any(String) },
  ];
  const cases: [path: string, status: number, body: object][] = [
    ["/api/v1/%zz", 400, { ...v1, status_code: 400 }],
    ["/graphql/%zz", 400, graph],
    ["/%zz", 400, page],
    ["/api/v1/nowhere", 404, { ...v1, status_code: 404 }],
    ["/api/v1", 404, { ...v1, status_code: 404 }],
    ["/graphql/nowhere", 404, graph],
    ["/nowhere", 404, page],
    ["/graphqlx", 404, page],
    [`/api/v1/${"x".repeat(5_000)}`, 404, { ...v1, status_code: 404 }],
  ];
  for (const [path, status, body] of cases) {
    const answer = await raw(gateway, "GET", path);
    expect([path, answer.status, answer.body]).toEqual([path, status, body]);
    expect(answer.headers.get("content-language")).toBe("en");
  }
});

test("error-2: an absolute-form target and two slashes at the beginning mean the same address", async () => {
  const gateway = await boot();
  const { host: authority } = new URL(gateway.url);
  const absolute = (path: string) => `http://${authority}${path}`;
  const statuses = async (method: string, path: string) => (await raw(gateway, method, path)).status;
  expect(await statuses("GET", absolute("/api/v1/list_meetings"))).toBe(200);
  expect(await statuses("GET", absolute("/api/v1/create_meeting/?x=/api"))).toBe(405);
  expect(await statuses("GET", `${absolute("")}?x=1`)).toBe(200);
  expect(await statuses("GET", "//api/v1/list_meetings/")).toBe(200);
  expect(await statuses("GET", "//api/v1/create_meeting")).toBe(405);
  expect((await raw(gateway, "GET", "//api/v1/nowhere")).body).toMatchObject({ status_code: 404 });
});

test("error-2: what is announced where no door reads a body is not waited for", async () => {
  const gateway = await boot();
  const announced = "Content-Type: application/json\r\nContent-Length: 1100000\r\nConnection: close\r\n\r\n";
  for (const [path, status] of [
    ["/api/join?a=b", 403],
    ["/health/live", 404],
  ] as const) {
    const answer = await exchange(gateway, `POST ${path} HTTP/1.1\r\n`, host, announced);
    expect([path, answer.slice(0, 12)]).toEqual([path, `HTTP/1.1 ${status}`]);
  }
});

test("error-2: a request without Host is refused in its door's form, and one that expects something is answered as any other", async () => {
  const gateway = await boot();
  const ask = (path: string, ...more: string[]) =>
    exchange(gateway, `GET ${path} HTTP/1.1\r\nAccept-Language: en\r\nConnection: close\r\n`, ...more, "\r\n");
  const sentence = "The request is not valid HTTP, or not one that is taken here.";
  const [v1, graph, page] = await Promise.all(["/api/v1/list_meetings", "/graphql", "/"].map((path) => ask(path)));
  for (const answer of [v1, graph, page]) expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(bodyOf(v1 ?? "")).toEqual({ status: false, status_code: 400, message: "error", error_messages: [sentence] });
  expect(bodyOf(graph ?? "")).toMatchObject({ errors: [{ message: sentence, extensions: { code: "BAD_REQUEST" } }] });
  expect(bodyOf(page ?? "")).toEqual({ error: sentence });
  expect(await ask("/health/live", host, "Expect: wonders\r\n")).toMatch(/^HTTP\/1\.1 200 /);
});

const upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n";
const rightKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const inForms = {
  "/api/v1/list_meetings": {
    status: false,
    status_code: expect.any(Number),
    message: "error",
    error_messages: [expect.any(String)],
  },
  "/graphql": {
    errors: [{ message: expect.any(String), extensions: { code: "BAD_REQUEST", requestId: expect.any(String) } }],
  },
  "/api/room": { error: expect.any(String) },
  "/nowhere": { error: expect.any(String) },
};
type Address = keyof typeof inForms;
const everywhere = Object.keys(inForms) as Address[];
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);

test("error-2: a handshake that is none is refused in the form of the door it went to", async () => {
  const gateway = await boot();
  const faults: [headers: string, status: number][] = [
    ["Sec-WebSocket-Version: 13\r\n", 400],
    ["Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", 400],
    [`Sec-WebSocket-Version: 13\r\n${rightKey}Sec-WebSocket-Protocol: a,,b\r\n`, 400],
    [`Sec-WebSocket-Version: 99\r\n${rightKey}`, 426],
  ];
  for (const path of ["/graphql", "/api/room"] as const) {
    for (const [headers, status] of faults) {
      const answer = await exchange(gateway, `GET ${path} HTTP/1.1\r\n`, host, upgrade, headers, "\r\n");
      expect([path, headers, statusOf(answer)]).toEqual([path, headers, status]);
      expect(bodyOf(answer)).toEqual(inForms[path]);
      if (status === 426) expect(answer).toContain("\r\nsec-websocket-version: 13\r\n");
    }
  }
});

test("error-2: what Node would refuse without a word has the form of the door it went to", async () => {
  const gateway = await boot();
  const json = "Content-Type: application/json\r\n";
  const chunked = `${host}${json}Transfer-Encoding: chunked\r\n\r\n`;
  const rests: [what: string, request: (path: Address) => string, status: number][] = [
    ["no host", (path) => `GET ${path} HTTP/1.1\r\n\r\n`, 400],
    ["two hosts", (path) => `GET ${path} HTTP/1.1\r\n${host}Host: y\r\n\r\n`, 400],
    ["a tunnel", (path) => `CONNECT ${path} HTTP/1.1\r\n${host}\r\n`, 400],
    ["no chunk", (path) => `POST ${path} HTTP/1.1\r\n${chunked}zz\r\n`, 400],
    ["no coding", (path) => `POST ${path} HTTP/1.1\r\n${host}Transfer-Encoding: gzip\r\n\r\n`, 400],
    ["a chunk's extensions", (path) => `POST ${path} HTTP/1.1\r\n${chunked}2;${"a".repeat(20_000)}\r\n{}\r\n`, 413],
  ];
  for (const path of everywhere) {
    for (const [what, request, status] of rests) {
      const answer = await exchange(gateway, request(path));
      expect([path, what, statusOf(answer)]).toEqual([path, what, status]);
      expect([path, what, bodyOf(answer)]).toEqual([path, what, inForms[path]]);
    }
  }
});

test("an expectation that nobody knows is ignored, and a GET where only sockets live has words", async () => {
  const gateway = await boot();
  for (const path of everywhere) {
    const answer = await exchange(
      gateway,
      `PUT ${path} HTTP/1.1\r\n${host}Connection: close\r\nExpect: wonders\r\n\r\n`,
    );
    expect([path, statusOf(answer)]).toEqual([path, path.startsWith("/api/v1") || path === "/graphql" ? 405 : 404]);
    expect(bodyOf(answer)).toMatchObject(path === "/graphql" ? { errors: [{}] } : inForms[path]);
  }
  expect(bodyOf(await exchange(gateway, `GET /api/room HTTP/1.1\r\n${host}Connection: close\r\n\r\n`))).toEqual({
    error: "There is nothing at this address.",
  });
  expect(bodyOf(await exchange(gateway, `GET /api/room/assets/ HTTP/1.1\r\n${host}Connection: close\r\n\r\n`))).toEqual(
    {
      error: "There is nothing at this address.",
    },
  );
});

test("a body where nobody reads one is never the reason of a refusal", async () => {
  const gateway = await boot();
  for (const path of ["/nowhere", "/api/room", "/"]) {
    for (const [body, type] of [
      ["{x", "application/json"],
      ["", "application/json"],
      ["x".repeat(2_000_000), "text/plain"],
    ]) {
      const answer = await raw(gateway, "POST", path, { headers: { "content-type": type ?? "" }, body: body ?? "" });
      expect([path, answer.status, answer.body]).toEqual([path, 404, { error: "There is nothing at this address." }]);
    }
  }
});
