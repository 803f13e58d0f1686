import { expect, test } from "vitest";
import type { Gateway } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { askPostgres, postgresDatabase } from "../helpers/postgres.js";
import { openRelay } from "../helpers/relay.js";
import { bootSeveral } from "./several.js";

/** So seldom that no beat but the first word's comes while a test runs. */
const HEARTBEAT = 600_000;
/** Then a server may have been taken for dead. */
const BEATS_MISSED = 3;

async function roomOfTwo(gateway: Gateway) {
  const meetingId = await createMeeting(gateway);
  const [moderator, guest] = [gateway.socket(), gateway.socket()];
  await moderator.enter(await startMeeting(gateway, meetingId));
  await guest.enter(await joinMeeting(gateway, meetingId, "Guest"));
  return { moderator, guest };
}

test("a server that was not heard of for a while is right again with the first word, and all is heard in the order it was said in", async () => {
  const { gateways } = await bootSeveral(2, { timings: { heartbeat: HEARTBEAT } });
  const [home] = gateways as [Gateway];
  const { moderator, guest } = await roomOfTwo(home);
  home.clock.forward(BEATS_MISSED * HEARTBEAT);
  const words = ["1", "2", "3", "4", "5"];
  for (const body of words) await guest.say({ type: "chat", body });
  await moderator.until(({ type, body }) => type === "chat" && body === "5");
  expect(moderator.frames.filter(({ type }) => type === "chat").map(({ body }) => body)).toEqual(words);
  expect(guest.frames.filter(({ type }) => type === "refused")).toEqual([]);
});

test("what is said first to a server whose room another one took meanwhile is heard by nobody, and its people come again", async () => {
  const { url, gateways } = await bootSeveral(2, { timings: { heartbeat: HEARTBEAT } });
  const [home] = gateways as [Gateway];
  const { moderator, guest } = await roomOfTwo(home);
  await askPostgres(url, "UPDATE sessions SET home_id = (SELECT id FROM instances WHERE id <> home_id)");
  home.clock.forward(BEATS_MISSED * HEARTBEAT);
  await guest.say({ type: "hand", up: true });
  await guest.say({ type: "chat", body: "is anybody here?" });
  for (const person of [moderator, guest]) expect((await person.closing()).code).toBe(1012);
  expect(moderator.frames.filter(({ type }) => type === "hand" || type === "chat")).toEqual([]);
  expect(await askPostgres(url, "SELECT body FROM messages")).toEqual([]);
});

test("while the database does not answer either, what is said is refused within a beat's time", async () => {
  const url = await postgresDatabase();
  const way = await openRelay(() => url.replace(/^postgres/, "http"));
  const through = url.replace(/@[^/]*\//, `@${new URL(way.url).host}/`);
  const { gateways } = await bootSeveral(1, { timings: { heartbeat: 1_000 }, urls: [through] });
  const [home] = gateways as [Gateway];
  const { moderator, guest } = await roomOfTwo(home);
  way.silence();
  home.clock.forward(BEATS_MISSED * 1_000);
  const saidAt = performance.now();
  await guest.say({ type: "hand", up: true });
  expect((await guest.frame("refused")).code).toBe("NOT_STORED");
  expect(performance.now() - saidAt).toBeLessThan(3_000);
  expect(moderator.frames.some(({ type }) => type === "hand")).toBe(false);
  way.cut();
  way.mend();
  await expect
    .poll(
      async () => {
        await guest.say({ type: "hand", up: true });
        return moderator.frames.some(({ type }) => type === "hand");
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(true);
});
