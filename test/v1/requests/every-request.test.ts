import { connect } from "node:net";
import { GraphQLError } from "graphql";
import { expect, test } from "vitest";
import { EngineUnavailable } from "../../../src/engine/engine.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { createMeeting, startMeeting, tenSettings } from "../../helpers/meetings.js";
import { engineWith } from "../../helpers/test-engine.js";
import { openBeside } from "../../helpers/beside.js";

const unknownId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";
const english = { language: "en" };
const json = { "content-type": "application/json" };

/** What node's fetch would mend before it is sent. */
function raw(gateway: Gateway, request: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(request.replaceAll("\n", "\r\n")));
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    socket.on("close", () => resolve(answer)).on("error", reject);
  });
}

test("order-1: of two kinds of faults, the earlier kind answers", async () => {
  const gateway = await boot();
  const { key: tight } = await gateway.license({ maxMeetings: 1 });
  const locked = await createMeeting(gateway, { moderator_password: "modpwd" }, { key: tight });
  const big = "x".repeat(70_000);
  const start = (body: object, key = tight) => ["start_meeting", { method: "POST", body, key }] as const;
  const pairs: [status: number, path: string, call: V1Call][] = [
    [404, "nothing_here", { key: null }],
    [405, "create_meeting", { key: null }],
    [401, "create_meeting", { method: "POST", key: null, body: big }],
    [413, "create_meeting", { method: "POST", body: big, headers: { "content-type": "text/plain" } }],
    [415, "create_meeting", { method: "POST", body: "{", headers: { "content-type": "text/plain" } }],
    [400, "create_meeting", { method: "POST", body: "{" }],
    [400, ...start({ meeting_id: unknownId })],
    [404, ...start({ meeting_id: unknownId, moderator_name: "m", moderator_password: "wrong" })],
    [
      401,
      "join_meeting",
      { method: "POST", key: tight, body: { meeting_id: locked, fullname: "m", role: "moderator" } },
    ],
  ];
  for (const [status, path, call] of pairs) {
    const answer = await gateway.v1(path, call);
    expect([path, call, answer.status]).toEqual([path, call, status]);
    expect([answer.body.status, answer.body.status_code, answer.body.message]).toEqual([false, status, "error"]);
  }
  // State before limits: running already with another title, in a room that is full.
  const { key: small } = await gateway.license({ maxAttendance: 1 });
  const full = await createMeeting(gateway, {}, { key: small });
  const client = gateway.socket();
  await client.enter(await startMeeting(gateway, full, {}, { key: small }));
  const contradicting = await gateway.v1(...start({ meeting_id: full, moderator_name: "m", title: "other" }, small));
  expect(contradicting.text).toContain("title");
  const agreeing = await gateway.v1("start_meeting", {
    method: "POST",
    key: small,
    body: { meeting_id: full, moderator_name: "m" },
    ...english,
  });
  expect(agreeing.body.error_messages).toEqual(["The room is full: the maximum attendance (1) is reached."]);
});

test("order-1, envelope-2: every fault of query and body is listed, fifty at most", async () => {
  const gateway = await boot();
  const body = { title: 5, moderator_password: "p".repeat(65), welcome_text: "\u0007", meeting_setting: [] };
  const answer = await gateway.v1("update_meeting?meeting_id=nope", { method: "PUT", body, ...english });
  expect(answer.status).toBe(400);
  expect(Object.keys(answer.body)).toEqual(["status", "status_code", "message", "error_messages"]);
  expect(answer.body.error_messages.slice(0, 4)).toEqual([
    "meeting_id must be a valid UUID.",
    "title must be a text.",
    "moderator_password is too long: at most 64 characters are allowed.",
    "welcome_text contains control characters, which are not allowed.",
  ]);
  expect(answer.body.error_messages).toHaveLength(14);
  const many = Array.from({ length: 80 }, () => ({ setting: "unknown", value: true }));
  const capped = await gateway.v1("create_meeting", { method: "POST", body: { meeting_setting: many } });
  expect(capped.body.error_messages).toHaveLength(50);
});

