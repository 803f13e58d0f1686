import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting, tenSettings } from "../../helpers/meetings.js";
import { bigbluebutton, type Fault, type Peer } from "../../peers/bigbluebutton/index.js";
import { until } from "../../room/rows.js";

/** Nothing here waits for a call to be given up. */
const timings = { enginePause: 20, sweep: 40 };

/** Calls without any answer are in `faults.test.ts`. */
const faults: Record<string, Fault> = {
  "answered by a proxy's page": { status: 502 },
  "refused, since there are rooms enough": { failed: "maxConcurrent" },
  "refused by a balancer without servers": { failed: "internalError" },
  "refused as if its checksum were wrong": { failed: "checksumError" },
  "answered by half an answer": { body: "truncated" },
  "answered by what is no XML": { body: "broken" },
  "answered with entities": { body: "entities" },
  "answered with more than anyone reads": { oversized: 11_000_000 },
  "cut off before it was done": { reset: "before" },
  "cut off after it was done": { reset: "after" },
};

async function booted(options: Parameters<typeof boot>[0] = {}) {
  const peer = await bigbluebutton({ times: { end: 20 } });
  const gateway = await boot({ env: peer.env, ...options });
  return { peer, gateway };
}

async function running(gateway: Gateway): Promise<number> {
  const { body } = await gateway.graphql("{ license { runningSessions { used } } }");
  return body.data.license.runningSessions.used;
}

/** How many rooms are at the server and not over. */
function roomsAt(peer: Peer): number {
  const created = new Set(peer.calls("create").map(({ parameters }) => parameters["meetingID"] ?? ""));
  return [...created].filter((id) => peer.meeting(id)?.endTime === 0).length;
}

const counts = async (gateway: Gateway, peer: Peer) => [await running(gateway), roomsAt(peer)];

/** What partners read of it, and what the log keeps, hold nothing of where the server is or how it is asked. */
function expectDiscreet({ status, text }: { status: number; text: string }, gateway: Gateway, peer: Peer): void {
  if (status !== 200) expect(text).not.toMatch(/checksum|<|bigbluebutton|127\.0\.0\.1/i);
  expect(gateway.log()).not.toContain(peer.secret);
}

test("whatever goes wrong with a create, the session runs in its room, or a 502 says that there is none and there is no room", async () => {
  const { peer, gateway } = await booted({ timings });
  for (const [how, fault] of Object.entries(faults)) {
    const meetingId = await createMeeting(gateway);
    const body = { meeting_id: meetingId, moderator_name: "m" };
    const mend = peer.fault("create", fault);
    const started = await gateway.v1("start_meeting", { method: "POST", body, language: "en" });
    expect([200, 502], how).toContain(started.status);
    expectDiscreet(started, gateway, peer);
    const wanted = started.status === 200 ? 1 : 0;
    await until(async () => (await counts(gateway, peer)).every((count) => count === wanted), `${wanted} when ${how}`);
    mend();
    const starts = () => startMeeting(gateway, meetingId).then(Boolean, () => false);
    if (started.status === 502) await until(starts, `a start after one that was ${how}`);
    await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
    await until(async () => (await counts(gateway, peer)).every((count) => count === 0), `an end after ${how}`);
  }
});

test("whatever goes wrong with an end, it is over at both, or runs on at both until it is ended again", async () => {
  const { peer, gateway } = await booted({ timings });
  for (const [how, fault] of Object.entries(faults)) {
    const meetingId = await createMeeting(gateway);
    await startMeeting(gateway, meetingId);
    const mend = peer.fault("end", fault);
    const end = () => gateway.v1(`end_meeting?meeting_id=${meetingId}`, { language: "en" });
    const ended = await end();
    expect([200, 502], how).toContain(ended.status);
    expectDiscreet(ended, gateway, peer);
    mend();
    if (ended.status === 502) await until(async () => [200, 400].includes((await end()).status), `an end after ${how}`);
    await until(async () => (await counts(gateway, peer)).every((count) => count === 0), `nothing after ${how}`);
  }
});

test("names and titles of every kind reach the room as they were given, or as near as it takes them", async () => {
  const { peer, gateway } = await booted();
  const names = ["O'Brien & <sons>", "سارة علي", "😀".repeat(30), "~*()!'  +%20", "5$ \\ 100%", "checksum=1"];
  const titles = [undefined, "x", "5$ class \\", "👩‍👩‍👧‍👦".repeat(20), "صف ".repeat(40), "<b>bold</b>"];
  for (const [place, title] of titles.entries()) {
    const meetingId = await createMeeting(gateway, title === undefined ? {} : { title });
    const link = await startMeeting(gateway, meetingId);
    const fullname = names[place] ?? "";
    const viewer = await joinMeeting(gateway, meetingId, fullname);
    expect(await peer.enter(viewer), fullname).toMatchObject({ inside: true });
    expect(peer.meeting(sessionOf(link))?.users).toMatchObject([
      { name: fullname, role: "VIEWER", externalId: new URL(viewer).searchParams.get("personID") },
    ]);
  }
});

test("each of the ten settings reaches the server, under every name that it may have there", async () => {
  const { peer, gateway } = await booted();
  const all =
    `lockSettingsDisableCam lockSettingsDisableMic lockSettingsDisablePublicChat lockSettingsDisablePrivateChat
    lockSettingsDisableNotes lockSettingsDisableNote lockSettingsLockedLayout webcamsOnlyForModerator record
    autoStartRecording allowStartStopRecording`.split(/\s+/);
  for (const value of [true, false]) {
    const meeting = await createMeeting(gateway, { meeting_setting: tenSettings(value) });
    const sent = peer.meeting(sessionOf(await startMeeting(gateway, meeting)))?.parameters ?? {};
    const own = Object.fromEntries(all.map((name) => [name, sent[name]]));
    expect(own).toEqual(Object.fromEntries(all.map((name) => [name, String(value)])));
    expect(sent["disabledFeatures"]).toBe(value ? "layouts" : undefined);
  }
});
