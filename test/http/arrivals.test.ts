import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Servers } from "../../src/http/servers.js";

const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/** A server that notes in which turn of the event loop each line came and each request began. */
async function counting() {
  let turn = 0;
  let ticking = setImmediate(function tick() {
    turn += 1;
    ticking = setImmediate(tick);
  });
  const lines: number[] = [];
  const requests: number[] = [];
  const server = new Servers().create((_, response) => {
    requests.push(turn);
    response.end("ok");
  }, {});
  server.on("connection", () => lines.push(turn));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const opened: Socket[] = [];
  onTestFinished(async () => {
    clearImmediate(ticking);
    for (const socket of opened) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = () => {
    const socket = connect(port, "127.0.0.1").on("error", () => {});
    opened.push(socket);
    return socket;
  };
  return { open, lines, requests };
}

const most = (turns: readonly number[]) => Math.max(...turns.map((turn) => turns.filter((one) => one === turn).length));

test("while new lines come, few requests begin in a turn of the event loop, and all of them in the end", async () => {
  const { open, lines, requests } = await counting();
  const kept = Array.from({ length: 60 }, open);
  await expect.poll(() => lines.length).toBe(60);
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (let at = 0; at < 40; at += 1) open();
  // Asked of the system by now, so that they wait before the requests do.
  await new Promise(process.nextTick);
  for (const socket of kept) socket.write(REQUEST);
  await expect.poll(() => [lines.length, requests.length]).toEqual([100, 60]);
  expect(most(requests)).toBeLessThanOrEqual(2);
});

test("where no new line comes, all that ask in one turn begin in it", async () => {
  const { open, lines, requests } = await counting();
  const kept = Array.from({ length: 20 }, open);
  await expect.poll(() => lines.length).toBe(20);
  await new Promise((resolve) => setTimeout(resolve, 50));
  for (const socket of kept) socket.write(REQUEST);
  await expect.poll(() => requests.length).toBe(20);
  expect(most(requests)).toBeGreaterThan(5);
});

test("who sends a thousand requests on a line as it opens makes no queue of them that others would wait behind", async () => {
  const { open, requests } = await counting();
  open().write(REQUEST.repeat(1_000));
  await expect.poll(() => requests.length).toBe(1_000);
  expect((requests.at(-1) ?? 0) - (requests[0] ?? 0)).toBeLessThan(150);
});