test("path-1: each route answers with and without its trailing slash", async () => {
  const gateway = await boot();
  for (const path of ["list_meetings", "list_general_meeting_setting"]) {
    expect([(await gateway.v1(path)).status, (await gateway.v1(`${path}/`)).status]).toEqual([200, 200]);
  }
  expect((await gateway.v1("list_meetings//")).status).toBe(404);
});

test("license-1, limit-1: missing, unknown or expired → 401, also at the next request", async () => {
  const gateway = await boot();
  for (const key of [null, "", "vc_unknown"]) expect((await gateway.v1("list_meetings", { key })).status).toBe(401);
  const { key } = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + 60_000) });
  expect((await gateway.v1("list_meetings", { key })).status).toBe(200);
  gateway.clock.forward(61_000);
  const expired = await gateway.v1("list_meetings", { key, ...english });
  expect([expired.status, expired.body.error_messages]).toEqual([401, ["The license has expired."]]);
});

test("language-1, language-2, language-3: q-values, regions, Arabic by default, on success and on errors", async () => {
  const gateway = await boot();
  const said = async (language: string | undefined) => {
    const answer = await gateway.v1("list_meetings", language === undefined ? {} : { language });
    expect(answer.headers.get("vary")).toContain("Accept-Language");
    return [answer.headers.get("content-language"), answer.body.success_message];
  };
  const arabic = ["ar", "تم بنجاح!"];
  const inEnglish = ["en", "Done successfully!"];
  expect(await said(undefined)).toEqual(arabic);
  expect(await said("ar-EG")).toEqual(arabic);
  expect(await said("fr")).toEqual(arabic);
  expect(await said("*")).toEqual(arabic);
  expect(await said("en-GB")).toEqual(inEnglish);
  expect(await said("ar;q=0.5, en;q=0.9")).toEqual(inEnglish);
  expect(await said("fr, en;q=0.1")).toEqual(inEnglish);
  const refused = await gateway.v1("list_setting", english);
  expect([refused.headers.get("content-language"), refused.body.error_messages]).toEqual([
    "en",
    ["meeting_id is required."],
  ]);
});

test("status-1, error-1: the HTTP status is the envelope's", async () => {
  const gateway = await boot();
  const calls: [string, V1Call][] = [
    ["list_meetings", {}],
    ["list_setting", {}],
    [`list_setting?meeting_id=${unknownId}`, {}],
    ["list_meetings", { key: null }],
    ["create_meeting", { method: "POST", body: { meeting_setting: tenSettings() } }],
  ];
  const statuses = await Promise.all(calls.map(([path, call]) => gateway.v1(path, call)));
  expect(statuses.map(({ status }) => status)).toEqual([200, 400, 404, 401, 201]);
  for (const { status, body } of statuses) expect(body.status_code).toBe(status);
});

test("error-2, method-1: 405 with Allow, OPTIONS too; HEAD reads, and never acts", async () => {
  const gateway = await boot();
  const allow = async (method: string, path: string) => {
    const { status, headers } = await gateway.v1(path, { method });
    return [status, headers.get("allow")];
  };
  expect(await allow("OPTIONS", "list_meetings/")).toEqual([405, "GET, HEAD"]);
  expect(await allow("PATCH", "create_meeting")).toEqual([405, "POST"]);
  const id = await createMeeting(gateway);
  await startMeeting(gateway, id);
  expect(await allow("HEAD", `end_meeting/?meeting_id=${id}`)).toEqual([405, "GET, POST"]);
  const head = await gateway.v1("list_meetings", { method: "HEAD" });
  expect([head.status, head.text]).toEqual([200, ""]);
  expect((await gateway.v1("list_meetings")).body.data[0].is_running).toBe(true);
});

