import { expect, test } from "vitest";
import { boot } from "../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { attendances } from "../room/rows.js";

const form = { "content-type": "application/x-www-form-urlencoded" };

test("enter-1, link-5: GET shows title and button and enters nobody; POST of the same address is a 303 to the engine, kept by no cache", async () => {
  const engine = testEngine();
  const gateway = await boot(engine.first);
  const meetingId = await createMeeting(gateway, { title: "<Algebra>", welcome_text: "hello & welcome" });
  const link = await startMeeting(gateway, meetingId);
  for (const method of ["GET", "HEAD"]) {
    const page = await fetch(link, { method });
    expect([page.status, page.headers.get("set-cookie")]).toEqual([200, null]);
    if (method === "HEAD") continue;
    const text = await page.text();
    expect(text).toContain("<bdi>&lt;Algebra&gt;</bdi>");
    expect(text).toContain("hello &amp; welcome");
    expect(text).toMatch(/<form id="door" class="card" method="post">[^]*<button id="enter"/);
    expect(text).not.toContain("checksum");
    const allowed = `form-action 'self' ${gateway.url.replace("127.0.0.1", "localhost")} https:`;
    expect(page.headers.get("content-security-policy")).toContain(allowed);
  }
  expect(engine.rooms.get(sessionOf(link))?.inside.size).toBe(0);
  for (const body of ["", "a=b"]) {
    const sent = await fetch(link, { method: "POST", redirect: "manual", headers: form, body });
    expect([sent.status, sent.headers.get("cache-control"), sent.headers.get("referrer-policy")]).toEqual([
      303,
      "no-store",
      "no-referrer",
    ]);
    const address = new URL(sent.headers.get("location") ?? "");
    expect([address.hostname, address.pathname, address.searchParams.get("name")]).toEqual([
      "localhost",
      "/test-engine/join",
      "mod1",
    ]);
    expect(address.searchParams.get("room")).toBe(`test-${sessionOf(link)}`);
  }
  expect(await attendances(gateway, sessionOf(link))).toEqual([]);
});

test("enter-1: where the room's page is ours there is nothing to POST: 405, and nobody enters", async () => {
  const gateway = await boot();
  const link = await startMeeting(gateway, await createMeeting(gateway));
  const answer = await fetch(link, { method: "POST", headers: form, body: "" });
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(await attendances(gateway, sessionOf(link))).toEqual([]);
});

test("link-3: a changed link and an ended session are refused by POST as by GET, on a readable page", async () => {
  const engine = testEngine();
  const gateway = await boot(engine.first);
  const meetingId = await createMeeting(gateway);
  const link = await startMeeting(gateway, meetingId);
  const post = async (url: string) => {
    const answer = await fetch(url, { method: "POST", redirect: "manual" });
    return [answer.status, (await answer.text()).includes("<h1>")];
  };
  expect(await post(link.replace("role=moderator", "role=viewer"))).toEqual([403, true]);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  expect(await post(link)).toEqual([410, true]);
});
