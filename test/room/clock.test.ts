import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { attendances, until } from "./rows.js";

test("leave-2, end-1: a wall clock that steps, both ways, changes no stay's length, and no end lies before what it follows", async () => {
  const gateway = await boot({ timings: { hold: 300 } });
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const sessionId = sessionOf(link);
  const [moderator, viewer] = [gateway.socket(), gateway.socket()];
  await moderator.enter(link);
  await viewer.enter(await joinMeeting(gateway, meetingId, "viewer"));
  const lengthOf = ({ joinedAt, leftAt }: { joinedAt: string; leftAt: string | null }) =>
    Date.parse(leftAt ?? "") - Date.parse(joinedAt);
  const hour = 3_600_000;
  gateway.clock.put(-hour);
  const cutAt = performance.now();
  viewer.cut();
  // The place is held for as long as it ever is, and the step forward while it is held is no part of the stay.
  gateway.clock.put(3 * hour);
  await moderator.frame("left");
  expect(performance.now() - cutAt).toBeGreaterThan(250);
  const left = await until(async () => (await attendances(gateway, sessionId)).find(({ leftAt }) => leftAt));
  expect(lengthOf(left)).toBeGreaterThanOrEqual(0);
  expect(lengthOf(left)).toBeLessThan(30_000);
  gateway.clock.put(-5 * hour);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const [row] = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
  const rows = await attendances(gateway, sessionId);
  const ended = Date.parse(row.session_end_time);
  expect(ended).toBeGreaterThanOrEqual(Date.parse(row.session_start_time));
  for (const { joinedAt, leftAt } of rows) {
    expect(Date.parse(leftAt ?? "")).toBeGreaterThanOrEqual(Date.parse(joinedAt));
    expect(ended).toBeGreaterThanOrEqual(Date.parse(leftAt ?? ""));
  }
});
