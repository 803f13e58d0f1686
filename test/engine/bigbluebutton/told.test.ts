import { expect, test } from "vitest";
import { followRooms } from "../../../src/domain/following/rooms.js";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { quiet } from "../../helpers/rows.js";
import { bigbluebutton, type BigBlueButtonOptions } from "../../peers/bigbluebutton/index.js";
import { attendances, until } from "../../room/rows.js";
import { openBeside } from "../../helpers/beside.js";

/** A server, a gateway that never looks by itself, and a running session with two links. */
async function taught(options: BigBlueButtonOptions = {}, env: Record<string, string> = {}) {
  const peer = await bigbluebutton({ times: { end: 20 }, ...options });
  const gateway = await boot({ env: { ...peer.env, ...env }, timings: { ...quiet.timings, follow: 3_600_000 } });
  const meetingId = await createMeeting(gateway);
  const moderator = await startMeeting(gateway, meetingId);
  const viewer = await joinMeeting(gateway, meetingId, "viewer");
  const sessionId = sessionOf(moderator);
  await peer.idle();
  return {
    peer,
    gateway,
    meetingId,
    moderator,
    viewer,
    sessionId,
    session: () => gateway.opened.services.storage.read.sessions.findAnyones(sessionId),
    rows: () => attendances(gateway, sessionId),
    /** At the server and here. */
    async pass(ms: number) {
      gateway.clock.forward(ms);
      await peer.advance(ms);
    },
  };
}

const ended = (session: () => Promise<{ status: string } | undefined>) =>
  until(async () => (await session())?.status === "ENDED", "the end");

for (const [name, options] of [
  ["bbb-webhooks 3.4", { hooks: "3.4", hookChecksum: "sha256" }],
  ["bbb-webhooks 2.6", { hooks: "2.6" }],
  ["a server that says the secret itself", { hookChecksum: "bearer" }],
] as const) {
  test(`${name}: who comes and goes is told as it happens, and the end`, async () => {
    const { peer, rows, session, moderator, viewer, pass } = await taught(options);
    await until(() => peer.hooks().length === 1, "the hook");
    await peer.enter(moderator);
    const visit = await peer.enter(viewer);
    await pass(10_000);
    visit.leave();
    await peer.idle();
    const [first, second] = await rows();
    expect(first).toMatchObject({ fullName: "mod1", leftAt: null, stays: [{ source: "WEBHOOK", leftAt: null }] });
    expect(second).toMatchObject({ fullName: "viewer", durationSeconds: 10, stays: [{ source: "WEBHOOK" }] });
    await peer.ask("end", { meetingID: (await session())?.id ?? "" });
    await pass(1_000);
    await ended(session);
    expect((await session())?.endCause).toBe("ENGINE");
    expect((await rows()).every(({ leftAt }) => leftAt !== null)).toBe(true);
    expect(peer.sent("webhook").every(({ status }) => status === 200)).toBe(true);
  });
}

test("told late, twice and backwards it comes to the same", async () => {
  const { peer, rows, session, moderator, viewer, pass } = await taught();
  peer.hold();
  await peer.enter(moderator);
  const visit = await peer.enter(viewer);
  await pass(10_000);
  visit.leave();
  await pass(5_000);
  await peer.enter(viewer);
  await pass(5_000);
  await peer.ask("end", { meetingID: (await session())?.id ?? "" });
  await pass(1_000);
  await peer.fireWebhooks({ times: 2, order: "reversed" });
  await ended(session);
  const found = await rows();
  expect(found.map(({ fullName, stays }) => [fullName, stays.length])).toEqual([
    ["mod1", 1],
    ["viewer", 2],
  ]);
  expect(Math.abs((found[1]?.durationSeconds ?? 0) - 15)).toBeLessThanOrEqual(1);
});

test("what is not signed is not read; what only 3.0 to 3.3 sign is taken where the operator says so", async () => {
  const strict = await taught({ hooks: "3.0" });
  await strict.peer.enter(strict.moderator);
  await strict.peer.idle();
  expect(strict.peer.sent("webhook").map(({ status }) => status)).toContain(401);
  expect(await strict.rows()).toEqual([]);
  const lenient = await taught({ hooks: "3.0" }, { BBB_WEBHOOKS: "unsigned" });
  await lenient.peer.enter(lenient.moderator);
  await lenient.peer.idle();
  expect(await lenient.rows()).toHaveLength(1);
});

