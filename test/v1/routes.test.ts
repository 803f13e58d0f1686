import { expect, test } from "vitest";
import { revokeLicense } from "../../src/domain/license/revoke-license.js";
import type { LicenseId } from "../../src/storage/index.js";
import { boot, stoppedClock } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";
import { english, expectRefusal, get, insertRecording, raw, runningMeeting, twelve } from "./calls.js";

test("path-1, status-1, envelope-1: each of the twelve answers with and without its trailing slash, before a query too", async () => {
  const gateway = await boot();
  for (const slash of ["", "/"]) {
    const { meetingId, sessionId } = await runningMeeting(gateway, { title: "A" });
    insertRecording(gateway, sessionId);
    for (const [method, path, body] of twelve(meetingId, sessionId)) {
      const answer = await gateway.v1(path.replace(/\?|$/, `${slash}$&`), { method, body });
      const status = path === "create_meeting" ? 201 : 200;
      expect([path, answer.status, answer.body.status_code]).toEqual([path, status, status]);
      const keys = ["status", "status_code", "message", "data", "success_message"];
      expect(Object.keys(answer.body)).toEqual(keys);
    }
  }
});

test("error-2, path-1: an address that is none of the twelve gets 404 in the envelope, whatever the method", async () => {
  const gateway = await boot();
  const paths = [
    "",
    "/",
    "/no_such",
    "/create_meetings/",
    "/list_meetings//",
    "//list_meetings",
    "/list_meetings/more",
  ];
  for (const path of [
    ...paths,
    "/LIST_MEETINGS",
    "/list_meetings%2F",
    "/list_meetings;a=1",
    "/constructor",
    "/__proto__",
  ]) {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      expectRefusal(await raw(gateway, method, `/api/v1${path}`), 404, "There is nothing at this address.");
    }
  }
});

test("method-1, error-2: each method that is not documented gets 405 and Allow, on each of the twelve", async () => {
  const gateway = await boot();
  const allowed: Record<string, string> = {
    create_meeting: "POST",
    update_meeting: "PUT",
    start_meeting: "POST",
    join_meeting: "POST",
    end_meeting: "GET, POST",
    delete_scheduled_meeting: "DELETE",
    list_sessions: "GET, HEAD",
    list_meetings: "GET, HEAD",
    list_attendance: "GET, HEAD",
    list_setting: "GET, HEAD",
    list_general_meeting_setting: "GET, HEAD",
    get_record: "GET, HEAD",
  };
  const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"];
  for (const [path, allow] of Object.entries(allowed)) {
    for (const method of methods.filter((each) => !allow.split(", ").includes(each))) {
      const answer = await raw(gateway, method, `/api/v1/${path}/`);
      expect([path, method, answer.status, answer.headers.get("allow")]).toEqual([path, method, 405, allow]);
      if (method === "HEAD") expect(answer.text).toBe("");
      else expectRefusal(answer, 405, `The method ${method} is not allowed here. Allowed: ${allow}.`);
    }
  }
});

test("method-1: HEAD answers each read as GET does, to the header, without its body", async () => {
  const gateway = await boot();
  const { meetingId, sessionId } = await runningMeeting(gateway);
  const reads = twelve(meetingId, sessionId).filter(([method, path]) => method === "GET" && !path.startsWith("end_"));
  expect(reads).toHaveLength(6);
  for (const [, path] of reads) {
    // get_record finds none: a refusal has its HEAD too.
    const whole = await raw(gateway, "GET", `/api/v1/${path}`);
    const head = await raw(gateway, "HEAD", `/api/v1/${path}`);
    expect([path, head.status, head.text]).toEqual([path, whole.status, ""]);
    for (const name of ["content-length", "content-type", "content-language", "vary", "cache-control"]) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
  }
  expect((await raw(gateway, "HEAD", "/api/v1/list_meetings/", { headers: { license: "x" } })).status).toBe(401);
});

test("license-1, limit-1, error-1: without a valid license each of the twelve says why not, and does nothing", async () => {
  const gateway = await boot();
  const unknown = "The license key is missing or not known. Send your key in the request header license.";
  const { key: expired } = await gateway.license({ expiresAt: new Date(Date.now() - 1) });
  const { id, key: revoked } = await gateway.license();
  await revokeLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { endSessions: false });
  const { meetingId, sessionId } = await runningMeeting(gateway);
  const cases: [string | null, string][] = [
    [null, unknown],
    [`${gateway.key}x`, unknown],
    [expired, "The license has expired."],
    [revoked, "The license has been revoked."],
  ];
  for (const [key, sentence] of cases) {
    for (const [method, path, body] of twelve(meetingId, sessionId)) {
      expectRefusal(await gateway.v1(path, { method, body, key, ...english }), 401, sentence);
    }
  }
  const twice = { headers: { license: [gateway.key, gateway.key] } };
  expectRefusal(await raw(gateway, "GET", "/api/v1/list_meetings/", twice), 401, unknown);
  expect((await get(gateway, "list_meetings/")).body.data).toMatchObject([{ meeting_id: meetingId, is_running: true }]);
});

test("limit-1: the license is good until its end, and from that very instant on it is not", async () => {
  let at = Date.now();
  const gateway = await boot({ clock: stoppedClock(() => at) });
  const { key } = await gateway.license({ expiresAt: new Date(at + 60_000) });
  at += 59_999;
  expect((await get(gateway, "list_meetings/", { key })).status).toBe(200);
  at += 1;
  expectRefusal(await get(gateway, "list_meetings/", { key }), 401, "The license has expired.");
});

test("cache-1, cors-1: whatever the answer, no shared cache keeps it and no page of another origin may read it", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  await startMeeting(gateway, id);
  const asked: [status: number, method: string, path: string, headers?: Record<string, string>, body?: string][] = [
    [200, "GET", "list_meetings/"],
    [200, "HEAD", "list_meetings/"],
    [400, "POST", "create_meeting/"],
    [400, "GET", "%zz"],
    [401, "GET", "list_meetings/", { license: "wrong" }],
    [404, "GET", "nowhere/"],
    [405, "OPTIONS", "create_meeting/"],
    [413, "POST", "create_meeting/", { "content-type": "application/json" }, "x".repeat(70_000)],
    [415, "POST", "create_meeting/", {}, "{}"],
    [200, "GET", `end_meeting/?meeting_id=${id}`],
  ];
  const origin = { origin: "https://partner.example", "access-control-request-method": "POST" };
  for (const [status, method, path, headers = {}, body] of asked) {
    const sent = { headers: { ...origin, ...headers }, ...(body && { body }) };
    const answer = await raw(gateway, method, `/api/v1/${path}`, sent);
    // What is read may be kept by who called, and is asked for again each time; nothing else is kept at all.
    const isRead = status === 200 && !path.startsWith("end_meeting");
    const kept = [answer.headers.get("cache-control"), answer.headers.has("etag")];
    expect([path, answer.status, ...kept]).toEqual([path, status, isRead ? "private, no-cache" : "no-store", isRead]);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    expect(answer.headers.get("set-cookie")).toBeNull();
  }
});
