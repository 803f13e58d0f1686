import { request } from "node:http";
import { expect, test } from "vitest";
import { boot, type Gateway, RoomClient } from "../helpers/boot.js";
import { createMeeting, startMeeting } from "../helpers/meetings.js";

/** The link as the proxy in front passes it on: with the path, or with it cut off. */
const passedOn = (gateway: Gateway, link: string, base: string, path: string) =>
  link.replace(`https://meet.example${base}`, gateway.url + path);

// The second is a beginning of our own addresses too.
for (const [base, path] of [
  ["/rooms", "/rooms"],
  ["/rooms", ""],
  ["/api", "/api"],
  ["/api", ""],
] as const) {
  const proxy = path === "" ? "cuts it off" : "passes it on";
  test(`link-1, enter-2: behind a proxy for ${base} that ${proxy} the page, its files and its socket are there`, async () => {
    const gateway = await boot({ env: { PUBLIC_URL: `https://meet.example${base}` } });
    for (const door of [
      "/",
      "/api/v1/list_meetings/",
      "/health/live",
      "/schema.graphql",
      "/landing.css",
      "/console/",
      "/examples",
    ]) {
      const { status } = await fetch(gateway.url + path + door, { headers: { license: gateway.key } });
      expect([door, status]).toEqual([door, 200]);
    }
    expect((await fetch(`${gateway.url}${path}/graphql`, { headers: { accept: "text/html" } })).status).toBe(200);
    const link = await startMeeting(gateway, await createMeeting(gateway));
    const page = await fetch(passedOn(gateway, link, base, path));
    expect(page.status).toBe(200);
    // Addresses in the page are relative, so the browser asks beside the link, wherever that is.
    const addresses = [...(await page.text()).matchAll(/ (?:href|src)="([^"]+)"/g)].map(([, address = ""]) => address);
    const files = addresses.filter((address) => !address.startsWith("data:"));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const answer = await fetch(passedOn(gateway, new URL(file, link).href, base, path));
      expect([file, answer.status]).toEqual([file, 200]);
    }
    const client = new RoomClient(gateway.url + path, { origin: "https://meet.example" });
    expect((await client.enter(link)).type).toBe("entered");
    const foreign = new RoomClient(gateway.url + path, { origin: gateway.url });
    expect((await foreign.closing()).code).toBe(1006);
  });
}

test("PUBLIC_URL's path without a slash at its end leads to the start page, whose addresses are relative", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "https://meet.example/rooms/of%20ours" } });
  for (const bare of ["/rooms/of%20ours", "/rooms/of%20ours?from=mail"]) {
    const answer = await fetch(gateway.url + bare, { redirect: "manual" });
    expect([bare, answer.status, answer.headers.get("location")]).toEqual([bare, 302, "/rooms/of%20ours/"]);
  }
  const page = await fetch(`${gateway.url}/rooms/of%20ours`);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<h1>VConnct Gateway</h1>")]);
  for (const other of ["/rooms/of%20ours2", "/rooms", "/rooms/"]) {
    expect([other, (await fetch(gateway.url + other)).status]).toEqual([other, 404]);
  }
  expect((await fetch(`${gateway.url}/rooms/of%20ours`, { method: "POST" })).status).toBe(404);
});

/** `fetch` lets nobody choose the Host header. */
function ask(url: string, method: string, headers: Record<string, string>, body = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers: { host: "evil.example", ...headers } }, (response) => {
      let text = JSON.stringify(response.headers);
      response.on("data", (data) => (text += String(data)));
      response.on("end", () => resolve(text));
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

test("link-1: the Host header, and what proxies say of it, is in no link and in no page", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const said = { "x-forwarded-host": "evil.example", forwarded: "host=evil.example", license: gateway.key };
  const body = JSON.stringify({ meeting_id: meetingId, moderator_name: "mod1" });
  const headers = { ...said, "content-type": "application/json" };
  const started = await ask(`${gateway.url}/api/v1/start_meeting/`, "POST", headers, body);
  expect(started).toContain(`"url":"${gateway.url}/api/join?`);
  const link = /"url":"([^"]+)"/.exec(started)?.[1] ?? "";
  const page = await ask(link, "GET", said);
  expect(page).toContain('id="door"');
  for (const answer of [started, page]) expect(answer).not.toContain("evil.example");
});
