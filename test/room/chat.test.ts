import { expect, test } from "vitest";
import { forgetWhatIsOver } from "../../src/domain/forgetting.js";
import { ask as query } from "../graphql/ask.js";
import { boot } from "../helpers/boot.js";
import { tenSettings } from "../helpers/meetings.js";
import type { RoomClient } from "../helpers/room-client.js";
import { three } from "./three.js";

const locked = (...names: string[]) =>
  tenSettings().map(({ setting }) => ({ setting, value: names.some((name) => setting.endsWith(name)) }));

const bodies = (client: RoomClient): string[] =>
  client.frames.flatMap(({ type, body, messages }) =>
    type === "chat" ? [body] : type === "chats" ? messages.map((message: { body: string }) => message.body) : [],
  );
const heard = (client: RoomClient, text: string) => client.until(({ type, body }) => type === "chat" && body === text);

test("what is written to everyone reaches everyone in the server's order; between two it reaches those two alone", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids, links } = await three(gateway);
  await john.say({
    type: "chat",
    body: "hello\n<b>https://example.com</b>",
    ref: "1",
    from: ids.moderator,
    at: "1999",
  });
  const told = await heard(jane, "hello\n<b>https://example.com</b>");
  expect(told).toEqual({
    type: "chat",
    id: expect.any(String),
    from: { id: ids.john, name: "John", role: "viewer" },
    body: "hello\n<b>https://example.com</b>",
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    ref: "1",
  });
  for (let nth = 0; nth < 6; nth++) {
    await john.say({ type: "chat", body: `john ${nth}` });
    await jane.say({ type: "chat", body: `jane ${nth}` });
  }
  await moderator.say({ type: "chat", body: "psst", to: ids.john });
  const whisper = await heard(john, "psst");
  expect(whisper).toMatchObject({ from: { id: ids.moderator }, to: { id: ids.john, name: "John", role: "viewer" } });
  await heard(moderator, "psst");
  await moderator.say({ type: "chat", body: "the last" });
  await Promise.all([moderator, john, jane].map((client) => heard(client, "the last")));
  const all = bodies(moderator).filter((body) => body !== "psst");
  expect(all).toHaveLength(14);
  expect(bodies(john).filter((body) => body !== "psst")).toEqual(all);
  expect(bodies(jane)).toEqual(all);

  john.cut();
  const back = gateway.socket();
  await back.enter(links.john);
  expect((await back.frame("chats")).messages.map(({ body }: { body: string }) => body).toSorted()).toEqual(
    [...all, "psst"].toSorted(),
  );
  await back.say({ type: "chat", body: "hello again", ref: "1" });
  await back.say({ type: "chat", body: "new", ref: "2" });
  await heard(jane, "new");
  expect(bodies(jane)).not.toContain("hello again");
});

test("locks hold for viewers whatever they send, yet they may write to moderators; one that is opened is opened at once", async () => {
  const gateway = await boot();
  const setting = locked("disable_public_chat", "disable_private_chat");
  const { moderator, john, jane, ids } = await three(gateway, { meeting_setting: setting });
  await john.say({ type: "chat", body: "to all", ref: "a", role: "moderator" });
  expect(await john.until(({ ref }) => ref === "a")).toMatchObject({
    type: "refused",
    code: "LOCKED",
    lock: "lockSettingsDisablePublicChat",
    re: "chat",
  });
  await john.say({ type: "chat", body: "to jane", to: ids.jane, ref: "b" });
  expect(await john.until(({ ref }) => ref === "b")).toMatchObject({ lock: "lockSettingsDisablePrivateChat" });
  await john.say({ type: "chat", body: "to the moderator", to: ids.moderator });
  await heard(moderator, "to the moderator");
  await moderator.say({ type: "chat", body: "to jane", to: ids.jane });
  await heard(jane, "to jane");

  await john.say({ type: "settings", settings: { lockSettingsDisablePublicChat: false } });
  await john.until(({ code }) => code === "NOT_MODERATOR");
  const open = { lockSettingsDisablePublicChat: false, lockSettingsDisableNote: true, record: true, constructor: true };
  await moderator.say({ type: "settings", settings: open });
  expect((await john.frame("settings")).settings).toMatchObject({
    lockSettingsDisablePublicChat: false,
    lockSettingsDisablePrivateChat: true,
    lockSettingsDisableNote: true,
    record: false,
  });
  await john.say({ type: "chat", body: "free" });
  await heard(jane, "free");
  expect(bodies(jane)).toEqual(["to jane", "free"]);
  await jane.say({ type: "chat", body: "to nobody", to: "nobody" });
  await jane.until(({ code, lock }) => code === "LOCKED" && lock === "lockSettingsDisablePrivateChat");
});

