import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { createMeeting, tenSettings } from "../../helpers/meetings.js";
import { expectRefusal, get, post } from "../calls.js";

test("a create and a start sent again with the same Idempotency-Key are done once; without it, each time", async () => {
  const gateway = await boot();
  const body = { title: "Algebra", meeting_setting: tenSettings() };
  const headers = { "idempotency-key": "a1" };
  const first = await post(gateway, "create_meeting/", body, { headers });
  const again = await post(gateway, "create_meeting/", body, { headers });
  expect([again.status, again.text]).toEqual([201, first.text]);
  await post(gateway, "create_meeting/", body);
  expect((await get(gateway, "list_meetings/")).body.data).toHaveLength(2);

  const start = { meeting_id: first.body.data.meeting_id, moderator_name: "mod1" };
  const link = await post(gateway, "start_meeting/", start, { headers: { "idempotency-key": "b1" } });
  const same = await post(gateway, "start_meeting/", start, { headers: { "idempotency-key": "b1" } });
  expect([same.status, same.text]).toEqual([200, link.text]);
  expect((await post(gateway, "start_meeting/", start)).body.data.url).not.toBe(link.body.data.url);
});

test("an Idempotency-Key with other values, or too long, is a 400 that says so", async () => {
  const gateway = await boot();
  const body = { meeting_setting: tenSettings() };
  const headers = { "idempotency-key": "a1" };
  await post(gateway, "create_meeting/", body, { headers });
  const reused = await post(gateway, "create_meeting/", { ...body, title: "x" }, { headers });
  expectRefusal(reused, 400, "This idempotency key was used before with other values. Use a new key for a new call.");
  const long = await post(gateway, "create_meeting/", body, {
    headers: { ...headers, "idempotency-key": "k".repeat(256) },
  });
  expectRefusal(long, 400, "idempotency_key is too long: at most 255 characters are allowed.");
});

test("routes that only read or end take the header and do not mind it", async () => {
  const gateway = await boot();
  const meeting_id = await createMeeting(gateway);
  const headers = { "idempotency-key": "a1" };
  expect((await get(gateway, "list_meetings/", { headers })).status).toBe(200);
  expect((await get(gateway, `list_sessions/?meeting_id=${meeting_id}`, { headers })).status).toBe(200);
});
