import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { mutate } from "../../graphql/ask.js";
import { createMeeting, startMeeting, tenSettings } from "../../helpers/meetings.js";

const english = { language: "en" };
const create = (gateway: Gateway, body: object) => gateway.v1("create_meeting", { method: "POST", body, ...english });
const setting = (body: object) => ({ meeting_setting: tenSettings(), ...body });

test("create-4: names have 255 code points at most, no control and no half characters, and show something", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  await startMeeting(gateway, meeting_id);
  const doors = {
    moderator_name: (name: string) => ["start_meeting", { meeting_id, moderator_name: name }] as const,
    fullname: (name: string) => ["join_meeting", { meeting_id, fullname: name, role: "viewer" }] as const,
  };
  const cases: [name: string, fault: string | undefined][] = [
    ["😀".repeat(255), undefined],
    ["\u202eabc\u2066", undefined],
    ["😀".repeat(256), "is too long: at most 255 characters are allowed."],
    ["a\tb", "contains control characters, which are not allowed."],
    ["a\u0085", "contains control characters, which are not allowed."],
    ["a\udc00", "contains an incomplete Unicode character."],
    [" \u00a0\u3000", "is required."],
    ["", "is required."],
    // An emoji of several parts, a letter with its mark, a name that joins its letters: the marks inside stay.
    ["👩\u200d🚀", undefined],
    ["e\u0301", undefined],
    ["می\u200cخواهم", undefined],
  ];
  for (const [field, door] of Object.entries(doors)) {
    for (const [name, fault] of cases) {
      const [path, body] = door(name);
      const answer = await gateway.v1(path, { method: "POST", body, ...english });
      const expected = fault === undefined ? undefined : [`${field} ${fault}`];
      expect([field, name, answer.body.error_messages]).toEqual([field, name, expected]);
      if (fault === undefined) {
        expect((await gateway.socket().enter(answer.body.data.url)).person.name).toBe(name);
      }
    }
  }
});

test("create-4: what is shown or set at the start and at the entrance obeys the same limits", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  const long = "p".repeat(65);
  const start = { meeting_id, moderator_name: "m", moderator_password: long, attendee_password: long };
  const title = "t".repeat(256);
  const started = await gateway.v1("start_meeting", { method: "POST", body: { ...start, title }, ...english });
  expect(started.body.error_messages.toSorted()).toEqual([
    "attendee_password is too long: at most 64 characters are allowed.",
    "moderator_password is too long: at most 64 characters are allowed.",
    "title is too long: at most 255 characters are allowed.",
  ]);
  await startMeeting(gateway, meeting_id);
  const join = { meeting_id, fullname: "v", role: "viewer", password: long };
  const joined = await gateway.v1("join_meeting", { method: "POST", body: join, ...english });
  expect(joined.body.error_messages).toEqual(["password is too long: at most 64 characters are allowed."]);
});

test("create-4: nothing is cut, trimmed or made another character, when it is created, changed and entered", async () => {
  const gateway = await boot();
  const texts = {
    title: "  a\u0301 \u00e1 \ufb01  ",
    moderator_password: " \u200f p\u0065\u0301 ",
    welcome_text: "\r\n one\r\n\ttwo \n\n",
  };
  const { data } = (await create(gateway, setting(texts))).body;
  expect(data).toMatchObject(texts);
  const path = `update_meeting?meeting_id=${data.meeting_id}`;
  const changed = {
    title: ` ${texts.title}`,
    moderator_password: ` ${texts.moderator_password}`,
    welcome_text: "\r\n",
  };
  expect((await gateway.v1(path, { method: "PUT", body: setting(changed) })).body.data).toMatchObject(changed);
  expect((await gateway.v1("list_meetings")).body.data).toMatchObject([changed]);
  const { moderator_password } = changed;
  const entered = await gateway.socket().enter(await startMeeting(gateway, data.meeting_id, { moderator_password }));
  expect(entered).toMatchObject({ title: changed.title, welcome: changed.welcome_text });
  for (const welcome_text of ["a\u0000", "a\u000b", "a\u001f", "a\u007f", "a\u0085"]) {
    const refused = await create(gateway, setting({ welcome_text }));
    expect(refused.body.error_messages).toEqual(["welcome_text contains control characters, which are not allowed."]);
  }
});

/** What draws nothing: spaces, what joins and directs, blank letters, marks without a letter, tags, private use. */
const invisible = [
  " \u00a0\u3000",
  "\u200b",
  "\u200b\ufeff\u2060\u00ad",
  "\u202e\u2066\u200f",
  "\u3164",
  "\u115f\u1160",
  "\uffa0",
  "\u2800\u2800",
  "\u0301\u0308",
  "\u034f",
  "\ufe0f",
  "\u{e0061}\u{e007f}",
  "\u{e0100}",
  "\ue000",
  "\u{1d159}",
  "\u{13441}\u{13442}",
];

test("create-4: a name that nobody can see counts as missing, on both doors", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  await startMeeting(gateway, meetingId);
  for (const name of invisible) {
    const start = { meeting_id: meetingId, moderator_name: name };
    const join = { meeting_id: meetingId, fullname: name, role: "viewer" };
    const started = await gateway.v1("start_meeting", { method: "POST", body: start, ...english });
    const joined = await gateway.v1("join_meeting", { method: "POST", body: join, ...english });
    const sentences = [started.body.error_messages, joined.body.error_messages];
    expect([name, ...sentences]).toEqual([name, ["moderator_name is required."], ["fullname is required."]]);
    const missing = [{ code: "REQUIRED" }];
    const starting = await mutate(gateway, "startMeeting", { meetingId, moderatorName: name });
    const joining = await mutate(gateway, "joinMeeting", { meetingId, fullName: name, role: "VIEWER" });
    expect([name, starting.issues, joining.issues]).toMatchObject([name, missing, missing]);
  }
});

test("create-2, create-4: a title that nobody can see is kept as it came; the page shows another in its place", async () => {
  const gateway = await boot();
  for (const title of [" ", "\u200b", "\u2800"]) {
    const meetingId = await createMeeting(gateway, { title });
    expect((await gateway.v1(`list_meetings`)).body.data.at(-1).title).toBe(title);
    const page = await (
      await fetch(await startMeeting(gateway, meetingId), { headers: { "accept-language": "en" } })
    ).text();
    expect(page).toContain("<bdi>Meeting room</bdi>");
  }
});