test("error-2: an address that can't be decoded → 400 in the envelope", async () => {
  const gateway = await boot();
  const answer = await raw(
    gateway,
    `GET /api/v1/%zz HTTP/1.1\nHost: x\nConnection: close\nlicense: ${gateway.key}\n\n`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain('{"status":false,"status_code":400,"message":"error","error_messages":[');
});

test("error-2: what is nobody's fault is a 500 with the request's id and nothing of our inside", async () => {
  const schema = buildGraph();
  const field = schema.getQueryType()?.getFields()["meetings"];
  if (!field) throw new Error("no field meetings");
  field.resolve = () => {
    throw new Error("SELECT secret FROM /etc/passwd");
  };
  const gateway = await boot({ schema });
  const answer = await gateway.v1("list_meetings", english);
  expect(answer.status).toBe(500);
  expect(answer.body.error_messages[0]).toMatch(/Request id: [0-9a-f-]{36}\.$/);
  expect(answer.text).not.toMatch(/SELECT|passwd/);
  field.resolve = () => {
    throw new GraphQLError("inside", { extensions: { code: "SOMETHING_NEW" } });
  };
  expect((await gateway.v1("list_meetings")).text).not.toContain("inside");
});

test("error-2: 502 when the engine fails, 503 with Retry-After when the database can't take a write", async () => {
  const gateway = await boot({
    openEngine: engineWith(() => ({ openRoom: () => Promise.reject(new EngineUnavailable("down")) })),
  });
  const id = await createMeeting(gateway);
  const body = { meeting_id: id, moderator_name: "m" };
  expect((await gateway.v1("start_meeting", { method: "POST", body })).status).toBe(502);

  const other = openBeside(gateway);
  other.exec("BEGIN IMMEDIATE");
  const busy = await gateway.v1("create_meeting", { method: "POST", body: { meeting_setting: tenSettings() } });
  other.exec("ROLLBACK");
  other.close();
  expect([busy.status, busy.headers.get("retry-after"), busy.body.status_code]).toEqual([503, "1", 503]);
  expect((await gateway.v1("list_meetings")).body.data).toHaveLength(1);
});

test("error-2: 503 in the envelope while draining", async () => {
  const gateway = await boot();
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  const answers: string[] = [];
  socket.on("data", (chunk) => answers.push(String(chunk)));
  const ask = `GET /api/v1/list_meetings HTTP/1.1\r\nHost: x\r\nlicense: ${gateway.key}\r\n\r\n`;
  // Half a request keeps the line from being closed as idle.
  socket.write(ask.slice(0, 20));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stopped = gateway.stop();
  socket.write(ask.slice(20));
  await new Promise((resolve) => socket.on("close", resolve));
  await stopped;
  expect(answers.join("")).toMatch(/^HTTP\/1.1 503 [\s\S]*"status_code":503,"message":"error"/);
});

test("id-1, id-2: any letter case; missing, malformed or given twice → 400; unknown or another's → the same 404", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const faultOf = async (query: string) => (await gateway.v1(`list_setting/${query}`, english)).body.error_messages;
  expect((await gateway.v1(`list_setting/?meeting_id=${id.toUpperCase()}`)).status).toBe(200);
  expect(await faultOf("")).toEqual(["meeting_id is required."]);
  expect(await faultOf("?meeting_id=5")).toEqual(["meeting_id must be a valid UUID."]);
  expect(await faultOf(`?meeting_id=${id}&meeting_id=${id}`)).toEqual([
    "meeting_id is given more than once. Send it once.",
  ]);
  const { key } = await gateway.license();
  const others = await gateway.v1(`list_setting/?meeting_id=${id}`, { key });
  const nobodys = await gateway.v1(`list_setting/?meeting_id=${unknownId}`, { key });
  expect([others.status, others.text]).toEqual([404, nobodys.text]);
});

test("cache-1, cors-1: no shared cache keeps an answer, no browser of another origin gets one", async () => {
  const gateway = await boot();
  for (const [call, kept] of [
    [{}, "private, no-cache"],
    [{ key: null }, "no-store"],
    [{ method: "OPTIONS" }, "no-store"],
  ] as const) {
    const headers = { origin: "https://elsewhere.example", "access-control-request-method": "GET", ...json };
    const answer = await gateway.v1("list_meetings", { ...call, headers });
    expect(answer.headers.get("cache-control")).toBe(kept);
    expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});
