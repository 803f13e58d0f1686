import { expect, onTestFinished, test } from "vitest";
import { boot, type BootOptions } from "../../helpers/boot.js";
import { mutate, newMeeting, start } from "../ask.js";
import { Lines } from "../../../src/graphql/door/lines.js";
import { followed, RawSocket, watchQueues } from "./clients.js";
const fat = (at: number) => `a${at}: meeting { welcomeText }`;
const fatQuery = `subscription { sessionStarted { session { ${Array.from({ length: 29 }, (_, at) => fat(at)).join(" ")} } } }`;

test("who stops reading the socket is cut off, long before a megabyte waits for it", async () => {
  const logged: string[] = [];
  const log = {
    warn: () => {},
    error: (_: object, message: string) => void logged.push(message),
  } as BootOptions["log"];
  const gateway = await boot({ timings: { liveCheck: 300 }, ...(log && { log }) });
  const meetingId = await newMeeting(gateway, { welcomeText: "ض".repeat(4000) });
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license: gateway.key } });
  await socket.frame("connection_ack");
  for (let at = 0; at < 4; at += 1) await socket.say({ type: "subscribe", id: `s${at}`, payload: { query: fatQuery } });
  await followed(gateway, 4);
  socket.stopReading();
  const watch = watchQueues();
  for (let round = 0; round < 30 && gateway.opened.services.feed.followed > 0; round += 1) {
    await start(gateway, meetingId);
    await mutate(gateway, "endMeeting", { meetingId });
  }
  await followed(gateway, 0);
  expect(watch()).toBeLessThan(1_000_000);
  // Cut off for good by now; that what was meant for it could not be sent is no fault of ours.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(logged).toEqual([]);
});

test("who stops reading the stream is cut off, long before a megabyte waits for it", async () => {
  const gateway = await boot({ timings: { liveCheck: 300 } });
  const meetingId = await newMeeting(gateway, { welcomeText: "ض".repeat(4000) });
  const response = await fetch(`${gateway.url}/graphql/stream`, {
    method: "POST",
    headers: { license: gateway.key, "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: fatQuery }),
  });
  // Never read; the connection fills up.
  expect(response.status).toBe(200);
  await followed(gateway, 1);
  const watch = watchQueues();
  for (let round = 0; round < 60 && gateway.opened.services.feed.followed > 0; round += 1) {
    await start(gateway, meetingId);
    await mutate(gateway, "endMeeting", { meetingId });
  }
  await followed(gateway, 0);
  expect(watch()).toBeLessThan(1_000_000);
});

test("of many lines no more than some are looked at in one turn of the event loop, and all of them in the end", async () => {
  const gateway = await boot();
  let turn = 0;
  const looks = new Map<number, number>();
  const next = () => {
    turn += 1;
    counting = setImmediate(next);
  };
  let counting = setImmediate(next);
  onTestFinished(() => clearImmediate(counting));
  const lines = new Lines(gateway.opened.services, 50);
  const seen = new Set<object>();
  for (let at = 0; at < 1_000; at += 1) {
    const socket = {
      writableLength: 0,
      get bytesWritten() {
        seen.add(socket);
        looks.set(turn, (looks.get(turn) ?? 0) + 1);
        return 0;
      },
    };
    lines.add({ credentials: { license: gateway.key }, socket, close: () => {} });
  }
  looks.clear();
  seen.clear();
  await expect.poll(() => seen.size).toBe(1_000);
  lines.closeAll();
  expect(Math.max(...looks.values())).toBeLessThanOrEqual(200);
});

test("who reads slowly but reads is not cut off, however much waits; who takes nothing is", async () => {
  const gateway = await boot();
  const connections = new Lines(gateway.opened.services, 100);
  const watched = (taking: number, everyMs: number) => {
    const closed: string[] = [];
    // The next message waits as soon as one was taken.
    const socket = { bytesWritten: 10_000, writableLength: 10_000 };
    const timer = setInterval(() => (socket.bytesWritten += taking), everyMs);
    const forget = connections.add({ credentials: { license: gateway.key }, socket, close: (why) => closed.push(why) });
    onTestFinished(() => {
      clearInterval(timer);
      forget();
    });
    return closed;
  };
  // The kernel passes on in bursts: one look may find that nothing was taken since the one before.
  const [steadily, inBursts, takesNothing] = [watched(100, 5), watched(5000, 130), watched(0, 5)];
  await expect.poll(() => takesNothing).toContain("SLOW");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect([steadily, inBursts]).toEqual([[], []]);
  connections.closeAll();
});
