import { expect, test } from "vitest";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting, tenSettings } from "../../helpers/meetings.js";

const english = { language: "en" };
const create = (gateway: Gateway, body: object) => gateway.v1("create_meeting", { method: "POST", body, ...english });
const setting = (body: object) => ({ meeting_setting: tenSettings(), ...body });

test("create-1: missing, duplicate, unknown and non-boolean settings each have their own message", async () => {
  const gateway = await boot();
  const list = [
    ...tenSettings().slice(1),
    { setting: "record", value: false },
    { setting: "lock_settings_disable_everything", value: true },
    { setting: "lock_settings_disable_cam", value: "true" },
    { name: "record" },
  ];
  const answer = await create(gateway, { meeting_setting: list });
  expect(answer.body.error_messages).toEqual([
    "meeting_setting has the setting record more than once.",
    "Entry 11 of meeting_setting names an unknown setting.",
    "meeting_setting has the setting lock_settings_disable_cam more than once.",
    "The value of the setting lock_settings_disable_cam in meeting_setting must be true or false.",
    "Entry 13 of meeting_setting must be an object with setting and value.",
    "meeting_setting lacks the setting lock_settings_disable_public_chat.",
  ]);
  for (const value of [null, 0, 1, "false", "", [], {}]) {
    const odd = [...tenSettings().slice(1), { ...tenSettings()[0], value }];
    expect((await create(gateway, { meeting_setting: odd })).body.error_messages).toEqual([
      "The value of the setting lock_settings_disable_public_chat in meeting_setting must be true or false.",
    ]);
  }
  expect((await create(gateway, {})).body.error_messages).toEqual(["meeting_setting is required."]);
});

test('create-2: what is left out, null or "" comes back as "" and is null in the graph', async () => {
  const gateway = await boot();
  for (const body of [
    {},
    { title: null, welcome_text: null, moderator_password: null },
    { title: "", moderator_password: "" },
  ]) {
    const { data } = (await create(gateway, setting(body))).body;
    expect([data.title, data.moderator_password, data.welcome_text]).toEqual(["", "", ""]);
    const graph = await gateway.graphql(
      `{ meeting(id: "${data.meeting_id}") { title moderatorPassword welcomeText } }`,
    );
    expect(graph.body.data.meeting).toEqual({ title: null, moderatorPassword: null, welcomeText: null });
  }
});

test("create-3, setting-1: settings come back in the document's order, whatever order they came in", async () => {
  const gateway = await boot();
  const mixed = tenSettings(true).map((entry, index) => ({ ...entry, value: index % 3 === 0 }));
  const { data } = (await create(gateway, { meeting_setting: mixed.toReversed() })).body;
  expect(data.meeting_setting).toEqual(mixed);
  expect((await gateway.v1(`list_setting?meeting_id=${data.meeting_id}`)).body.data).toEqual(mixed);
});

test("create-4: limits in code points, no control characters, no half characters, nothing changed", async () => {
  const gateway = await boot();
  const full = {
    title: "😀".repeat(255),
    moderator_password: "p".repeat(64),
    welcome_text: `\n\t${"w".repeat(3_998)}`,
  };
  const stored = (await create(gateway, setting(full))).body.data;
  expect(stored).toMatchObject(full);
  const over = { title: "😀".repeat(256), moderator_password: "p".repeat(65), welcome_text: "w".repeat(4_001) };
  expect((await create(gateway, setting(over))).body.error_messages).toEqual([
    "title is too long: at most 255 characters are allowed.",
    "moderator_password is too long: at most 64 characters are allowed.",
    "welcome_text is too long: at most 4000 characters are allowed.",
  ]);
  for (const title of ["a\nb", "a\u0000", "a\u007f", "a\u0085"]) {
    const refused = await create(gateway, setting({ title }));
    expect(refused.body.error_messages).toEqual(["title contains control characters, which are not allowed."]);
  }
  const half = await create(gateway, setting({ title: "\ud83d" }));
  expect(half.body.error_messages).toEqual(["title contains an incomplete Unicode character."]);
  const bidirectional = "\u202eabc\u2066";
  expect((await create(gateway, setting({ title: bidirectional }))).body.data.title).toBe(bidirectional);
  const blank = await gateway.v1("start_meeting", {
    method: "POST",
    ...english,
    body: { meeting_id: stored.meeting_id, moderator_name: " \u00a0\u3000", moderator_password: "p".repeat(65) },
  });
  expect(blank.body.error_messages).toEqual([
    "moderator_password is too long: at most 64 characters are allowed.",
    "moderator_name is required.",
  ]);
});

test('update-1: left out keeps, "" or null clears; meeting_setting is required', async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway, { title: "t", moderator_password: "p", welcome_text: "w" });
  const update = (body: object) => gateway.v1(`update_meeting?meeting_id=${id}`, { method: "PUT", body, ...english });
  const texts = async (body: object) => {
    const { data } = (await update(setting(body))).body;
    return [data.title, data.moderator_password, data.welcome_text];
  };
  expect(await texts({})).toEqual(["t", "p", "w"]);
  expect(await texts({ title: "", moderator_password: null })).toEqual(["", "", "w"]);
  expect(await texts({ title: "t", moderator_password: "p", welcome_text: null })).toEqual(["t", "p", ""]);
  expect(await texts({ title: null, moderator_password: "", welcome_text: "w" })).toEqual(["", "", "w"]);
  expect(await texts({ welcome_text: "" })).toEqual(["", "", ""]);
  expect((await update({ title: "x" })).body.error_messages).toEqual(["meeting_setting is required."]);
  expect((await gateway.v1("list_meetings")).body.data[0].title).toBe("");
});

