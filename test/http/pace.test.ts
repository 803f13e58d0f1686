import { once } from "node:events";
import { connect, type Socket } from "node:net";
import Fastify from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { keepPace } from "../../src/http/pace.js";
import { Servers } from "../../src/http/servers.js";
import { boot } from "../helpers/boot.js";
import { multiply } from "../v1/calls.js";
import { createMeeting } from "../helpers/meetings.js";

/** Asks and reads nothing until told to. */
function askOnly(url: string, path: string, headers: Record<string, string> = {}): Socket {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

/** Reads a little now and then. @returns how many bytes came until the line was cut */
function sip(socket: Socket, bytes: number, everyMs: number): Promise<number> {
  let read = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => (read += (socket.read(bytes) as Buffer | null)?.length ?? 0), everyMs);
    socket.once("close", () => {
      clearInterval(timer);
      resolve(read);
    });
  });
}

/** More than the kernel takes for a reader who takes nothing. */
const LARGE = 12_000_000;
/** Made once: to make it for each request would hold the loop for longer than the windows last. */
const large = Buffer.alloc(LARGE, "x");

/** A real server with one large answer, so that the limits can be small, and one that comes when nobody waits any more. */
async function largeAnswers(pace: Parameters<typeof keepPace>[1]) {
  const servers = new Servers();
  const app = Fastify({ forceCloseConnections: true, serverFactory: servers.create });
  const paced = keepPace(app, pace);
  let late = 0;
  app.get("/large", async () => large);
  app.get("/late", async ({ raw }) => {
    await new Promise((resolve) => raw.socket.once("close", resolve));
    // By then Node has told the answer.
    await new Promise((resolve) => setImmediate(resolve));
    late += 1;
    return "too late";
  });
  onTestFinished(() => app.close());
  return { app, paced, lateOnes: () => late, url: await app.listen({ port: 0, host: "127.0.0.1" }) };
}

const open = (app: { server: { getConnections(done: (error: Error | null, count: number) => void): void } }) =>
  new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)));

test("an answer that nobody reads is cut off within two windows", async () => {
  const { app, url } = await largeAnswers({ window: 200, answer: 60_000 });
  let asked = 0;
  app.server.on("request", () => (asked += 1));
  for (let at = 0; at < 5; at += 1) askOnly(url, "/large");
  await expect.poll(() => asked, { timeout: 5_000 }).toBe(5);
  await expect.poll(() => open(app), { timeout: 5_000 }).toBe(0);
});

test("whoever takes longer than an answer may is cut off, however steadily it reads", async () => {
  const { app, url } = await largeAnswers({ window: 100, answer: 600 });
  const socket = askOnly(url, "/large");
  const read = await sip(socket, 64 * 1024, 20);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(LARGE);
  expect(await open(app)).toBe(0);
});

test("a steady reader gets all of a large answer, whole and with its length", async () => {
  const { url } = await largeAnswers({ window: 4_000, answer: 60_000 });
  const answer = await fetch(`${url}/large`);
  expect(answer.headers.get("content-length")).toBe(String(LARGE));
  expect((await answer.text()).length).toBe(LARGE);
  expect((await fetch(`${url}/large`, { method: "HEAD" })).headers.get("content-length")).toBe(String(LARGE));
});

test("an answer whose caller has gone before it is made is not kept", async () => {
  const { paced, lateOnes, url } = await largeAnswers({ window: 60_000, answer: 60_000 });
  for (let at = 1; at <= 3; at += 1) {
    const socket = askOnly(url, "/late");
    await once(socket, "connect");
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Who only ends its side may still read.
    socket.resetAndDestroy();
    await expect.poll(lateOnes).toBe(at);
  }
  await expect.poll(() => paced.watched, { timeout: 500 }).toBe(0);
});

test("answers that wait fit into a bound all together: the longest wait is ended", async () => {
  const { app, url } = await largeAnswers({ window: 60_000, answer: 60_000, mostWaiting: 3 * LARGE });
  const sockets = Array.from({ length: 6 }, () => askOnly(url, "/large"));
  // Each counts whole until its end, because it is kept whole until then.
  await expect.poll(() => open(app), { timeout: 5_000 }).toBe(3);
  for (const socket of sockets) socket.destroy();
});

test("answers that wait behind each other on one line count each", async () => {
  const { url } = await largeAnswers({ window: 60_000, answer: 60_000, mostWaiting: 3 * LARGE });
  const socket = askOnly(url, "/large");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write("GET /large HTTP/1.1\r\nhost: x\r\n\r\n".repeat(5));
  socket.write("GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
  socket.resume();
  await closed;
  expect(socket.bytesRead).toBeLessThan(4 * LARGE);
});

test("an answer that is given again keeps this pace, too", async () => {
  const gateway = await boot({ timings: { readWindow: 1_000 }, env: { ANSWER_CACHE_MB: "512" } });
  await createMeeting(gateway, { welcome_text: "\u{1f600}".repeat(4_000) });
  multiply(gateway, "meetings", 900);
  const { text } = await gateway.v1("list_meetings");
  const ask = () => askOnly(gateway.url, "/api/v1/list_meetings", { license: gateway.key });
  const reader = ask().resume();
  await expect.poll(() => reader.bytesRead, { timeout: 5_000 }).toBeGreaterThan(Buffer.byteLength(text));
  const socket = ask();
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  socket.resume();
  await closed;
  expect(socket.bytesRead).toBeLessThan(Buffer.byteLength(text));
});

test("the gateway's own answers keep this pace: a list of megabytes that nobody reads does not stay", async () => {
  const gateway = await boot({ timings: { readWindow: 1_000 } });
  await createMeeting(gateway, { welcome_text: "x".repeat(4_000) });
  multiply(gateway, "meetings", 3_000);
  const socket = askOnly(gateway.url, "/api/v1/list_meetings", { license: gateway.key });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  // Two windows and a look: by then it is cut off, and only what the kernel holds is still to be read.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  socket.resume();
  await closed;
  expect(socket.bytesRead).toBeLessThan(12_000_000);
  const whole = await gateway.v1("list_meetings");
  expect([whole.status, whole.body.data.length]).toEqual([200, 3_001]);
});
