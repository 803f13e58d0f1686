import { expect, test } from "vitest";
import { endByOperator } from "../../../src/domain/session/end-session.js";
import { boot } from "../../helpers/boot.js";
import { createMeeting, sessionOf, tenSettings } from "../../helpers/meetings.js";
import { heldOpening } from "../../helpers/test-engine.js";
import { english, expectEnvelope, get, post, put, runningMeeting } from "../calls.js";
import { openBeside } from "../../helpers/beside.js";

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

test("start-6, start-5: twenty starts at once, again and again: one session each time, a link of one's own for each", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxRunning: 1 });
  const meeting_id = await createMeeting(gateway, {}, { key });
  const seen = new Set<string>();
  for (let round = 1; round <= 3; round += 1) {
    const start = (index: number) =>
      post(gateway, "start_meeting/", { meeting_id, moderator_name: `m${index}` }, { key });
    const answers = await times(20, start);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ body }) => body.data.url)).size).toBe(20);
    for (const { body } of answers) seen.add(sessionOf(body.data.url));
    expect(seen.size).toBe(round);
    expect((await get(gateway, `end_meeting/?meeting_id=${meeting_id}`, { key })).status).toBe(200);
  }
  expect((await get(gateway, `list_sessions/?meeting_id=${meeting_id}`, { key })).body.data).toHaveLength(3);
});

test("limit-2: starts of different meetings at once never pass the maximum of sessions running", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxRunning: 3 });
  const ids = await times(10, () => createMeeting(gateway, {}, { key }));
  const start = (index: number) =>
    post(gateway, "start_meeting/", { meeting_id: ids[index], moderator_name: "A" }, { key });
  const answers = await times(10, start);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  const refused = answers.filter(({ status }) => status === 400);
  const sentence = "Your license's maximum of meetings running at once (3) is reached.";
  expect(refused.map(({ body }) => body.error_messages)).toEqual(refused.map(() => [sentence]));
  expect(refused).toHaveLength(7);
});

test("limit-2: creates and deletes at once leave the count right", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxMeetings: 5 });
  const ids = await times(5, () => createMeeting(gateway, {}, { key }));
  const mixed = await times(20, (index) => {
    const id = ids[index / 2];
    if (id === undefined) return post(gateway, "create_meeting/", { meeting_setting: tenSettings() }, { key });
    // Deleted twice at once: one place is freed.
    const path = `delete_scheduled_meeting/?meeting_id=${id}`;
    return times(2, () => gateway.v1(path, { method: "DELETE", key })).then((both) => {
      expect(both.map(({ status }) => status).toSorted()).toEqual([200, 404]);
      return both[0] as (typeof both)[0];
    });
  });
  for (const answer of mixed) expectEnvelope(answer);
  const left = (await get(gateway, "list_meetings/", { key })).body.data.length;
  expect(left).toBeLessThanOrEqual(5);
  const more = await times(8, () => post(gateway, "create_meeting/", { meeting_setting: tenSettings() }, { key }));
  expect(more.filter(({ status }) => status === 201)).toHaveLength(5 - left);
  const database = openBeside(gateway);
  const counts = database.prepare("SELECT max(meeting_count) FROM licenses WHERE max_meetings = 5").pluck().get();
  database.close();
  expect(counts).toBe(5);
});

test("delete-1, start-6: starts and deletes of one meeting at once: it runs or it is gone, never both", async () => {
  const gateway = await boot();
  for (let round = 0; round < 5; round += 1) {
    const meeting_id = await createMeeting(gateway);
    const answers = await times(8, (index) =>
      index % 2 === round % 2
        ? post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" })
        : gateway.v1(`delete_scheduled_meeting/?meeting_id=${meeting_id}`, { method: "DELETE", ...english }),
    );
    const listed = (await get(gateway, "list_meetings/")).body.data;
    const own = listed.find((row: { meeting_id: string }) => row.meeting_id === meeting_id);
    const started = answers.filter(({ status, body }) => status === 200 && body.data !== null).length;
    const deleted = answers.filter(({ status, body }) => status === 200 && body.data === null).length;
    expect([started, deleted, own?.is_running]).toEqual(own ? [4, 0, true] : [0, 1, undefined]);
  }
});

test("end-1, start-6: starts, ends and updates at once: whatever comes first, one session is open at most", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxRunning: 1 });
  const { meetingId: meeting_id } = await runningMeeting(gateway, {}, {}, { key });
  const answers = await times(30, (index) => {
    if (index % 3 === 0) return get(gateway, `end_meeting/?meeting_id=${meeting_id}`, { key });
    if (index % 3 === 1) return post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" }, { key });
    const path = `update_meeting/?meeting_id=${meeting_id}`;
    return put(gateway, path, { title: `${index}`, meeting_setting: tenSettings() }, { key });
  });
  for (const answer of answers) {
    expectEnvelope(answer);
    expect([200, 400]).toContain(answer.status);
  }
  const sessions = (await get(gateway, `list_sessions/?meeting_id=${meeting_id}`, { key })).body.data;
  const open = sessions.filter((row: { session_end_time: string | null }) => row.session_end_time === null);
  const ended = answers.filter(({ status, body }) => status === 200 && body.data === null).length;
  expect(open.length).toBeLessThanOrEqual(1);
  expect(sessions.length - open.length).toBe(ended);
  await get(gateway, `end_meeting/?meeting_id=${meeting_id}`, { key });
  // The count of running sessions came out right too.
  expect((await post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" }, { key })).status).toBe(200);
});

test("start-6: a start waits for another one, whose session opens and ends between two looks: it opens its own", async () => {
  const { opening, finish, openEngine } = heldOpening();
  const gateway = await boot({ openEngine });
  const { sessions } = gateway.opened.services.storage.read;
  const meeting_id = await createMeeting(gateway);
  const start = () => post(gateway, "start_meeting/", { meeting_id, moderator_name: "A" });
  const first = start();
  await opening;
  const look = sessions.findOpen;
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const looking = new Promise<void>((resolve) => {
    sessions.findOpen = async (...args) => {
      resolve();
      await gate;
      return look(...args);
    };
  });
  const second = start();
  await looking;
  finish();
  const { body } = await first;
  await endByOperator(gateway.opened.services, { door: "CLI" }, sessionOf(body.data.url));
  goOn();
  const answer = await second;
  expect(answer.status).toBe(200);
  expect(sessionOf(answer.body.data.url)).not.toBe(sessionOf(body.data.url));
});
