import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { english, expectRefusal, get } from "../calls.js";

test("error-2: a license's calls of a minute are limited: 429 with Retry-After in the envelope, and another license goes on", async () => {
  const gateway = await boot({ env: { CALLS_PER_MINUTE: "3" } });
  const left: (string | null)[] = [];
  for (let times = 0; times < 3; times += 1) {
    const answer = await get(gateway, "list_meetings");
    expect([answer.status, answer.headers.get("ratelimit-limit")]).toEqual([200, "3"]);
    left.push(answer.headers.get("ratelimit-remaining"));
  }
  expect(left).toEqual(["2", "1", "0"]);
  const refused = await get(gateway, "list_general_meeting_setting");
  const seconds = Number(refused.headers.get("retry-after"));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  expect(refused.headers.get("ratelimit-reset")).toBe(String(seconds));
  expectRefusal(refused, 429, `Too many calls: 3 a minute are allowed. Try again in ${seconds} seconds.`);
  const other = await gateway.license();
  expect((await get(gateway, "list_meetings", { key: other.key })).status).toBe(200);
});

test("license-1: who has no license is told so, and nobody's calls are counted for it", async () => {
  const gateway = await boot({ env: { CALLS_PER_MINUTE: "1" } });
  for (let times = 0; times < 3; times += 1) {
    const answer = await get(gateway, "list_meetings", { key: "vc_unknown", ...english });
    expect([answer.status, answer.headers.get("ratelimit-limit")]).toEqual([401, null]);
  }
  expect((await get(gateway, "list_meetings")).status).toBe(200);
});
