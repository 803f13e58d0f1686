import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { bigbluebutton } from "../../peers/bigbluebutton/index.js";
import { attendances } from "../../room/rows.js";

test("enter-1, link-5: a link shows a button, which sends the browser on to the server with a name and a role, kept by no cache", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId, { moderator_name: "مريم" });
  const page = await fetch(link);
  const text = await page.text();
  expect(text).toMatch(/<form[^>]*method="post">[^]*<button/);
  expect(text).not.toContain("checksum");
  expect(page.headers.get("content-security-policy")).toContain(new URL(peer.url).origin);
  expect(peer.calls("join")).toEqual([]);

  const sent = await fetch(link, { method: "POST", redirect: "manual" });
  const address = sent.headers.get("location") ?? "";
  expect([sent.status, address.startsWith(`${peer.url}api/join?`)]).toEqual([303, true]);
  expect([sent.headers.get("cache-control"), sent.headers.get("referrer-policy")]).toEqual(["no-store", "no-referrer"]);
  expect(Object.fromEntries(new URL(address).searchParams)).toMatchObject({
    fullName: "مريم",
    role: "MODERATOR",
    meetingID: sessionOf(link),
    userID: new URL(link).searchParams.get("personID"),
    createTime: String(peer.meeting(sessionOf(link))?.createTime),
  });
  expect(new URL(address).searchParams.has("password")).toBe(false);
});

test("limit-3: of thirty who click at once as many are inside as there are places, and as many are in the attendance", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env });
  const { key } = await gateway.license({ maxAttendance: 7 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const sessionId = sessionOf(await startMeeting(gateway, meetingId, {}, { key }));
  const names = Array.from({ length: 30 }, (_, number) => `viewer ${number}`);
  const links = await Promise.all(names.map((name) => joinMeeting(gateway, meetingId, name, {}, { key })));
  const visits = await Promise.all(links.map((link) => peer.enter(link)));
  await peer.idle();
  expect(visits.filter(({ inside }) => inside)).toHaveLength(7);
  expect(new Set(visits.filter(({ inside }) => !inside).map(({ refused }) => refused))).toEqual(new Set(["HTTP 409"]));
  expect(await attendances(gateway, sessionId, key)).toHaveLength(7);
});

test("whom the server refuses, since it has lost the room, is back at a page that can be read", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env });
  const link = await startMeeting(gateway, await createMeeting(gateway));
  peer.lose(sessionOf(link));
  const visit = await peer.enter(link);
  expect([visit.inside, visit.sawXml]).toEqual([false, false]);
  const page = await fetch(visit.address);
  expect([page.status, await page.text()]).toEqual([expect.any(Number), expect.stringContaining("<h1>")]);
  expect(new URL(visit.address).origin).toBe(gateway.url);
});
