import { expect, test } from "vitest";
import { mutate, outcome } from "../graphql/ask.js";
import { boot, type Gateway } from "../helpers/boot.js";
import { three } from "./three.js";

/** The types of what happened, with whom each event is about. */
async function events({ opened }: Gateway, sessionId: string) {
  const { storage } = opened.services;
  const session = await storage.read.sessions.findAnyones(sessionId);
  const reach = { licenseId: session?.licenseId ?? ("" as never), meetingId: null };
  const range = { after: 0, types: ["attendance.changed", "attendance.left", "session.changed"], meetingId: null };
  const { rows } = await storage.read.events.stepAfter(reach, { ...range, limit: 100 });
  return rows.map(({ type, door, attendanceId, facts }) => [type, door, attendanceId, facts["fields"]]);
}

test("who is removed is out with a code of its own, and their link opens nothing, also after a restart; others hear that they left", async () => {
  const gateway = await boot();
  const { sessionId, links, moderator, john, jane, ids } = await three(gateway);
  await jane.say({ type: "remove", person: ids.john });
  expect(await jane.frame("refused")).toMatchObject({ code: "NOT_MODERATOR", re: "remove" });
  await moderator.say({ type: "remove", person: ids.moderator });
  expect(await moderator.frame("refused")).toMatchObject({ code: "INVALID", field: "person" });
  await moderator.say({ type: "remove", person: "01900000-0000-7000-8000-000000000000" });
  await moderator.until(({ code }) => code === "NOT_HERE");

  await moderator.say({ type: "remove", person: ids.john });
  await john.frame("removed");
  expect((await john.closing()).code).toBe(4002);
  expect((await jane.frame("left")).person.id).toBe(ids.john);
  const again = gateway.socket();
  expect(await again.enter(links.john)).toMatchObject({ code: "REMOVED", re: "enter" });
  expect((await again.closing()).code).toBe(4002);
  expect((await fetch(links.john)).status).toBe(403);
  expect(await events(gateway, sessionId)).toEqual([
    ["attendance.left", "ROOM", ids.john, undefined],
    ["attendance.changed", "ROOM", ids.john, ["removedAt"]],
  ]);

  await gateway.stop();
  const next = await boot({ folder: gateway.folder });
  const third = next.socket();
  expect((await third.enter(links.john)).code).toBe("REMOVED");
  expect((await next.socket().enter(links.jane)).people).toHaveLength(2);
});

test("a viewer made a moderator may at once and after coming back; made a viewer again, they may not, and stay inside", async () => {
  const gateway = await boot();
  const { sessionId, links, moderator, john, jane, ids } = await three(gateway);
  await moderator.say({ type: "set-role", person: ids.john, role: "moderator" });
  expect((await jane.frame("role")).person).toEqual({ id: ids.john, name: "John", role: "moderator" });
  await john.frame("role");
  john.cut();
  const back = gateway.socket();
  expect((await back.enter(links.john)).person.role).toBe("moderator");
  await back.say({ type: "set-role", person: ids.moderator, role: "viewer" });
  await moderator.until(({ type, person }) => type === "role" && person.id === ids.moderator);
  await moderator.say({ type: "settings", settings: { lockSettingsDisableMic: true } });
  await moderator.until(({ code }) => code === "NOT_MODERATOR");
  await moderator.say({ type: "end" });
  await moderator.until(({ code }) => code === "NOT_ENDED");
  expect(await events(gateway, sessionId)).toEqual([
    ["attendance.changed", "ROOM", ids.john, ["role"]],
    ["attendance.changed", "ROOM", ids.moderator, ["role"]],
  ]);
  await back.say({ type: "end" });
  expect((await jane.closing()).code).toBe(4000);
});

