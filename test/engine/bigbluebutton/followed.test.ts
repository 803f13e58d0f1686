import { expect, test } from "vitest";
import { followRooms } from "../../../src/domain/following/rooms.js";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { quiet } from "../../helpers/rows.js";
import { bigbluebutton } from "../../peers/bigbluebutton/index.js";
import { attendances, until } from "../../room/rows.js";

test.each(["bbb", "scalelite", "plugnmeet"] as const)(
  "%s without webhooks: who comes and goes is found by looking, and a room that the server lost ends its session",
  async (flavour) => {
    const peer = await bigbluebutton({ flavour, hooks: "none" });
    const gateway = await boot({ env: peer.env, timings: { ...quiet.timings, follow: 3_600_000 } });
    const { services } = gateway.opened;
    const meetingId = await createMeeting(gateway);
    const moderator = await startMeeting(gateway, meetingId, { moderator_name: "سارة O'Brien" });
    const sessionId = sessionOf(moderator);
    const round = followRooms(services);
    const look = async (times = 1) => {
      for (let time = 0; time < times; time += 1) {
        gateway.clock.forward(15_000);
        await peer.advance(15_000);
        await round();
      }
    };
    await peer.enter(moderator);
    const visit = await peer.enter(await joinMeeting(gateway, meetingId, "viewer"));
    await look();
    const found = await attendances(gateway, sessionId);
    expect(found.map(({ fullName, leftAt }) => [fullName, leftAt])).toEqual([
      ["سارة O'Brien", null],
      ["viewer", null],
    ]);
    visit.leave();
    // A minute for which the server goes on naming them, and one until they are counted out.
    await look(10);
    const rows = await attendances(gateway, sessionId);
    expect(rows.map(({ leftAt, stays }) => [leftAt === null, stays.map(({ source }) => source)])).toEqual([
      [true, ["POLL"]],
      [false, ["POLL"]],
    ]);
    peer.lose(sessionId);
    await look(2);
    await until(async () => (await services.storage.read.sessions.findAnyones(sessionId))?.status === "ENDED");
    expect((await attendances(gateway, sessionId)).every(({ leftAt }) => leftAt !== null)).toBe(true);
    expect(gateway.log()).not.toContain(peer.secret);
  },
);
