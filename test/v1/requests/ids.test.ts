import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { tenSettings } from "../../helpers/meetings.js";
import { english, expectRefusal, get, NOBODY, post, runningMeeting } from "../calls.js";

/** Each place an id is taken, as a call with this one. */
const places = (id: string): [field: string, method: string, path: string, body?: object][] => [
  ["meeting_id", "PUT", `update_meeting/?meeting_id=${id}`, { meeting_setting: tenSettings() }],
  ["meeting_id", "POST", "start_meeting/", { meeting_id: id, moderator_name: "A" }],
  ["meeting_id", "POST", "join_meeting/", { meeting_id: id, fullname: "A", role: "viewer" }],
  ["meeting_id", "POST", "start_meeting/", { meeting_id: id, fullname: "A", role: "moderator" }],
  ["meeting_id", "GET", `end_meeting/?meeting_id=${id}`],
  ["meeting_id", "POST", `end_meeting/?meeting_id=${id}`],
  ["meeting_id", "POST", "end_meeting/", { meeting_id: id }],
  ["meeting_id", "DELETE", `delete_scheduled_meeting/?meeting_id=${id}`],
  ["meeting_id", "GET", `list_sessions/?meeting_id=${id}`],
  ["meeting_id", "GET", `list_setting/?meeting_id=${id}`],
  ["session_id", "GET", `list_attendance/?session_id=${id}`],
  ["session_id", "GET", `get_record/?session_id=${id}`],
];

test("id-1: a malformed id gets 400 in every place, with a message of its own and no other", async () => {
  const gateway = await boot();
  const malformed = [
    "1",
    NOBODY.slice(1),
    `${NOBODY}0`,
    NOBODY.replaceAll("-", ""),
    `{${NOBODY}}`,
    NOBODY.replace("a", "g"),
  ];
  for (const id of malformed) {
    for (const [field, method, path, body] of places(id)) {
      const answer = await gateway.v1(path, { method, body, ...english });
      expectRefusal(answer, 400, `${field} must be a valid UUID.`);
    }
  }
});

test("id-2: unknown, another license's and a kind of its own: the same 404 to the byte in every place", async () => {
  const gateway = await boot();
  const { key } = await gateway.license();
  const theirs = await runningMeeting(gateway, { moderator_password: "x" }, { moderator_password: "x" }, { key });
  const ours = await runningMeeting(gateway);
  for (const [index, [field]] of places(NOBODY).entries()) {
    const isMeeting = field === "meeting_id";
    const others = isMeeting ? theirs.meetingId : theirs.sessionId;
    const otherKind = isMeeting ? ours.sessionId : ours.meetingId;
    for (const id of [NOBODY, others, otherKind]) {
      const [, method = "", path = "", body] = places(id)[index] ?? [];
      const sentence = isMeeting ? "There is no such meeting." : "There is no such session.";
      expectRefusal(await gateway.v1(path, { method, body, ...english }), 404, sentence);
    }
  }
  expect((await get(gateway, "list_meetings/", { key })).body.data).toMatchObject([{ is_running: true }]);
});

test("id-1: any letter case is taken in every place, and ids are always shown in lower case", async () => {
  const gateway = await boot();
  const { meetingId, sessionId } = await runningMeeting(gateway);
  for (const upper of [meetingId.toUpperCase(), meetingId.replace(/[a-f]/, (letter) => letter.toUpperCase())]) {
    for (const [field, method, path, body] of places(upper)) {
      const acts = path.startsWith("end_") || path.startsWith("delete_") || field === "session_id";
      if (acts) continue;
      const answer = await gateway.v1(path, { method, body, ...english });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.text).not.toContain(upper);
    }
  }
  expect((await get(gateway, `list_attendance/?session_id=${sessionId.toUpperCase()}`)).body.data).toEqual([]);
  expect((await post(gateway, "end_meeting", { meeting_id: meetingId.toUpperCase() })).status).toBe(200);
  const removed = await gateway.v1(`delete_scheduled_meeting?meeting_id=${meetingId.toUpperCase()}`, {
    method: "DELETE",
  });
  expect(removed.status).toBe(200);
});

test("id-1, end-1: the query's id goes before the body's, and a wrong one is not made up for by the body's", async () => {
  const gateway = await boot();
  const { meetingId } = await runningMeeting(gateway);
  const body = { meeting_id: meetingId };
  expect((await post(gateway, `end_meeting/?meeting_id=${NOBODY}`, body)).status).toBe(404);
  expectRefusal(await post(gateway, "end_meeting/?meeting_id=", body), 400, "meeting_id must be a valid UUID.");
  const twice = `end_meeting/?meeting_id=${meetingId}&meeting_id=${meetingId}`;
  expectRefusal(await post(gateway, twice, body), 400, "meeting_id is given more than once. Send it once.");
  expect((await post(gateway, `end_meeting/?meeting_id=${meetingId}`, { meeting_id: NOBODY })).status).toBe(200);
});