test("the graph's three mutations change the room that runs, each once, and say what they changed", async () => {
  const gateway = await boot();
  const { meetingId, sessionId, links, john, jane, ids } = await three(gateway);
  const settings = { lockSettingsDisablePublicChat: true };
  for (let nth = 0; nth < 2; nth++) {
    const changed = await mutate(gateway, "updateSessionSettings", { sessionId, settings });
    expect(changed.session.settings).toMatchObject({ lockSettingsDisablePublicChat: true, record: false });
  }
  expect((await john.frame("settings")).settings).toMatchObject(settings);
  await john.say({ type: "chat", body: "hello" });
  await john.until(({ code }) => code === "LOCKED");

  for (let nth = 0; nth < 2; nth++) {
    const changed = await mutate(gateway, "setPersonRole", { personId: ids.john, role: "MODERATOR" });
    expect(changed.attendance).toMatchObject({ role: "MODERATOR", removedAt: null });
  }
  await john.say({ type: "chat", body: "hello" });
  expect((await jane.frame("chat")).from.role).toBe("moderator");

  for (let nth = 0; nth < 2; nth++) {
    const { attendance } = await mutate(gateway, "removePerson", { personId: ids.jane.toUpperCase() });
    expect([attendance.removedAt, attendance.leftAt]).toEqual([attendance.leftAt, expect.any(String)]);
  }
  expect((await jane.closing()).code).toBe(4002);
  expect((await gateway.socket().enter(links.jane)).code).toBe("REMOVED");
  expect(await events(gateway, sessionId)).toEqual([
    ["session.changed", "GRAPHQL", null, ["lockSettingsDisablePublicChat"]],
    ["attendance.changed", "GRAPHQL", ids.john, ["role"]],
    ["attendance.left", "GRAPHQL", ids.jane, undefined],
    ["attendance.changed", "GRAPHQL", ids.jane, ["removedAt"]],
  ]);
  await john.frame("left");
  expect(john.frames.filter(({ type }) => type === "settings" || type === "left")).toHaveLength(2);

  const token = await mutate(gateway, "createAccessToken", { scopes: ["SESSIONS_WRITE"], meetingId });
  const asOther = { key: null, headers: { authorization: `Bearer ${token.token}` } };
  const other = await three(gateway);
  const { data } = await outcome(
    gateway,
    `mutation ($id: ID!) { removePerson(input: { personId: $id }) { __typename } }`,
    { id: other.ids.john },
    asOther,
  );
  expect(data.removePerson.__typename).toBe("NotFoundError");
});

test("a room that nobody is in is changed as well, and found so by who enters next", async () => {
  const gateway = await boot();
  const { sessionId, links, moderator, john, jane, ids } = await three(gateway);
  for (const client of [moderator, john, jane]) {
    await client.say({ type: "leave" });
    await client.closing();
  }
  await mutate(gateway, "setPersonRole", { personId: ids.john, role: "MODERATOR" });
  await mutate(gateway, "updateSessionSettings", { sessionId, settings: { lockSettingsDisableNote: true } });
  await mutate(gateway, "removePerson", { personId: ids.jane });
  const entered = await gateway.socket().enter(links.john);
  expect(entered).toMatchObject({ person: { role: "moderator" }, settings: { lockSettingsDisableNote: true } });
  expect((await gateway.socket().enter(links.jane)).code).toBe("REMOVED");
});

test("whoever leaves is told of as what they became, and roles and locks are changed no faster than messages are taken", async () => {
  const gateway = await boot();
  const { moderator, john, jane, ids } = await three(gateway);
  await moderator.say({ type: "set-role", person: ids.john, role: "moderator" });
  await john.frame("role");
  await john.say({ type: "leave" });
  expect((await jane.frame("left")).person.role).toBe("moderator");

  for (let nth = 0; nth < 20; nth++) {
    const lockSettingsDisableCam = nth % 2 === 0;
    await moderator.say({ type: "settings", settings: { lockSettingsDisableCam } });
    await moderator.say({ type: "set-role", person: ids.jane, role: lockSettingsDisableCam ? "moderator" : "viewer" });
  }
  await moderator.until(({ code, re }) => code === "TOO_FAST" && re === "settings");
  await moderator.say({ type: "chat", body: "the last" });
  await jane.until(({ body }) => body === "the last");
  const heard = (type: string) => jane.frames.filter((frame) => frame.type === type).length;
  expect([heard("settings"), heard("role")]).toEqual([10, 10]);
  expect(moderator.frames.filter(({ code }) => code === "TOO_FAST")).toHaveLength(21);
});
