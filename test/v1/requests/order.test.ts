import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { english, expectRefusal, get, NOBODY, post, put, raw, runningMeeting, sentencesOf } from "../calls.js";

const json = { "content-type": "application/json" };
const tooLarge = "x".repeat(64 * 1024 + 1);

test("order-1: an unknown route and a wrong method come before the license", async () => {
  const gateway = await boot();
  expect((await get(gateway, "nowhere/", { key: null })).status).toBe(404);
  expect((await get(gateway, "create_meeting/", { key: null })).status).toBe(405);
  // The unknown route has no method that would be right.
  expect((await raw(gateway, "PATCH", "/api/v1/nowhere/")).status).toBe(404);
});

test("order-1: the license comes before anything of the body, too large, wrong type and unreadable in this order", async () => {
  const gateway = await boot();
  const send = async (body: string, headers: Record<string, string>) =>
    (await raw(gateway, "POST", "/api/v1/create_meeting/", { body, headers })).status;
  expect(await send(tooLarge, { ...json, license: "x" })).toBe(401);
  expect(await send("{", { "content-type": "text/plain", license: "x" })).toBe(401);
  expect(await send("{", { ...json, license: "x" })).toBe(401);
  expect(await send("{}", { ...json, license: "x" })).toBe(401);
  expect(await send(tooLarge, { "content-type": "text/plain" })).toBe(413);
  expect(await send(tooLarge, json)).toBe(413);
  expect(await send("{", { "content-type": "text/plain" })).toBe(415);
});

test("order-1: an unreadable body comes before what is wrong in the query", async () => {
  const gateway = await boot();
  const answer = await put(gateway, "update_meeting/?meeting_id=nonsense", "{");
  expectRefusal(answer, 400, "The request body is not valid JSON.");
});

test("order-1: what can be seen without the database comes before an unknown id, all of it at once", async () => {
  const gateway = await boot();
  const answer = await post(gateway, "start_meeting/", { meeting_id: NOBODY, logout_url: "ftp://example.com" });
  const seen = ["moderator_name is required.", "logout_url must be a web address that begins with http or https."];
  expectRefusal(answer, 400, ...seen);
  const updated = await put(gateway, `update_meeting/?meeting_id=${NOBODY}`, { title: "x\u0000" });
  expectRefusal(
    updated,
    400,
    "title contains control characters, which are not allowed.",
    "meeting_setting is required.",
  );
});

test("order-1: an unknown id comes before the password", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const theirs = await createMeeting(gateway, { moderator_password: "modpwd" }, { key: other.key });
  for (const meeting_id of [NOBODY, theirs]) {
    const wrong = { meeting_id, moderator_name: "A", moderator_password: "wrong" };
    expectRefusal(await post(gateway, "start_meeting/", wrong), 404, "There is no such meeting.");
    const join = { meeting_id, fullname: "A", role: "moderator", password: "wrong" };
    expectRefusal(await post(gateway, "join_meeting/", join), 404, "There is no such meeting.");
  }
});

test("order-1, error-1: the password comes before the meeting's state", async () => {
  const gateway = await boot();
  const wrongPassword = "The password is not right.";
  const meeting_id = await createMeeting(gateway, { moderator_password: "modpwd" });
  const join = { meeting_id, fullname: "A", role: "moderator", password: "wrong" };
  expectRefusal(await post(gateway, "join_meeting/", join), 401, wrongPassword);
  expectRefusal(
    await post(gateway, "join_meeting/", { ...join, password: "modpwd" }),
    400,
    "The meeting is not running.",
  );

  const start = { meeting_id, moderator_name: "A", moderator_password: "modpwd", title: "one" };
  expect((await post(gateway, "start_meeting/", start)).status).toBe(200);
  const contradicting = { ...start, title: "two" };
  const wrong = { ...contradicting, moderator_password: "wrong" };
  expectRefusal(await post(gateway, "start_meeting/", wrong), 401, wrongPassword);
  expect((await post(gateway, "start_meeting/", contradicting)).status).toBe(400);
});

test("order-1, error-1: the meeting's state comes before the license's limits", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxAttendance: 1 });
  const { meetingId, moderatorLink } = await runningMeeting(gateway, {}, { title: "one" }, { key });
  expect((await gateway.socket().enter(moderatorLink)).type).toBe("entered");
  const start = { meeting_id: meetingId, moderator_name: "A" };
  expectRefusal(
    await post(gateway, "start_meeting/", { ...start, title: "two" }, { key }),
    400,
    "The meeting is already running with other values of: title. Leave them out, or end the meeting first.",
  );
  const full = "The room is full: the maximum attendance (1) is reached.";
  expectRefusal(await post(gateway, "start_meeting/", start, { key }), 400, full);
});

test("order-1, error-1: the password comes before the license's limits", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxRunning: 1, maxAttendance: 1 });
  const create = { moderator_password: "modpwd" };
  const start = { moderator_password: "modpwd", attendee_password: "attpwd" };
  const { meetingId, moderatorLink } = await runningMeeting(gateway, create, start, { key });
  expect((await gateway.socket().enter(moderatorLink)).type).toBe("entered");
  const idle = await createMeeting(gateway, create, { key });
  const calls = (moderator: string, viewer: string): [path: string, body: object][] => [
    ["start_meeting/", { meeting_id: idle, moderator_name: "A", moderator_password: moderator }],
    ["start_meeting/", { meeting_id: meetingId, moderator_name: "A", moderator_password: moderator }],
    ["join_meeting/", { meeting_id: meetingId, fullname: "A", role: "moderator", password: moderator }],
    ["join_meeting/", { meeting_id: meetingId, fullname: "A", role: "viewer", password: viewer }],
  ];
  for (const [path, body] of calls("wrong", "wrong")) {
    expectRefusal(await post(gateway, path, body, { key }), 401, "The password is not right.");
  }
  const full = "The room is full: the maximum attendance (1) is reached.";
  const limits = ["Your license's maximum of meetings running at once (1) is reached.", full, full, full];
  for (const [index, [path, body]] of calls("modpwd", "attpwd").entries()) {
    expectRefusal(await post(gateway, path, body, { key }), 400, limits[index] ?? "");
  }
});

test("order-1: at most 50 faults are told, and a list too long to look into is one", async () => {
  const gateway = await boot();
  const junk = (count: number) => Array.from({ length: count }, () => 0);
  const answer = await post(gateway, "create_meeting/", { title: 1, meeting_setting: junk(100) });
  const sentences = sentencesOf(answer, 400);
  expect(sentences).toHaveLength(50);
  expect(sentences[0]).toBe("title must be a text.");
  expect(sentences[49]).toBe("Entry 49 of meeting_setting must be an object with setting and value.");
  const longer = await post(gateway, "create_meeting/", { meeting_setting: junk(101) });
  expectRefusal(longer, 400, "meeting_setting is too long: at most 100 entries are read.");
  const fifty = await gateway.v1("create_meeting/", {
    method: "POST",
    body: { meeting_setting: junk(40) },
    ...english,
  });
  expect(sentencesOf(fifty, 400)).toHaveLength(50);
});
