import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { EngineUnavailable } from "../../src/engine/engine.js";
import { buildGraph, printGraph } from "../../src/graphql/schema.js";
import { rawLine, rawRequest } from "../helpers/raw.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { engineWith } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

const get = async ({ url }: Gateway, path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const ready = async (gateway: Gateway) => {
  const { status, text } = await get(gateway, "/health/ready");
  return { status, ...JSON.parse(text) };
};

test("/health/live and /health/ready answer everyone, and no cache keeps what they said", async () => {
  const gateway = await boot();
  const live = await get(gateway, "/health/live");
  expect([live.status, live.text, live.headers.get("cache-control")]).toEqual([200, '{"status":"ok"}', "no-store"]);
  expect(await ready(gateway)).toEqual({ status: "ok", failed: [] });
  expect((await get(gateway, "/health/ready")).headers.get("cache-control")).toBe("no-store");
});

test("/health/ready is soon 503 while the database can't be written, and 200 again after it; live stays 200", async () => {
  const gateway = await boot();
  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  // A heartbeat just before may have gone through.
  await expect.poll(() => ready(gateway), { timeout: 5_000 }).toEqual({ status: "unavailable", failed: ["database"] });
  expect((await get(gateway, "/health/ready")).status).toBe(503);
  expect((await get(gateway, "/health/live")).status).toBe(200);
  other.close();
  // What was found is good for half a second.
  await expect.poll(async () => (await get(gateway, "/health/ready")).status).toBe(200);
});

test("a heartbeat that went through proves that the database is written: /health/ready writes nothing more", async () => {
  const gateway = await boot({ timings: { heartbeat: 60_000 } });
  const other = openBeside(gateway);
  onTestFinished(() => void other.close());
  const seenAt = () => other.prepare("SELECT seen_at FROM instances").pluck().all();
  const before = seenAt();
  for (let asked = 0; asked < 3; asked += 1) {
    expect(await ready(gateway)).toEqual({ status: "ok", failed: [] });
    // What was found is good for half a second.
    await sleep(600);
  }
  expect(seenAt()).toEqual(before);
});

test("/health/ready is 503 while the engine does not answer, without a word of why", async () => {
  let isDown = true;
  const check = async () => {
    if (isDown) throw new EngineUnavailable("hunter2");
  };
  const gateway = await boot({ openEngine: engineWith(() => ({ check })) });
  const { status, text } = await get(gateway, "/health/ready");
  expect([status, JSON.parse(text)]).toEqual([503, { status: "unavailable", failed: ["engine"] }]);
  isDown = false;
  // What was found is good for half a second.
  await expect.poll(async () => (await get(gateway, "/health/ready")).status).toBe(200);
});

test("while the server drains, /health/ready is 503 and /health/live 200 on a line that is still open", async () => {
  const gateway = await boot({ timings: { lastRequests: 1_000 } });
  const lines = await Promise.all([rawLine(gateway.url), rawLine(gateway.url)]);
  for (const line of lines) {
    line.write(rawRequest("/health/live"));
    await line.statuses(1);
  }
  const stopped = gateway.stop();
  const [first, second] = lines;
  first.write(rawRequest("/health/ready"));
  second.write(rawRequest("/health/live"));
  expect([await first.statuses(2), await second.statuses(2)]).toEqual([
    [200, 503],
    [200, 200],
  ]);
  expect(first.received()).toContain('"failed":["draining"]');
  await Promise.all([stopped, first.closed(), second.closed()]);
});

test("/ says where everything is, under any path and without a script; it is in no frame", async () => {
  const gateway = await boot();
  const { status, headers, text } = await get(gateway, "/");
  expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  for (const link of [
    'href="graphql"',
    'href="console/"',
    'href="schema.graphql"',
    'href="health/ready"',
    "/api/v1/",
  ]) {
    expect(text).toContain(link);
  }
  expect(text).not.toContain("<script");
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  const hrefs = [...text.matchAll(/href="([^":]+)"/g)].map(([, href]) => href ?? "");
  for (const href of hrefs) {
    const linked = await get(gateway, `/${href}`, { accept: "text/html" });
    expect([href, linked.status]).toEqual([href, 200]);
  }
});

test("/schema.graphql is the graph as it is; in production it is not there, even with SANDBOX=on", async () => {
  const gateway = await boot();
  const { headers, text } = await get(gateway, "/schema.graphql");
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(text).toBe(printGraph(buildGraph()));
  const etag = headers.get("etag") ?? "";
  const asked = async (known: string) => {
    const answer = await fetch(`${gateway.url}/schema.graphql`, { headers: { "if-none-match": known } });
    return [answer.status, answer.headers.get("etag"), (await answer.text()).length];
  };
  expect([await asked(etag), await asked(`"other", W/${etag}`)]).toEqual([
    [304, etag, 0],
    [304, etag, 0],
  ]);
  expect(await asked('"other"')).toEqual([200, etag, text.length]);
  const env = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
  const closed = await boot({ env: { ...env, SANDBOX: "on" } });
  expect((await get(closed, "/schema.graphql")).status).toBe(404);
  const front = await get(closed, "/");
  expect([front.status, front.text.includes("schema.graphql")]).toEqual([200, false]);
});

test("what is nowhere is a 404 in the visitor's language, and echoes nothing of the address", async () => {
  const gateway = await boot();
  const { status, headers, text } = await get(gateway, "/hunter2?a=hunter2", { "accept-language": "en" });
  expect([status, JSON.parse(text)]).toEqual([404, { error: "There is nothing at this address." }]);
  expect(headers.get("content-language")).toBe("en");
});
