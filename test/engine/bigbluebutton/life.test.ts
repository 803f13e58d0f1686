import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { bigbluebutton } from "../../peers/bigbluebutton/index.js";

test.each(["bbb", "scalelite", "plugnmeet"] as const)(
  "%s: started, entered by two, ended, and started again",
  async (flavour) => {
    const peer = await bigbluebutton({ flavour, times: { end: 20 } });
    const gateway = await boot({ env: peer.env });
    const meetingId = await createMeeting(gateway, { title: "الجبر" });
    const moderator = await startMeeting(gateway, meetingId, { moderator_name: "سارة O'Brien & <co>" });
    const viewer = await joinMeeting(gateway, meetingId, 'Ali + 100% ~ "x"');
    const visits = [await peer.enter(moderator), await peer.enter(viewer)];
    expect(visits).toMatchObject([{ inside: true }, { inside: true }]);

    const { elsewhere } = gateway.opened.services.engineOf({ engine: "bigbluebutton" });
    const sessionId = sessionOf(moderator);
    const [room, ...others] = (await elsewhere?.look([sessionId, "0193a1c2-0000-7000-8000-000000000000"])) ?? [];
    expect([room?.sessionId, room?.count, others]).toEqual([sessionId, 2, []]);
    const person = (link: string) => new URL(link).searchParams.get("personID");
    const known = flavour !== "plugnmeet";
    expect(room?.people.toSorted((one, two) => one.role.localeCompare(two.role))).toMatchObject([
      { personId: known ? person(moderator) : null, name: "سارة O'Brien & <co>", role: "MODERATOR" },
      { personId: known ? person(viewer) : null, name: 'Ali + 100% ~ "x"', role: "VIEWER" },
    ]);

    expect((await gateway.v1(`end_meeting?meeting_id=${meetingId}`)).status).toBe(200);
    await peer.advance(5_000);
    expect(visits.map((visit) => visit.isInside())).toEqual([false, false]);
    expect(await elsewhere?.look([sessionId])).toEqual([]);
    expect((await fetch(viewer, { method: "POST", redirect: "manual" })).status).toBe(410);
    expect(await peer.enter(await startMeeting(gateway, meetingId))).toMatchObject({ inside: true });
  },
);
