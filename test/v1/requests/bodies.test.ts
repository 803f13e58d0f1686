import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, tenSettings } from "../../helpers/meetings.js";

const english = { language: "en" };
const json = "application/json";

/** Bytes as they are, with the content type given, or none. */
async function post(gateway: Gateway, path: string, body?: string | Uint8Array<ArrayBuffer>, type = json) {
  const headers = { license: gateway.key, "accept-language": "en", ...(type && { "content-type": type }) };
  const response = await fetch(`${gateway.url}/api/v1/${path}`, {
    method: "POST",
    headers,
    ...(body !== undefined && { body }),
  });
  const { error_messages: messages } = (await response.json()) as { error_messages?: string[] };
  return { status: response.status, messages };
}

const good = JSON.stringify({ meeting_setting: tenSettings() });

test("body-1: trailing commas are forgiven, and nothing else", async () => {
  const gateway = await boot();
  const trailing = good.replace("]}", ",],}");
  expect((await post(gateway, "create_meeting", trailing)).status).toBe(201);
  const refused = [
    `/* hi */${good}`,
    good.replace("false", "False"),
    `${good}x`,
    good.replaceAll('"', "'"),
    "{,}",
    "[1",
    "NaN",
  ];
  for (const body of refused) {
    const { status, messages } = await post(gateway, "create_meeting", body);
    expect([body, status, messages]).toEqual([body, 400, ["The request body is not valid JSON."]]);
  }
});

test("body-1: 30,000 levels are not valid JSON, and no crash", async () => {
  const gateway = await boot();
  const answer = await post(gateway, "create_meeting", `${"[".repeat(30_000)},`);
  expect([answer.status, answer.messages]).toEqual([400, ["The request body is not valid JSON."]]);
});

test("body-2: unknown keys are ignored, __proto__ among them; a body that is no object → 400", async () => {
  const gateway = await boot();
  const more = good.replace("{", '{"__proto__":{"title":"hijacked"},"constructor":1,"extra":{"a":[]},');
  const answer = await gateway.v1("create_meeting?extra=1&__proto__=2", { method: "POST", body: more });
  expect([answer.status, answer.body.data.title]).toEqual([201, ""]);
  for (const body of ["[]", "5", '"text"', "null"]) {
    const refused = await post(gateway, "create_meeting", body);
    expect([body, refused.status]).toEqual([body, 400]);
  }
  expect((await post(gateway, "create_meeting", "[]")).messages).toContain("The request body must be a JSON object.");
});

test("body-3: no type or another one → 415; +json counts; no UTF-8 → 400; nothing lists what is missing", async () => {
  const gateway = await boot();
  const bytes = new TextEncoder().encode(good);
  expect((await post(gateway, "create_meeting", bytes, "")).status).toBe(415);
  expect((await post(gateway, "create_meeting", good, "text/plain")).status).toBe(415);
  expect((await post(gateway, "create_meeting", good, "application/jsonish")).status).toBe(415);
  expect((await post(gateway, "create_meeting", good, "application/vnd.lms+json; charset=utf-8")).status).toBe(201);
  const broken = new Uint8Array([...new TextEncoder().encode('{"title":"'), 0xff, 0x22, 0x7d]);
  expect((await post(gateway, "create_meeting", broken)).messages).toEqual([
    "The request body is not valid UTF-8 text.",
  ]);
  for (const type of [json, ""]) {
    const empty = await post(gateway, "start_meeting", undefined, type);
    expect([empty.status, empty.messages]).toEqual([400, ["meeting_id is required.", "moderator_name is required."]]);
  }
});

test("body-4: 64 KiB pass, one byte more → 413", async () => {
  const gateway = await boot();
  const padded = (size: number) => good.replace("}]}", `}],"x":"${"y".repeat(size - good.length - 7)}"}`);
  expect(padded(65_536)).toHaveLength(65_536);
  expect((await post(gateway, "create_meeting", padded(65_536))).status).toBe(201);
  expect((await post(gateway, "create_meeting", padded(65_537))).status).toBe(413);
});

const hostile: unknown[] = [
  { meeting_id: {}, moderator_name: [], title: true, logout_url: 5, role: {}, fullname: null, meeting_setting: {} },
  {
    meeting_id: "\u0000",
    moderator_name: "\ud800",
    title: "\u009f",
    logout_url: "javascript:alert(1)",
    meeting_setting: [[], null, 5],
  },
  { meeting_setting: Array.from({ length: 3_000 }, () => 0) },
  {
    meeting_setting: [
      { setting: "__proto__", value: true },
      { setting: { toString: 1 }, value: true },
    ],
  },
];

test("error-2: whatever is sent, the answer is the envelope and never a 5xx", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const routes: [string, string][] = [
    ["POST", "create_meeting"],
    ["PUT", `update_meeting?meeting_id=${id}`],
    ["POST", "start_meeting"],
    ["POST", "join_meeting"],
    ["POST", "end_meeting"],
    ["DELETE", "delete_scheduled_meeting?meeting_id[]=5"],
  ];
  for (const [method, path] of routes) {
    for (const body of hostile) {
      const answer = await gateway.v1(path, { method, body, ...english });
      expect([path, answer.status, Object.keys(answer.body)]).toEqual([
        path,
        400,
        ["status", "status_code", "message", "error_messages"],
      ]);
    }
  }
});
