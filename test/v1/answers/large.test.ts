import { expect, onTestFinished, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { rawLine, rawRequest } from "../../helpers/raw.js";
import { multiply } from "../calls.js";

/** A list that is known by heart, and larger than what the system takes off at once. */
async function largeList(gateway: Gateway) {
  await createMeeting(gateway, { welcome_text: "\u{1f600}".repeat(4_000) });
  multiply(gateway, "meetings", 900);
  const { text } = await gateway.v1("list_meetings");
  const ask = rawRequest("/api/v1/list_meetings", { headers: { license: gateway.key } });
  return { ask, body: Buffer.from(text).toString("latin1") };
}

/** A line on which it is being sent again, and which takes the rest of it when it is let. */
async function slowReader({ url }: Gateway, ask: string) {
  const line = await rawLine(url);
  line.write(ask);
  await line.statuses(1);
  line.socket.pause();
  return line;
}

const room = { ANSWER_CACHE_MB: "512" };

/** Longer than what happens meanwhile takes to go wrong. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 200));

test("a large answer that is given again is not cut by the server's end, and its line is closed behind it", async () => {
  const gateway = await boot({ env: room, timings: { drain: 20_000 } });
  const { ask, body } = await largeList(gateway);
  const line = await slowReader(gateway, ask);
  const stopped = gateway.stop();
  await aWhile();
  line.socket.resume();
  await line.closed();
  expect(line.received().endsWith(`\r\n\r\n${body}`)).toBe(true);
  await stopped;
});

test("an upgrade that is ignored waits for a large answer that is given again before it on its line", async () => {
  const warned: string[] = [];
  const note = ({ name }: Error) => void warned.push(name);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const gateway = await boot({ env: room });
  const { ask, body } = await largeList(gateway);
  const line = await slowReader(gateway, ask);
  line.write(rawRequest("/health/live", { headers: { connection: "Upgrade", upgrade: "h2c" } }));
  await aWhile();
  line.socket.resume();
  expect(await line.statuses(2)).toEqual([200, 200]);
  expect(line.received()).toContain(`\r\n\r\n${body}HTTP/1.1 200 OK`);
  // A listener too many on the answer: Node takes it for a leak.
  expect(warned).toEqual([]);
});

test("a large answer that is given again is logged once, when its reader has it", async () => {
  const gateway = await boot({ env: room });
  const { ask, body } = await largeList(gateway);
  const line = await slowReader(gateway, ask);
  const logged = () => gateway.log().split("GET /api/v1/list_meetings 200").length - 1;
  await aWhile();
  expect(logged()).toBe(1);
  line.socket.resume();
  await expect.poll(() => line.received().endsWith(body), { timeout: 5_000 }).toBe(true);
  await expect.poll(logged).toBe(2);
});
