import { once } from "node:events";
import { expect, test } from "vitest";
import { boot, temporaryFolder } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";
import { rawLine, rawRequest } from "../helpers/raw.js";
import { demoKeyOf, server } from "../start/process.js";

const webSocket = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Its server has it, and waits for the rest of the body. */
async function begun(url: string, key: string) {
  const line = await rawLine(url);
  const headers = { license: key, "content-type": "application/json" };
  const body = JSON.stringify({ title: "slow", meeting_setting: tenSettings() });
  const create = rawRequest("/api/v1/create_meeting/", { method: "POST", headers, body });
  line.write(rawRequest("/health/live") + create.slice(0, -20));
  await line.statuses(1);
  return {
    line,
    async finish() {
      line.write(create.slice(-20));
      return (await line.statuses(2))[1];
    },
  };
}

test("while the server ends, each answer says Connection: close, whenever its request began, and its line is closed", async () => {
  const gateway = await boot({ timings: { lastRequests: 1_000 } });
  const [inFlight, kept] = [await begun(gateway.url, gateway.key), await rawLine(gateway.url)];
  kept.write(rawRequest("/health/live"));
  await kept.statuses(1);
  const stopped = gateway.stop();
  expect(await inFlight.finish()).toBe(201);
  expect(inFlight.line.received()).toMatch(/ 201 [^]*\r\nconnection: close\r\n/i);
  kept.write(rawRequest("/health/ready"));
  expect(await kept.statuses(2)).toEqual([200, 503]);
  expect(kept.received()).toMatch(/ 503 [^]*\r\nconnection: close\r\n/i);
  await Promise.all([inFlight.line.closed(), kept.closed(), stopped]);
});

test("a busy line is not cut: each request gets its whole answer until one says that it is the last", async () => {
  const gateway = await boot({ timings: { lastRequests: 1_000 } });
  const line = await rawLine(gateway.url);
  let answers = 0;
  let stopped: Promise<void> | undefined;
  for (;;) {
    line.write(rawRequest("/health/live"));
    answers += 1;
    await line.statuses(answers);
    if (/connection: close/i.test(line.received())) break;
    if (answers === 20) stopped = gateway.stop();
  }
  expect(line.received()).toMatch(/\{"status":"ok"\}$/);
  await Promise.all([line.closed(), stopped]);
});

test("a large answer that is read slowly is not cut by the server's end", async () => {
  const gateway = await boot({ timings: { drain: 20_000 } });
  const line = await rawLine(gateway.url);
  line.write(rawRequest("/console/main.js"));
  const [, length] = await line.until(/content-length: (\d+)/i);
  line.socket.pause();
  const stopped = gateway.stop();
  // Longer than lines without an answer are kept.
  await new Promise((resolve) => setTimeout(resolve, 150));
  line.socket.resume();
  await line.closed();
  const body = line.received().slice(line.received().indexOf("\r\n\r\n") + 4);
  expect([body.length, Number(length) > 500_000]).toEqual([Number(length), true]);
  await stopped;
});

test("a name with two addresses: a request in flight on the second is finished, and what is idle there is closed", async () => {
  const gateway = await boot({
    env: { HOST: "localhost" },
    timings: { drain: 20_000 },
    addressesOf: async () => ["127.0.0.1", "127.0.0.2"],
  });
  const second = gateway.url.replace("127.0.0.1", "127.0.0.2");
  expect((await fetch(`${second}/health/live`)).status).toBe(200);
  const [slow, idle, room] = [await begun(second, gateway.key), await rawLine(second), await rawLine(second)];
  idle.write(rawRequest("/health/live"));
  room.write(rawRequest("/api/room", { headers: webSocket }));
  expect([await idle.statuses(1), await room.statuses(1)]).toEqual([[200], [101]]);
  const stopped = gateway.stop();
  await idle.closed();
  expect(await slow.finish()).toBe(201);
  // 1012, as a frame.
  expect(room.received()).toContain("\x03\xf4restarting");
  room.socket.destroy();
  await stopped;
});

test("at the deadline every line ends, upgraded ones and stalled bodies too", async () => {
  const gateway = await boot({ timings: { drain: 300 } });
  const { line: stalled } = await begun(gateway.url, gateway.key);
  const deaf = await rawLine(gateway.url);
  deaf.write(rawRequest("/graphql", { headers: { ...webSocket, "sec-websocket-protocol": "graphql-transport-ws" } }));
  await deaf.statuses(1);
  const asked = Date.now();
  await gateway.stop();
  expect(Date.now() - asked).toBeLessThan(900);
  await Promise.all([stalled.closed(), deaf.closed()]);
});

test("a terminal that is closed (SIGHUP) ends the server as SIGTERM does, though nobody hears what it says", async () => {
  const started = await server(temporaryFolder(), { LOG_LEVEL: "trace" });
  const url = await started.url();
  const slow = await begun(url, demoKeyOf(started.out()) ?? "");
  started.child.stdout?.destroy();
  started.child.stderr?.destroy();
  const exited = once(started.child, "exit");
  started.child.kill("SIGHUP");
  expect(await slow.finish()).toBe(201);
  expect(await exited).toEqual([0, null]);
});
