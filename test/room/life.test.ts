import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";

test("a meeting's whole life: create, start, link, enter, see who is there, leave, end, list_attendance", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway, { title: "Algebra", welcome_text: "welcome" });
  const moderatorLink = await startMeeting(gateway, meetingId, { logout_url: "example.com" });
  const viewerLink = await joinMeeting(gateway, meetingId, "John Doe");
  const sessionId = sessionOf(moderatorLink);

  expect((await fetch(viewerLink)).status).toBe(200);
  const moderator = gateway.socket();
  const entered = await moderator.enter(moderatorLink);
  expect(entered).toMatchObject({
    type: "entered",
    title: "Algebra",
    welcome: "welcome",
    person: { name: "mod1", role: "moderator" },
  });

  const viewer = gateway.socket();
  const second = await viewer.enter(viewerLink);
  expect(second.people.map(({ name }: { name: string }) => name)).toEqual(["mod1", "John Doe"]);
  expect((await moderator.frame("joined")).person).toEqual(second.person);

  await viewer.say({ type: "leave" });
  expect((await moderator.frame("left")).person).toEqual(second.person);

  await gateway.v1(`end_meeting/?meeting_id=${meetingId}`);
  await moderator.frame("ended");
  expect((await moderator.closing()).code).toBe(4000);
  expect((await fetch(viewerLink)).status).toBe(410);

  const { body } = await gateway.v1(`list_attendance/?session_id=${sessionId}`);
  expect(body.data.map((row: { full_name: string }) => row.full_name)).toEqual(["mod1", "John Doe"]);
});
