import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, startMeeting, tenSettings } from "../../helpers/meetings.js";

const english = { language: "en" };
const create = (gateway: Gateway, body: object) => gateway.v1("create_meeting", { method: "POST", body, ...english });

test("create-1, envelope-2: an entry with two faults is told both, and what it names is not missing too", async () => {
  const gateway = await boot();
  const valueOf = (position: number) => `The value in entry ${position} of meeting_setting must be true or false.`;
  const cases: [entry: unknown, faults: string[]][] = [
    [{ setting: "foo", value: "x" }, ["Entry 11 of meeting_setting names an unknown setting.", valueOf(11)]],
    [{ setting: "foo", value: null }, ["Entry 11 of meeting_setting names an unknown setting.", valueOf(11)]],
    [{ setting: "foo" }, ["Entry 11 of meeting_setting must be an object with setting and value."]],
    [{ setting: null, value: true }, ["Entry 11 of meeting_setting must be an object with setting and value."]],
    [{ value: 1 }, ["Entry 11 of meeting_setting must be an object with setting and value.", valueOf(11)]],
    [{ setting: ["record"], value: 1 }, ["Entry 11 of meeting_setting names an unknown setting.", valueOf(11)]],
    ["record", ["Entry 11 of meeting_setting must be an object with setting and value."]],
  ];
  for (const [entry, faults] of cases) {
    const answer = await create(gateway, { meeting_setting: [...tenSettings(), entry] });
    expect([entry, answer.body.error_messages]).toEqual([entry, faults]);
  }
  const [first, ...others] = tenSettings();
  const valueless = await create(gateway, { meeting_setting: [{ setting: first?.setting }, ...others] });
  expect(valueless.body.error_messages).toEqual([
    "Entry 1 of meeting_setting must be an object with setting and value.",
  ]);
});

test("envelope-2: faults of the query, of several keys, of settings and of the header come together", async () => {
  const gateway = await boot();
  const settings = [...tenSettings().slice(1), { setting: "foo", value: "x" }];
  const answer = await gateway.v1("create_meeting", {
    method: "POST",
    body: { title: "x".repeat(256), welcome_text: ["y"], meeting_setting: settings },
    headers: { "idempotency-key": "k".repeat(256) },
    ...english,
  });
  expect(answer.body.error_messages).toEqual([
    "title is too long: at most 255 characters are allowed.",
    "welcome_text must be a text.",
    "idempotency_key is too long: at most 255 characters are allowed.",
    "Entry 10 of meeting_setting names an unknown setting.",
    "The value in entry 10 of meeting_setting must be true or false.",
    "meeting_setting lacks the setting lock_settings_disable_public_chat.",
  ]);
});

test("join-1, create-2: null is as good as left out, so is a name of nothing", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  await startMeeting(gateway, meeting_id);
  const at = async (body: object) =>
    (await gateway.v1("start_meeting", { method: "POST", body: { meeting_id, ...body }, ...english })).body;
  for (const moderator_name of [null, "", " ", "\u200b"]) {
    const joined = await at({ fullname: "v", role: "viewer", moderator_name });
    expect([moderator_name, Object.keys(joined.data ?? {})]).toEqual([moderator_name, ["url"]]);
  }
  expect((await at({ fullname: "v", role: null, moderator_name: null })).error_messages).toEqual(["role is required."]);
  // Nothing speaks of a join.
  for (const body of [{}, { role: null, fullname: null }, { role: "", fullname: "", moderator_name: null }]) {
    expect((await at(body)).error_messages).toEqual(["moderator_name is required."]);
  }
  expect((await at({ fullname: null, role: null, moderator_name: "m" })).data.title).toBe("");
});
