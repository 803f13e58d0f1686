import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { tenSettings } from "../../helpers/meetings.js";
import { expectEnvelope, get, NOBODY, raw, runningMeeting } from "../calls.js";

const json = { "content-type": "application/json" };

const acts = (id: string): [method: string, path: string][] => [
  ["POST", "create_meeting/"],
  ["PUT", `update_meeting/?meeting_id=${id}`],
  ["POST", "start_meeting/"],
  ["POST", "join_meeting"],
  ["POST", `end_meeting/?meeting_id=${NOBODY}`],
  ["DELETE", `delete_scheduled_meeting?meeting_id=${NOBODY}`],
];
const reads = ["list_sessions", "list_meetings", "list_attendance", "list_setting", "get_record"];

const keys = ["meeting_id", "title", "moderator_password", "welcome_text", "meeting_setting", "attendee_password"];
const allKeys = [...keys, "moderator_name", "logout_url", "fullname", "password", "role"];
/** Each key of each body with this value. */
const everywhere = (value: string) => `{${allKeys.map((key) => `"${key}":${value}`).join(",")}}`;
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
const settings = JSON.stringify(tenSettings());

const bodies: (string | Buffer)[] = [
  ...["null", "true", "0", "-0", "1e999", "[]", "[[]]", "{}", '""', '"\\u0000"', '"\\ud800"', '"\\udc00x"'].map(
    everywhere,
  ),
  everywhere('{"toString":null,"length":-1,"then":1}'),
  everywhere('["__proto__"]'),
  everywhere('"{field}"'),
  everywhere(`"${"x".repeat(5_000)}"`),
  everywhere(nested(10_000, "[", "]")).slice(0, 60_000),
  `{"title":${nested(10_000, "[", "]")},"meeting_setting":${settings}}`,
  `{"extra":${nested(10_000, "[", "]")},"meeting_setting":1,}`,
  nested(10_000, '{"a":', "}").replace(":}", ":1}"),
  "[".repeat(60_000),
  `{"meeting_setting":[${"{},".repeat(20_000)}{}]}`,
  `{"meeting_setting":[${"null,".repeat(12_000)}null],}`,
  `{"meeting_setting":[{"setting":"__proto__","value":true},{"setting":{},"value":{}},{"setting":["record"],"value":true}]}`,
  '{"title":"a","title":{"b":1},"meeting_id":1,"meeting_id":[]}',
  '{"__proto__":{"meeting_id":1},"constructor":{"prototype":1},"hasOwnProperty":1,"role":"viewer"}',
  '{"__proto__":null,"fullname":"\u202e","role":"viewer","meeting_id":"x",}',
  `{"meeting_id":"${NOBODY}","moderator_name":"\ufdd0\uffff","logout_url":"https://[::1]:99999/"}`,
  `{"meeting_id":"${NOBODY}","moderator_name":"A","logout_url":"https://${"a.".repeat(900)}b"}`,
  `{"meeting_id":"${NOBODY}","moderator_name":"A","logout_url":"${"ا".repeat(2_000)}"}`,
  '"\u0000"',
  "\u0000",
  "",
  " ",
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.from([0xc0, 0x80]),
  gzipSync('{"a":1}'),
];

test("error-2, envelope-2: no body makes a route answer anything but its envelope, and never a 5xx", async () => {
  const gateway = await boot();
  const { meetingId } = await runningMeeting(gateway, { title: "kept" });
  for (const [method, path] of acts(meetingId)) {
    for (const body of bodies) {
      const answer = await raw(gateway, method, `/api/v1/${path}`, { body, headers: json });
      const sent = `${method} ${path} ${String(body).slice(0, 80)}`;
      expect([sent, answer.status]).toEqual([
        sent,
        expect.toSatisfy((status: number) => status >= 400 && status < 500),
      ]);
      expectEnvelope(answer);
    }
  }
  expect((await get(gateway, "list_meetings/")).body.data).toMatchObject([{ title: "kept", is_running: true }]);
});

test("error-2, id-1: no query does either", async () => {
  const gateway = await boot();
  const id = NOBODY;
  const names = ["meeting_id", "session_id"];
  const queries = names.flatMap((name) => [
    `${name}=`,
    name,
    `${name}=%00`,
    `${name}=%ff`,
    `${name}=%zz`,
    `${name}=%ED%A0%80`,
    `${name}[]=${id}`,
    `${name}[a]=${id}&${name}.b=1`,
    `${name}=${id}&${name}=${id}`,
    `&&==&${name}=${id}%20`,
    `${name}=+${id}`,
    `${name}=${id}%0a`,
    `${name}=%E2%80%90`,
    `__proto__=${id}&constructor=${id}&toString=1`,
    `__proto__[${name}]=${id}`,
    `${name}=${id}&`.repeat(150),
    "a=1&".repeat(3_000),
    `${name}=${"x".repeat(8_000)}`,
    `${name}='%20OR%20'1'='1`,
  ]);
  const takesId = (path: string) => path !== "list_meetings" && path !== "create_meeting/";
  for (const query of queries) {
    for (const path of [...reads, "end_meeting", "list_general_meeting_setting/"]) {
      const answer = await raw(gateway, "GET", `/api/v1/${path}?${query}`);
      const expected = takesId(path) && !path.startsWith("list_general") ? 400 : 200;
      expect([path, query.slice(0, 60), answer.status]).toEqual([path, query.slice(0, 60), expected]);
      expectEnvelope(answer);
    }
    const removed = await raw(gateway, "DELETE", `/api/v1/delete_scheduled_meeting/?${query}`);
    expect([query.slice(0, 60), removed.status]).toEqual([query.slice(0, 60), 400]);
  }
});

async function chunked(gateway: Gateway, body: string | Buffer, headers: Record<string, string>) {
  const sent = { "transfer-encoding": "chunked", ...json, ...headers };
  return raw(gateway, "POST", "/api/v1/create_meeting/", { body, headers: sent });
}

test("error-2: odd headers and framing are answered as what they are", async () => {
  const gateway = await boot();
  const good = `{"meeting_setting":${settings}}`;
  expect((await chunked(gateway, good, {})).status).toBe(201);
  expect((await chunked(gateway, "", {})).status).toBe(400);
  // A compressed body is bytes that are no UTF-8; what the header says of it is not looked at.
  expect((await chunked(gateway, gzipSync(good), { "content-encoding": "gzip" })).status).toBe(400);
  expect(
    (await chunked(gateway, good, { "x-http-method-override": "DELETE", "content-encoding": "identity" })).status,
  ).toBe(201);
  for (const header of ["license", "accept-language", "content-type", "x-forwarded-for", "range", "if-none-match"]) {
    for (const value of ["\u00ff\u00fe", "x".repeat(8_000), "*", ",", ";", "'\"<>"]) {
      const headers = { ...json, [header]: value };
      const answer = await raw(gateway, "POST", "/api/v1/create_meeting/", { body: good, headers });
      const expected = header === "license" ? 401 : header === "content-type" ? 415 : 201;
      expect([header, value.slice(0, 9), answer.status]).toEqual([header, value.slice(0, 9), expected]);
      expectEnvelope(answer);
    }
  }
});