test("ten messages in ten seconds are taken, and none that is too long, blank or broken", async () => {
  const gateway = await boot();
  const { moderator, john } = await three(gateway);
  const wrong = ["", " \u200b\n", "x".repeat(2_001), "\u0000", "\ud800", "🙂".repeat(2_001), 5, null, ["x"]];
  for (const [nth, body] of wrong.entries()) await john.say({ type: "chat", body, ref: `wrong ${nth}` });
  await john.say('{"type":"chat","body":"\\ud83d","ref":"wrong"}');
  await john.until(({ ref }) => ref === "wrong");
  expect(john.frames.filter(({ code, field }) => code === "INVALID" && field === "body")).toHaveLength(10);
  await john.say({ type: "chat", body: "🙂".repeat(2_000) });
  for (let nth = 1; nth < 10; nth++) await john.say({ type: "chat", body: `${nth}` });
  await john.say({ type: "chat", body: "too much", ref: "11" });
  expect(await john.until(({ ref }) => ref === "11")).toMatchObject({ code: "TOO_FAST", re: "chat" });
  gateway.clock.forward(10_001);
  await john.say({ type: "chat", body: "later" });
  await heard(moderator, "later");
  expect(bodies(moderator)).toEqual(["🙂".repeat(2_000), ...Array.from("123456789"), "later"]);
});

test("public messages are stored with their session: a restart tells the last 200 of them, and the graph has all in pages; they go with it", async () => {
  const first = await boot();
  const { meetingId, sessionId, links, ids, moderator, john, jane } = await three(first);
  await john.say({ type: "chat", body: "secret", to: ids.moderator });
  await heard(moderator, "secret");
  for (let nth = 0; nth < 205; nth++) {
    if (nth % 10 === 0) first.clock.forward(10_001);
    await (nth < 100 ? john : jane).say({ type: "chat", body: `no ${nth}` });
    if (nth % 10 === 9) await heard(moderator, `no ${nth}`);
  }
  await heard(moderator, "no 204");
  await first.stop();

  const second = await boot({ folder: first.folder });
  const client = second.socket();
  await client.enter(links.jane.replace(first.url, second.url));
  const { messages } = await client.frame("chats");
  expect(messages.map(({ body }: { body: string }) => body)).toEqual(
    Array.from({ length: 200 }, (_, nth) => `no ${nth + 5}`),
  );
  expect(messages[0].from).toEqual({ id: ids.john, name: "John", role: "viewer" });

  const page = `query ($id: ID!, $after: String) { session(id: $id) { messages(first: 100, after: $after) { totalCount
    nodes { id body sentAt author { fullName } } pageInfo { hasNextPage endCursor } } } }`;
  const texts: string[] = [];
  let after: string | null = null;
  for (;;) {
    // oxlint-disable-next-line typescript/no-explicit-any -- as it comes
    const { messages: read }: any = (await query(second, page, { id: sessionId, after }, { key: first.key })).session;
    expect([read.totalCount, read.nodes[0].author.fullName]).toEqual([205, after ? expect.any(String) : "John"]);
    texts.push(...read.nodes.map(({ body }: { body: string }) => body));
    if (!read.pageInfo.hasNextPage) break;
    after = read.pageInfo.endCursor;
  }
  expect(texts).toEqual(Array.from({ length: 205 }, (_, nth) => `no ${nth}`));

  const { services } = second.opened;
  const stored = () => services.storage.read.messages.latest(sessionId, 1);
  await second.v1(`end_meeting/?meeting_id=${meetingId}`, { key: first.key });
  expect(await stored()).toHaveLength(1);
  second.clock.forward(3 * 24 * 60 * 60 * 1000);
  await forgetWhatIsOver(services, { events: 1, recordings: 0, sessions: 1 });
  expect(await stored()).toEqual([]);
});
