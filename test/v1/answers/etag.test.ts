import { expect, test } from "vitest";
import { isKnown } from "../../../src/etag.js";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { createMeeting } from "../../helpers/meetings.js";
import { insertRecording, NOBODY, runningMeeting } from "../calls.js";

const LANGUAGES = ["ar", "en"] as const;

const asked = (etag: string, more: V1Call = {}): V1Call => ({ ...more, headers: { "if-none-match": etag } });

/** Once read anew by each, and once remembered. */
const servers: [name: string, env: Record<string, string>][] = [
  ["with answers kept", {}],
  ["without", { ANSWER_CACHE_MB: "0" }],
];

test.each(servers)("cache-1: a read has a tag of its bytes, and who sends it back is told 304 (%s)", async (_, env) => {
  const gateway = await boot({ env });
  const { meetingId, sessionId } = await runningMeeting(gateway);
  insertRecording(gateway, sessionId);
  for (const path of [
    "list_meetings",
    `list_sessions/?meeting_id=${meetingId}`,
    `list_attendance?session_id=${sessionId}`,
    `list_setting?meeting_id=${meetingId}`,
    "list_general_meeting_setting/",
    `get_record?session_id=${sessionId}`,
  ]) {
    const tags = await Promise.all(
      LANGUAGES.map(async (language) => {
        const whole = await gateway.v1(path, { language });
        const etag = whole.headers.get("etag") ?? "";
        expect([whole.status, etag]).toEqual([200, expect.stringMatching(/^"[^"]{20,}"$/)]);
        for (const [method, sent] of [
          ["GET", etag],
          ["HEAD", `W/${etag}`],
          ["GET", `"x", W/"y,z" , ${etag}`],
          ["GET", "*"],
        ] as const) {
          const same = await gateway.v1(path, asked(sent, { method, language }));
          expect([path, sent, same.status, same.text]).toEqual([path, sent, 304, ""]);
          const told = ["etag", "cache-control", "vary", "content-language"].map((name) => same.headers.get(name));
          expect(told).toEqual([etag, "private, no-cache", "Accept-Language", language]);
          expect(same.headers.get("ratelimit-limit")).toBe("30000");
        }
        const other = await gateway.v1(path, asked('"other", W/"x"', { language }));
        expect([other.status, other.text]).toEqual([200, whole.text]);
        const head = await gateway.v1(path, { method: "HEAD", language });
        const ofHead = ["etag", "content-length", "content-type"].map((name) => head.headers.get(name));
        expect(ofHead).toEqual([etag, String(Buffer.byteLength(whole.text)), "application/json; charset=utf-8"]);
        return etag;
      }),
    );
    expect(tags[0]).not.toBe(tags[1]);
  }
});

test("a tag that was good is told the new answer once something has changed, and the old one when it is as before", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const tag = async () => (await gateway.v1("list_meetings")).headers.get("etag") ?? "";
  const before = await tag();
  const status = async (etag: string) => (await gateway.v1("list_meetings", asked(etag))).status;
  expect(await status(before)).toBe(304);
  await gateway.v1(`delete_scheduled_meeting?meeting_id=${id}`, { method: "DELETE" });
  expect(await status(before)).toBe(200);
  // Something else of the license: the answer is read anew, and found the same.
  const now = await tag();
  const other = await gateway.graphql(
    "mutation { updateGeneralMeetingSettings(input: { settings: { record: true } }) { __typename } }",
  );
  expect([other.status, await tag(), await status(now)]).toEqual([200, now, 304]);
});

const refusals: [path: string, status: number, call?: V1Call][] = [
  ["list_meetings", 401, { key: "wrong" }],
  ["list_setting?meeting_id=5", 400],
  [`list_setting?meeting_id=${NOBODY}`, 404],
  ["nowhere", 404],
];

test("what is refused, and what acts, is told whatever its sender knows", async () => {
  const gateway = await boot();
  const { meetingId, sessionId } = await runningMeeting(gateway);
  const all: typeof refusals = [
    ...refusals,
    [`get_record?session_id=${sessionId}`, 404],
    [`end_meeting?meeting_id=${meetingId}`, 200],
  ];
  for (const [path, status, call] of all) {
    const answers = [
      await gateway.v1(path, asked("*", call)),
      ...(status < 400 ? [] : [await gateway.v1(path, asked("*", call))]),
    ];
    for (const answer of answers) {
      const told = [answer.status, answer.headers.get("etag"), answer.headers.get("cache-control")];
      expect([path, ...told]).toEqual([path, status, null, "no-store"]);
    }
  }
});

test("a remembered answer is limited, drained and counted as any other", async () => {
  const gateway: Gateway = await boot({ env: { CALLS_PER_MINUTE: "3" } });
  const remaining = async () => {
    const { status, headers } = await gateway.v1("list_meetings");
    return [status, headers.get("ratelimit-remaining")];
  };
  expect([await remaining(), await remaining(), await remaining(), await remaining()]).toEqual([
    [200, "2"],
    [200, "1"],
    [200, "0"],
    [429, "0"],
  ]);
  const lines = gateway
    .log()
    .split("\n")
    .filter((line) => line.includes("/api/v1/list_meetings"));
  expect(lines.map((line) => /(\d{3}) \d+ ms/.exec(line)?.[1])).toEqual(["200", "200", "200", "429"]);
});

test("lists of tags are compared weakly, and what is no tag is none", () => {
  const etag = '"abc"';
  const cases: [header: string | undefined, known: boolean][] = [
    [undefined, false],
    ["", false],
    ["*", true],
    [" * ", true],
    ['"abc"', true],
    ['W/"abc"', true],
    ['"a","abc"', true],
    ['"a, \\"abc\\"', false],
    ["abc", false],
    ['"abcd"', false],
    ['"x,*"', false],
  ];
  for (const [header, known] of cases) expect([header, isKnown(header, etag)]).toEqual([header, known]);
});