test("update-2: allowed while running; the running session keeps the settings it started with", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const link = await startMeeting(gateway, id);
  const body = { meeting_setting: tenSettings(true) };
  expect((await gateway.v1(`update_meeting?meeting_id=${id}`, { method: "PUT", body })).status).toBe(200);
  const entered = await gateway.socket().enter(link);
  expect(new Set(Object.values(entered.settings))).toEqual(new Set([false]));
  await gateway.v1(`end_meeting?meeting_id=${id}`);
  const next = await gateway.socket().enter(await startMeeting(gateway, id));
  expect(new Set(Object.values(next.settings))).toEqual(new Set([true]));
});

test("delete-1, delete-2: not while running; then gone from every list, its sessions readable by session id", async () => {
  const gateway = await boot();
  const id = await createMeeting(gateway);
  const link = await startMeeting(gateway, id);
  await gateway.socket().enter(link);
  const remove = () => gateway.v1(`delete_scheduled_meeting?meeting_id=${id}`, { method: "DELETE", ...english });
  const refused = await remove();
  expect([refused.status, refused.body.error_messages]).toEqual([
    400,
    ["A meeting can't be deleted while it is running."],
  ]);
  await gateway.v1(`end_meeting?meeting_id=${id}`);
  expect((await remove()).body.data).toBeNull();
  expect((await remove()).status).toBe(404);
  expect((await gateway.v1("list_meetings")).body.data).toEqual([]);
  for (const path of ["list_sessions", "list_setting"]) {
    expect((await gateway.v1(`${path}?meeting_id=${id}`)).status).toBe(404);
  }
  const attendance = await gateway.v1(`list_attendance?session_id=${sessionOf(link)}`);
  expect(attendance.body.data).toHaveLength(1);
});

test("meetings-1: all of the license's meetings, oldest first, is_running while a session runs", async () => {
  const gateway = await boot();
  const ids: string[] = [];
  for (let count = 0; count < 25; count += 1) ids.push(await createMeeting(gateway));
  await startMeeting(gateway, ids[3] ?? "");
  const { data } = (await gateway.v1("list_meetings")).body;
  expect(data.map((row: { meeting_id: string }) => row.meeting_id)).toEqual(ids);
  expect(data.flatMap((row: { is_running: boolean }, index: number) => (row.is_running ? [index] : []))).toEqual([3]);
  await gateway.v1(`end_meeting?meeting_id=${ids[3]}`);
  const after = (await gateway.v1("list_meetings")).body.data;
  expect(after.filter((row: { is_running: boolean }) => row.is_running)).toEqual([]);
  const { key } = await gateway.license();
  expect((await gateway.v1("list_meetings", { key })).body.data).toEqual([]);
});

test("general-1: the license's defaults, all false until changed, keys in the document's order", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const change = "mutation { updateGeneralMeetingSettings(input: {settings: {record: true}}) { __typename } }";
  await gateway.graphql(change);
  const { text, body } = await gateway.v1("list_general_meeting_setting");
  expect(body.data).toMatchObject({ record: true, lock_settings_disable_cam: false });
  expect(text).toContain('"data":{"lock_settings_disable_cam":false,"record":true,"lock_settings_disable_note":false,');
  const theirs = (await gateway.v1("list_general_meeting_setting", other)).body.data;
  expect(new Set(Object.values(theirs))).toEqual(new Set([false]));
});

test("limit-2, error-1: at the maximum of meetings the next create → 400; deleting frees a place; at once never more", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxMeetings: 3 });
  const body = setting({});
  const all = await Promise.all(
    Array.from({ length: 12 }, () => gateway.v1("create_meeting", { method: "POST", body, key, ...english })),
  );
  expect(all.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = all.find(({ status }) => status === 400);
  expect(refused?.body.error_messages).toEqual(["Your license's maximum of meeting rooms (3) is reached."]);
  const [first] = (await gateway.v1("list_meetings", { key })).body.data;
  await gateway.v1(`delete_scheduled_meeting?meeting_id=${first.meeting_id}`, { method: "DELETE", key });
  expect((await gateway.v1("create_meeting", { method: "POST", body, key })).status).toBe(201);
});

test("limit-2: the optional maximum of sessions running at once", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxRunning: 1 });
  const [one, two] = [await createMeeting(gateway, {}, { key }), await createMeeting(gateway, {}, { key })];
  await startMeeting(gateway, one, {}, { key });
  const start = { method: "POST", key, body: { meeting_id: two, moderator_name: "m" } };
  expect((await gateway.v1("start_meeting", start)).status).toBe(400);
  await gateway.v1(`end_meeting?meeting_id=${one}`, { key });
  expect((await gateway.v1("start_meeting", start)).status).toBe(200);
});

test("limit-3, limit-4, join-3: a full room refuses links; lowering the limit ends nothing", async () => {
  const gateway = await boot();
  const { key, id: licenseId } = await gateway.license({ maxAttendance: 2 });
  const id = await createMeeting(gateway, {}, { key });
  const moderator = gateway.socket();
  await moderator.enter(await startMeeting(gateway, id, {}, { key }));
  await gateway.socket().enter(await joinMeeting(gateway, id, "second", {}, { key }));
  const body = { meeting_id: id, fullname: "third", role: "viewer" };
  expect((await gateway.v1("join_meeting", { method: "POST", key, body })).status).toBe(400);
  const { storage } = gateway.opened.services;
  await storage.transaction((tx) => tx.licenses.update(licenseId as LicenseId, { maxAttendance: 1 }, new Date()));
  expect((await gateway.v1("list_meetings", { key })).body.data[0].is_running).toBe(true);
  expect(moderator.closed).toBeUndefined();
});
