import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { expectRefusal, get, insertRecording, runningMeeting } from "../calls.js";
import { openBeside } from "../../helpers/beside.js";

test("meetings-1: all of them also where there are more than one inner page holds, in one answer and in order", async () => {
  const gateway = await boot();
  const first = await createMeeting(gateway, { title: "first" });
  const database = openBeside(gateway);
  const copy = database.prepare(
    `INSERT INTO meetings SELECT ?, license_id, ?, ?, moderator_password, welcome_text, settings,
     created_at + ?, updated_at, deleted_at FROM meetings WHERE id = ?`,
  );
  database.transaction(() => {
    for (let row = 1; row <= 10_005; row += 1) {
      const id = `ffffffff-0000-7000-8000-${String(row).padStart(12, "0")}`;
      // Many share one millisecond: ties must neither repeat nor lose a row at the page's edge.
      copy.run(id, `t${row}`, `t${row}`, Math.floor(row / 50), first);
    }
  })();
  database.close();
  const { data } = (await get(gateway, "list_meetings/")).body;
  expect(data).toHaveLength(10_006);
  const titles = data.map((row: { title: string }) => row.title);
  expect(titles).toEqual(["first", ...Array.from({ length: 10_005 }, (_, index) => `t${index + 1}`)]);
});

test("sessions-1, time-1: while running the end is null, without a password it is empty, oldest first", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, { title: "meeting" });
  const before = new Date();
  const ended = sessionOf(await startMeeting(gateway, id));
  await get(gateway, `end_meeting/?meeting_id=${id}`);
  const running = sessionOf(await startMeeting(gateway, id, { title: "second", attendee_password: "attpwd" }));
  const { data, success_message: sentence } = (await get(gateway, `list_sessions/?meeting_id=${id}`)).body;
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const times = { session_start_time: time, session_end_time: time };
  expect(data).toEqual([
    { session_id: ended, title: "meeting", ...times, attendee_password: "", status: true },
    {
      session_id: running,
      title: "second",
      ...times,
      session_end_time: null,
      attendee_password: "attpwd",
      status: true,
    },
  ]);
  expect(new Date(data[0].session_start_time).getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(new Date(data[1].session_start_time).getTime()).toBeLessThanOrEqual(Date.now());
  expect(data[0].session_end_time >= data[0].session_start_time).toBe(true);
  expect(sentence).toBe("Done successfully!");
});

test("attendance-1: who only has a link, or fetched it, is no row; coming back adds none and keeps the first time", async () => {
  const gateway = await boot();
  const { meetingId, sessionId, moderatorLink } = await runningMeeting(gateway);
  const rows = async () => (await get(gateway, `list_attendance/?session_id=${sessionId}`)).body.data;
  const link = await joinMeeting(gateway, meetingId, "John Doe");
  await joinMeeting(gateway, meetingId, "never comes");
  expect((await fetch(link)).status).toBe(200);
  expect(await rows()).toEqual([]);
  const visit = gateway.socket();
  await visit.enter(link);
  await visit.say({ type: "leave" });
  await visit.closing();
  const [first] = await rows();
  gateway.clock.forward(1_000);
  await gateway.socket().enter(moderatorLink);
  await gateway.socket().enter(link);
  expect(await rows()).toEqual([first, { full_name: "mod1", joined_date: expect.any(String) }]);
  // The same name on another link is another person.
  await gateway.socket().enter(await joinMeeting(gateway, meetingId, "John Doe"));
  expect((await rows()).map((row: { full_name: string }) => row.full_name)).toEqual(["John Doe", "mod1", "John Doe"]);
});

test("delete-2, record-1: a deleted meeting's recording and attendance are still given by session id", async () => {
  const gateway = await boot();
  const { meetingId, sessionId, moderatorLink } = await runningMeeting(gateway);
  await gateway.socket().enter(moderatorLink);
  await get(gateway, `end_meeting/?meeting_id=${meetingId}`);
  insertRecording(gateway, sessionId);
  expect((await gateway.v1(`delete_scheduled_meeting/?meeting_id=${meetingId}`, { method: "DELETE" })).status).toBe(
    200,
  );
  const record = await get(gateway, `get_record/?session_id=${sessionId}`);
  expect(record.body.data).toBe("https://vconnct-client-api.com/playback/1");
  expect((await get(gateway, `list_attendance/?session_id=${sessionId}`)).body.data).toHaveLength(1);
  for (const path of ["list_sessions", "list_setting", "end_meeting"]) {
    expectRefusal(await get(gateway, `${path}/?meeting_id=${meetingId}`), 404, "There is no such meeting.");
  }
});

test("record-1: still processing, failed, unpublished or deleted: a 404 that says which; of several the one to watch", async () => {
  const gateway = await boot();
  const none = "There is no recording of this session.";
  const later = "The recording of this session is not published yet.";
  const cases: [row: Record<string, unknown>, sentence: string][] = [
    [{ status: "PROCESSING", is_published: 0, playback_url: null }, later],
    [{ status: "READY", is_published: 0 }, later],
    [{ status: "PROCESSING", is_published: 1 }, later],
    [{ deleted_at: 1 }, none],
  ];
  for (const [row, sentence] of cases) {
    const { sessionId } = await runningMeeting(gateway);
    expectRefusal(await get(gateway, `get_record/?session_id=${sessionId}`), 404, none);
    insertRecording(gateway, sessionId, row);
    expectRefusal(await get(gateway, `get_record/?session_id=${sessionId}`), 404, sentence);
    insertRecording(gateway, sessionId, { engine_recording_id: `${sessionId}2`, playback_url: "https://a.example/2" });
    insertRecording(gateway, sessionId, { ...row, engine_recording_id: `${sessionId}3` });
    expect((await get(gateway, `get_record/?session_id=${sessionId}`)).body.data).toBe("https://a.example/2");
  }
});
