import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";

/** The same wish on each door that reads bodies: a meeting with this title. */
const doors = {
  "/api/v1/create_meeting": (title: string) => JSON.stringify({ title, meeting_setting: tenSettings() }),
  "/graphql": (title: string) =>
    JSON.stringify({
      query: "mutation ($title: String) { createMeeting(input: { title: $title }) { __typename } }",
      variables: { title },
    }),
  "/graphql/stream": (title: string) =>
    JSON.stringify({
      query: "mutation ($title: String) { createMeeting(input: { title: $title }) { __typename } }",
      variables: { title },
    }),
};
const each = Object.entries(doors);

const json = "application/json";

async function post({ url, key }: Gateway, path: string, body: string | Uint8Array<ArrayBuffer>, type = json) {
  const headers = { license: key, "accept-language": "en", "content-type": type };
  const response = await fetch(url + path, { method: "POST", headers, body });
  return { status: response.status, text: await response.text() };
}

const titles = async (gateway: Gateway) =>
  ((await gateway.v1("list_meetings")).body.data as { title: string }[]).map(({ title }) => title);

test("body-3: bytes that are no UTF-8 are refused on every door, never stored as something else", async () => {
  const gateway = await boot();
  for (const [path, bodyOf] of each) {
    const latin1 = new Uint8Array(Buffer.from(bodyOf("café"), "latin1"));
    const { status, text } = await post(gateway, path, latin1);
    expect([path, status]).toEqual([path, 400]);
    expect(text).toContain("The request body is not valid UTF-8 text.");
  }
  expect(await titles(gateway)).toEqual([]);
});

test("a compressed body is refused on every door, and its sender is told why", async () => {
  const { url, key } = await boot();
  for (const [path, bodyOf] of each) {
    const headers = { license: key, "accept-language": "en", "content-type": json, "content-encoding": "gzip" };
    const response = await fetch(url + path, { method: "POST", headers, body: gzipSync(bodyOf("Algebra")) });
    expect([path, response.status]).toEqual([path, 400]);
    expect(await response.text()).toContain("The request body is compressed (Content-Encoding). Send it as it is.");
  }
});

test("a UTF-8 byte order mark is let pass on every door", async () => {
  const gateway = await boot();
  for (const [path, bodyOf] of each) {
    const { status } = await post(gateway, path, `\ufeff${bodyOf(path)}`);
    expect([path, status < 300]).toEqual([path, true]);
  }
  expect(await titles(gateway)).toEqual(each.map(([path]) => path));
});

test("a key named __proto__ is one that nobody knows, on every door", async () => {
  const gateway = await boot();
  for (const [path, bodyOf] of each) {
    const body = bodyOf(path).replace("{", '{"__proto__":{"query":"{ __typename }","title":"hijacked"},');
    expect([path, (await post(gateway, path, body)).status < 300]).toEqual([path, true]);
  }
  expect(await titles(gateway)).toEqual(each.map(([path]) => path));
});

test("error-2: five megabytes are answered 413, also for who listens only after sending", async () => {
  const gateway = await boot();
  for (const [path, bodyOf] of each) {
    const large = bodyOf("x".repeat(5_000_000));
    const answer = await post(gateway, path, large);
    expect([path, answer.status]).toEqual([path, 413]);
    expect(answer.text).toContain("KiB");
    expect([path, await sendAllThenRead(gateway, path, large)]).toEqual([path, expect.stringContaining(" 413 ")]);
  }
  // A type that is none is a fault before the size.
  expect((await post(gateway, "/graphql", "x".repeat(5_000_000), "nonsense")).status).toBe(415);
  expect((await post(gateway, "/graphql/", doors["/graphql"]("small"))).status).toBe(200);
});

test("error-2: five megabytes where nobody reads a body get the address's own answer", async () => {
  const gateway = await boot();
  const large = "x".repeat(5_000_000);
  const answers = { "/": 404, "/nowhere": 404, "/health/live": 404, "/docs/": 404, "/console/": 404, "/api/join": 403 };
  for (const [path, status] of Object.entries(answers)) {
    const answer = await post(gateway, path, large);
    expect([path, answer.status]).toEqual([path, status]);
    expect([path, await sendAllThenRead(gateway, path, large)]).toEqual([path, expect.stringContaining(` ${status} `)]);
  }
});

/** Like many programs it listens only when all is sent, and takes its time about that. @returns the answer's first line */
function sendAllThenRead({ url, key }: Gateway, path: string, body: string): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const head = [`POST ${path} HTTP/1.1`, `host: ${host}`, `license: ${key}`, `content-type: ${json}`];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname).pause();
    socket.on("error", reject);
    socket.write(`${[...head, `content-length: ${body.length}`, "", ""].join("\r\n")}${body.slice(0, 100_000)}`);
    setTimeout(() => {
      socket.write(body.slice(100_000), () => {
        socket.once("data", (data) => {
          resolve(data.toString("latin1").split("\r\n", 1)[0] ?? "");
          socket.destroy();
        });
        socket.resume();
      });
    }, 100);
  });
}

test("a body that stalls is answered 408 in its door's form, and the line is closed", async () => {
  const gateway = await boot({ timings: { request: 200 } });
  for (const [path] of each) {
    const text = await stall(gateway, path);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain("The request body did not arrive in time.");
    expect(text).toContain(path.startsWith("/api/v1") ? '"status_code":408' : '"code":"BAD_REQUEST"');
  }
});

/** Promises a hundred bytes and sends one. @returns what came until the other side closed */
function stall({ url, key }: Gateway, path: string): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const head = [`POST ${path} HTTP/1.1`, `host: ${host}`, `license: ${key}`, `content-type: ${json}`];
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), hostname);
    socket.on("data", (data) => (text += data.toString("utf8")));
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
    socket.write(`${[...head, "accept-language: en", "content-length: 100", "", ""].join("\r\n")}{`);
  });
}
