import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { boot, type RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { off, room } from "./in-media.js";

test("who takes part is told to all, and to those who come later; who leaves takes part no more", async () => {
  const gateway = await boot();
  const { meetingId, moderator, john } = await room(gateway);
  await john.client.say({ type: "media", mic: true, cam: true, screen: false });
  const on = { type: "media", person: john.id, mic: true, cam: true, screen: false };
  expect(await moderator.client.until(({ type, mic }) => type === "media" && mic)).toEqual(on);
  const late = gateway.socket();
  const { media } = await late.enter(await joinMeeting(gateway, meetingId, "Late"));
  expect(media).toHaveLength(3);
  expect(media).toContainEqual({ person: john.id, mic: true, cam: true, screen: false });
  await john.client.say({ type: "leave" });
  await late.frame("left");
  const later = gateway.socket();
  expect((await later.enter(await joinMeeting(gateway, meetingId, "Later"))).media).toHaveLength(2);
});

test("a switch that locks, and a role that goes, turn off what viewers may not have on; it is refused from then on", async () => {
  const gateway = await boot();
  const { moderator, john, jane } = await room(gateway);
  await john.client.say({ type: "media", mic: true, cam: true, screen: false });
  await moderator.client.say({ type: "set-role", person: jane.id, role: "moderator" });
  await jane.client.until(({ type }) => type === "role");
  await jane.client.say({ type: "media", mic: true, cam: false, screen: true });
  await john.client.until(({ type, screen }) => type === "media" && screen);
  await moderator.client.say({ type: "media", mic: false, cam: false, screen: true });
  expect(await moderator.client.frame("refused")).toMatchObject({ code: "SCREEN_TAKEN", re: "media" });

  await moderator.client.say({ type: "settings", settings: { lockSettingsDisableCam: true } });
  expect(
    await jane.client.until(({ type, person, cam }) => type === "media" && person === john.id && !cam),
  ).toBeTruthy();
  await moderator.client.until(({ mic, cam }) => mic && cam === false);
  await john.client.say({ type: "media", mic: true, cam: true, screen: false });
  expect(await john.client.frame("refused")).toMatchObject({ code: "LOCKED", lock: "lockSettingsDisableCam" });
  await john.client.say({ type: "media", mic: false, cam: false, screen: true });
  expect(await john.client.until(({ code }) => code === "NOT_MODERATOR")).toMatchObject({ re: "media" });

  await moderator.client.say({ type: "settings", settings: { lockSettingsDisableMic: true } });
  await moderator.client.say({ type: "set-role", person: jane.id, role: "viewer" });
  const janes = await john.client.until(
    ({ type, person, mic, screen }) => type === "media" && person === jane.id && !mic && !screen,
  );
  expect(janes).toEqual({ type: "media", person: jane.id, ...off });
});

test("a moderator turns off what one person has on, or all viewers; who it was turns it on again", async () => {
  const gateway = await boot();
  const { moderator, john, jane } = await room(gateway);
  for (const { client } of [moderator, john, jane])
    await client.say({ type: "media", mic: true, cam: true, screen: false });
  await moderator.client.until(({ person, mic }) => person === jane.id && mic);
  await moderator.client.say({ type: "turn-off", what: "cam", person: john.id });
  expect(await jane.client.until(({ by, person }) => by && person === john.id)).toEqual({
    type: "media",
    person: john.id,
    mic: true,
    cam: false,
    screen: false,
    by: moderator.id,
  });
  await john.client.say({ type: "media", mic: true, cam: true, screen: false });
  await moderator.client.say({ type: "turn-off", what: "mic" });
  await jane.client.until(({ by, person, mic }) => by && person === john.id && !mic);
  await john.client.until(({ by, person, mic }) => by && person === jane.id && !mic);
  expect(moderator.client.frames.some(({ by, person }) => by && person === moderator.id)).toBe(false);
  await jane.client.say({ type: "turn-off", what: "mic", person: moderator.id });
  expect(await jane.client.frame("refused")).toMatchObject({ code: "NOT_MODERATOR", re: "turn-off" });
});

test("twelve are connected and six of them with a camera, one place is kept for a moderator; further ones are told so before anything breaks", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const moderatorLink = await startMeeting(gateway, meetingId);
  const clients: RoomClient[] = [];
  const take = async (name: string, wish: object, link?: string) => {
    const client = gateway.socket();
    const { person } = await client.enter(link ?? (await joinMeeting(gateway, meetingId, name)));
    clients.push(client);
    await client.say({ type: "media", ...off, ...wish });
    const mine = client.until(({ type, person: whose }) => type === "media" && whose === person.id);
    return Promise.race([mine, client.frame("refused")]);
  };
  for (let nth = 1; nth <= 6; nth++) expect(await take(`Nr. ${nth}`, { cam: true })).toMatchObject({ cam: true });
  expect(await take("Nr. 7", { cam: true })).toMatchObject({ code: "CAMERAS_FULL", re: "media" });
  for (let nth = 8; nth <= 12; nth++) expect(await take(`Nr. ${nth}`, { mic: true })).toMatchObject({ mic: true });
  expect(await take("Nr. 13", off)).toMatchObject({ code: "MEDIA_FULL", re: "media" });
  expect(await take("The teacher", { mic: true }, moderatorLink)).toMatchObject({ mic: true });
  expect(await take("Nr. 14", off)).toMatchObject({ code: "MEDIA_FULL", re: "media" });
  const [first, seventh, last] = [clients[0], clients[6], clients[14]];
  await first?.say({ type: "leave" });
  await last?.frame("left");
  await last?.say({ type: "media", ...off, cam: true });
  await seventh?.until(({ type, cam, person }) => type === "media" && cam && person !== undefined);
});

test("whoever is inside is told the STUN and TURN servers, with a name and a password of their own, good for an hour", async () => {
  const turn = "turns:turn.example.com:443?transport=tcp";
  const secret = "shared with the turn server";
  const env = { ICE_SERVERS: `stun:stun.example.com, ${turn}`, TURN_SECRET: secret };
  const gateway = await boot({ env });
  const moderator = gateway.socket();
  const { person } = await moderator.enter(await startMeeting(gateway, await createMeeting(gateway)));
  await moderator.say({ type: "ice" });
  const { servers, seconds } = await moderator.frame("ice");
  const { username, credential, ...rest } = servers[1];
  expect([seconds, servers[0], rest]).toEqual([3_600, { urls: ["stun:stun.example.com"] }, { urls: [turn] }]);
  const [until, whose] = username.split(":");
  expect(whose).toBe(person.id);
  expect(Math.abs(Number(until) - gateway.clock.wall() / 1000 - 3_600)).toBeLessThan(60);
  expect(credential).toBe(createHmac("sha1", secret).update(username).digest("base64"));
  expect(gateway.log()).not.toContain(secret);
});

test("without any server named, a browser is told none", async () => {
  const gateway = await boot();
  const moderator = gateway.socket();
  await moderator.enter(await startMeeting(gateway, await createMeeting(gateway)));
  await moderator.say({ type: "ice" });
  expect((await moderator.frame("ice")).servers).toEqual([]);
});