test("rooms that were opened while the webhooks were down are known by the server's own id", async () => {
  const { peer, gateway, meetingId } = await taught();
  peer.runWebhooks(false);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const link = await startMeeting(gateway, meetingId);
  peer.runWebhooks(true);
  await peer.enter(link);
  await peer.idle();
  const joined = peer.sent("webhook").filter(({ body }) => body?.includes("user-joined"));
  expect(joined.at(-1)?.body).not.toContain("external-meeting-id");
  expect(await attendances(gateway, sessionOf(link))).toHaveLength(1);
});

test("without webhooks the end is told once, and believed when the server says so; a hint alone ends nothing", async () => {
  const { peer, session, sessionId, pass } = await taught({ flavour: "scalelite" });
  const address = String(peer.meeting(sessionId)?.parameters["meetingEndedURL"]);
  expect((await fetch(address)).status).toBe(200);
  await until(() => peer.calls("getMeetingInfo").length > 0, "the question");
  expect((await session())?.status).toBe("RUNNING");
  await peer.ask("end", { meetingID: sessionId }, "sha256");
  await pass(1_000);
  await ended(session);
  expect(peer.calls("hooks/create")).toEqual([]);
});

test("the attendance that is told at the end is taken once, and only from who knows the secret", async () => {
  const { peer, rows, session, moderator, viewer, sessionId, pass } = await taught({ hooks: "none" });
  await peer.enter(moderator);
  const visit = await peer.enter(viewer);
  await pass(20_000);
  visit.leave();
  await pass(10_000);
  await peer.ask("end", { meetingID: sessionId });
  await pass(1_000);
  await ended(session);
  expect(await rows()).toEqual([]);
  await pass(3 * 60_000);
  const analytics = peer.sent("analytics")[0];
  expect(analytics?.status).toBe(200);
  const told = await rows();
  expect(told.map(({ fullName, stays }) => [fullName, stays.map(({ source }) => source)])).toEqual([
    ["mod1", ["ANALYTICS"]],
    ["viewer", ["ANALYTICS"]],
  ]);
  expect(Math.abs((told[1]?.durationSeconds ?? 0) - 20)).toBeLessThanOrEqual(1);
  const end = (await session())?.endedAt?.getTime() ?? 0;
  expect(end - Date.parse(told[0]?.leftAt ?? "")).toBeLessThan(3_000);
  if (!analytics) return;
  expect(await peer.sendAgain(analytics)).toBe(200);
  expect(await peer.sendAgain(analytics, { headers: { authorization: "Bearer x.y.z" } })).toBe(401);
  expect(await rows()).toEqual(told);
});

test("the hook is registered again where the server forgot it; a server without webhooks is not asked for an hour", async () => {
  const { peer, gateway, pass, sessionId } = await taught();
  const look = () => gateway.opened.services.engineOf({ engine: "bigbluebutton" }).elsewhere?.look([sessionId]);
  const registered = () => peer.calls("hooks/create").length;
  await until(() => peer.hooks().length === 1, "the hook");
  await look();
  expect(registered()).toBe(1);
  await peer.ask("hooks/destroy", { hookID: peer.hooks()[0]?.hookID ?? "" });
  await pass(301_000);
  await look();
  await until(() => peer.hooks().length === 1, "the hook again");

  const without = await taught({ hooks: "none" });
  const ask = () =>
    without.gateway.opened.services.engineOf({ engine: "bigbluebutton" }).elsewhere?.look([without.sessionId]);
  await until(() => without.gateway.log().includes("has no webhooks"), "the warning");
  for (const [minutes, calls] of [
    [6, 1],
    [50, 1],
    [10, 2],
  ] as const) {
    without.gateway.clock.forward(minutes * 60_000);
    await ask();
    await until(() => without.peer.calls("hooks/create").length === calls, "the calls");
  }
});

test("a stay that was found by looking is kept beside the one that is told at the end, and its first entry stays", async () => {
  const { peer, gateway, rows, session, moderator, sessionId, pass } = await taught({ hooks: "none" });
  const { services } = gateway.opened;
  await peer.enter(moderator);
  const look = followRooms(services);
  await pass(15_000);
  await look();
  const [found] = await rows();
  expect(found?.stays).toMatchObject([{ source: "POLL" }]);
  await peer.ask("end", { meetingID: sessionId });
  await pass(1_000);
  await ended(session);
  await pass(3 * 60_000);
  await until(async () => (await rows())[0]?.stays[0]?.source === "ANALYTICS", "the analytics");
  const [told] = await rows();
  expect(Date.parse(told?.joinedAt ?? "")).toBeLessThan(Date.parse(found?.joinedAt ?? ""));
  const database = openBeside(gateway);
  const kept = database
    .prepare("SELECT source FROM stays WHERE superseded_at IS NOT NULL AND left_at IS NOT NULL")
    .pluck()
    .all();
  database.close();
  expect(kept).toEqual(["POLL"]);
});
