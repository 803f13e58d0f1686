import { expect, test } from "vitest";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting, tenSettings } from "../../helpers/meetings.js";

const english = { language: "en" };
const setting = (body: object) => ({ meeting_setting: tenSettings(), ...body });

test("limit-4: lowered below what there is, each limit ends and hides nothing, and refuses what comes next", async () => {
  const gateway = await boot({ timings: { sweep: 20 } });
  const { key, id } = await gateway.license();
  const ids = [1, 2, 3].map(() => createMeeting(gateway, {}, { key }));
  const [one = "", two = "", idle = ""] = await Promise.all(ids);
  const inside = [
    await startMeeting(gateway, one, {}, { key }),
    await joinMeeting(gateway, one, "second", {}, { key }),
  ];
  const waiting = await joinMeeting(gateway, one, "waits", {}, { key });
  await startMeeting(gateway, two, {}, { key });
  const clients = inside.map(() => gateway.socket());
  for (const [index, client] of clients.entries()) await client.enter(inside[index] ?? "");

  const { storage, clock } = gateway.opened.services;
  const lowered = { maxMeetings: 1, maxRunning: 1, maxAttendance: 1 };
  await storage.transaction((tx) => tx.licenses.update(id as LicenseId, lowered, clock.now()));
  const refusals = [
    await gateway.v1("create_meeting", { method: "POST", key, ...english, body: setting({}) }),
    await gateway.v1("start_meeting", {
      method: "POST",
      key,
      ...english,
      body: { meeting_id: idle, moderator_name: "m" },
    }),
    await gateway.v1("start_meeting", {
      method: "POST",
      key,
      ...english,
      body: { meeting_id: one, moderator_name: "m" },
    }),
    await gateway.v1("join_meeting", {
      method: "POST",
      key,
      ...english,
      body: { meeting_id: one, fullname: "v", role: "viewer" },
    }),
  ];
  expect(refusals.map(({ status, body }) => [status, ...body.error_messages])).toEqual([
    [400, "Your license's maximum of meeting rooms (1) is reached."],
    [400, "Your license's maximum of meetings running at once (1) is reached."],
    [400, "The room is full: the maximum attendance (1) is reached."],
    [400, "The room is full: the maximum attendance (1) is reached."],
  ]);
  expect((await gateway.socket().enter(waiting)).code).toBe("ATTENDANCE_LIMIT_REACHED");

  // Some rounds of housekeeping later everything is as it was.
  await new Promise((resolve) => setTimeout(resolve, 150));
  const { data } = (await gateway.v1("list_meetings", { key })).body;
  expect(data.map((row: { is_running: boolean }) => row.is_running).toSorted()).toEqual([false, true, true]);
  expect(clients.map(({ closed }) => closed)).toEqual([undefined, undefined]);
});
