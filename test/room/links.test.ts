import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { boot, type Gateway, RoomClient } from "../helpers/boot.js";
import { createMeeting, joinMeeting, startMeeting } from "../helpers/meetings.js";
import { openBeside } from "../helpers/beside.js";

async function running(gateway: Gateway, body: object = {}) {
  const meetingId = await createMeeting(gateway, { title: "Algebra", ...body });
  const link = await startMeeting(gateway, meetingId, { moderator_password: "modpwd", attendee_password: "attpwd" });
  return { meetingId, link };
}

async function withoutPasswords(gateway: Gateway): Promise<string> {
  const meetingId = await createMeeting(gateway);
  await startMeeting(gateway, meetingId);
  return meetingId;
}

const open = (link: string, headers: Record<string, string> = {}) => fetch(link, { headers });
const changed = (link: string, name: string, value: string) => {
  const url = new URL(link);
  url.searchParams.set(name, value);
  return url.href;
};

test("link-1, link-4: the four documented parameters, ours between password and checksum, only one's own password", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "https://meet.example/rooms/" } });
  const { meetingId, link } = await running(gateway, { moderator_password: "modpwd" });
  const viewer = await joinMeeting(gateway, meetingId, "Jöhn O'Doe + Co", { password: "attpwd" });
  const names = ["fullName", "meetingID", "password", "sessionID", "personID", "role", "checksum"];
  for (const url of [link, viewer]) {
    expect(url.startsWith("https://meet.example/rooms/api/join?fullName=")).toBe(true);
    expect([...new URL(url).searchParams.keys()]).toEqual(names);
  }
  const of = (url: string) => Object.fromEntries(new URL(url).searchParams);
  expect(of(link)).toMatchObject({ fullName: "mod1", password: "modpwd", role: "moderator" });
  expect(of(viewer)).toMatchObject({ fullName: "Jöhn O'Doe + Co", password: "attpwd", role: "viewer" });
  expect(viewer).not.toContain("modpwd");
  expect(of(viewer)["personID"]).not.toBe(of(link)["personID"]);
  const other = await running(gateway);
  expect(of(other.link)["password"]).toBe("");
  // Shown where none is needed, it is not carried either.
  const bare = await withoutPasswords(gateway);
  for (const role of ["viewer", "moderator"]) {
    const shown = await joinMeeting(gateway, bare, "A", { role, password: "hunter2" });
    expect([role, of(shown)["password"]]).toEqual([role, ""]);
  }
});

test("link-2: any parameter changed, added, dropped or repeated → 403; re-encoding does no harm", async () => {
  const gateway = await boot();
  const { meetingId } = await running(gateway);
  const link = await joinMeeting(gateway, meetingId, "John O'Doe", { password: "attpwd" });
  expect(new URL(link).searchParams.get("checksum")).toMatch(/^[0-9a-f]{40}$/);
  expect((await open(link)).status).toBe(200);
  expect((await open(link.replace("%20", "+"))).status).toBe(200);
  expect((await open(link.replace("'", "%27"))).status).toBe(200);
  const names = [...new URL(link).searchParams.keys()];
  for (const name of names) expect([name, (await open(changed(link, name, "x"))).status]).toEqual([name, 403]);
  expect((await open(changed(link, "role", "moderator"))).status).toBe(403);
  for (const name of names) {
    const url = new URL(link);
    url.searchParams.delete(name);
    expect([name, (await open(url.href)).status]).toEqual([name, 403]);
  }
  // An empty password is a parameter as any other.
  const bare = await joinMeeting(gateway, await withoutPasswords(gateway), "viewer");
  expect((await open(bare)).status).toBe(200);
  expect((await open(bare.replace("&password=", ""))).status).toBe(403);
  expect((await open(`${link}&extra=1`)).status).toBe(403);
  expect((await open(`${link}&role=viewer`)).status).toBe(403);
  expect((await open(link.replace(/\?.*/, ""))).status).toBe(403);
});

test("link-2: the checksum is the HMAC-SHA-256 of the decoded values with the server's own key, its first 40 hex characters", async () => {
  const gateway = await boot();
  const { meetingId } = await running(gateway);
  const link = new URL(await joinMeeting(gateway, meetingId, "Jöhn O'Doe + Co", { password: "attpwd" }));
  const checksum = link.searchParams.get("checksum");
  link.searchParams.delete("checksum");
  link.searchParams.sort();
  const signed = createHmac("sha256", gateway.opened.secret.keyFor("join-link"));
  expect(checksum).toBe(
    signed
      .update(JSON.stringify([...link.searchParams]))
      .digest("hex")
      .slice(0, 40),
  );
  // Only half of it right is wrong.
  const half = `${checksum?.slice(0, 39)}${checksum?.endsWith("0") ? "1" : "0"}`;
  link.searchParams.set("checksum", half);
  expect((await open(link.href)).status).toBe(403);
});

test("link-4: spaces before, in and after a name are kept: in the link, in the room and in the attendance", async () => {
  const gateway = await boot();
  const meetingId = await createMeeting(gateway);
  const [moderator, viewer] = ["  mod  1 ", " John   Doe  "];
  const links = [
    await startMeeting(gateway, meetingId, { moderator_name: moderator }),
    await joinMeeting(gateway, meetingId, viewer),
  ];
  for (const [index, name] of [moderator, viewer].entries()) {
    const link = links[index] ?? "";
    expect(new URL(link).searchParams.get("fullName")).toBe(name);
    expect((await gateway.socket().enter(link)).person.name).toBe(name);
  }
  const { searchParams } = new URL(links[0] ?? "");
  const { data } = (await gateway.v1(`list_attendance?session_id=${searchParams.get("sessionID")}`)).body;
  expect(data.map((row: { full_name: string }) => row.full_name)).toEqual([moderator, viewer]);
});

test("link-3: good after a restart; over → 410, full → 409 but not for one inside, each a readable page", async () => {
  const gateway = await boot({ env: { PUBLIC_URL: "http://meet.example" } });
  const { key } = await gateway.license({ maxAttendance: 1 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  const waiting = await joinMeeting(gateway, meetingId, "waits", {}, { key });
  const here = (server: Gateway, url: string) => url.replace("http://meet.example", server.url);
  const client = gateway.socket();
  await client.enter(link);
  expect((await open(here(gateway, link))).status).toBe(200);
  const full = await open(here(gateway, waiting), { "accept-language": "en" });
  expect([full.status, full.headers.get("content-language")]).toEqual([409, "en"]);
  expect(await full.text()).toMatch(/<html lang="en" dir="ltr">/);
  const tampered = await open(changed(here(gateway, waiting), "fullName", "x"));
  const page = "text/html; charset=utf-8";
  for (const { headers } of [full, tampered]) expect(headers.get("content-type")).toBe(page);
  await gateway.stop();

  const next = await boot({ folder: gateway.folder, env: { PUBLIC_URL: "http://meet.example" } });
  expect((await open(here(next, link))).status).toBe(200);
  await next.v1(`end_meeting?meeting_id=${meetingId}`, { key });
  const over = await open(here(next, link));
  expect([over.status, await over.text()]).toEqual([410, expect.stringContaining('<html lang="ar" dir="rtl">')]);
  expect(over.headers.get("content-type")).toBe(page);
  await startMeeting(next, meetingId, {}, { key });
  expect((await open(here(next, link))).status).toBe(410);
});

test("link-5, enter-1: the page is noindex, no-referrer, no-store; opening writes nothing and sets no cookie", async () => {
  const gateway = await boot();
  const { link } = await running(gateway);
  const db = openBeside(gateway);
  const rows = () =>
    ["attendances", "stays", "events"].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
  const before = rows();
  for (const url of [link, changed(link, "role", "x")]) {
    const { headers } = await open(url);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-robots-tag")).toBe("noindex");
    expect(headers.get("set-cookie")).toBeNull();
  }
  expect(rows()).toEqual(before);
  db.close();
});

test("embed-1: nobody may frame the page but its own origin and those that EMBED_ORIGINS lists", async () => {
  const policyOf = async (env: Record<string, string>) => {
    const gateway = await boot({ env });
    const { link } = await running(gateway);
    const policies = [link, changed(link, "role", "x")].map(async (url) => {
      const { headers } = await open(url);
      return headers.get("content-security-policy");
    });
    const [room, refusal] = await Promise.all(policies);
    expect(refusal).toBe(room);
    return room;
  };
  expect(await policyOf({})).toMatch(/; frame-ancestors 'self'$/);
  expect(await policyOf({ EMBED_ORIGINS: "https://lms.example https://b.example" })).toMatch(
    /; frame-ancestors 'self' https:\/\/lms.example https:\/\/b.example$/,
  );
});

test("enter-2: a socket of another origin is refused; PUBLIC_URL's own and none at all are not", async () => {
  const gateway = await boot();
  const { link } = await running(gateway);
  const foreign = new RoomClient(gateway.url, { origin: "https://evil.example" });
  expect((await foreign.closing()).code).toBe(1006);
  const own = new RoomClient(gateway.url, { origin: gateway.url });
  expect((await own.enter(link)).type).toBe("entered");
  expect((await gateway.socket().enter(link)).type).toBe("entered");
});

test("enter-2: the first frame is the entrance, in time and of a size, or 4400", async () => {
  const gateway = await boot({ timings: { firstFrame: 300 } });
  const { link } = await running(gateway);
  for (const frame of [
    "hello",
    "[]",
    '{"type":"leave"}',
    '{"type":"enter"}',
    JSON.stringify({ type: "leave", link: link.slice(link.indexOf("?") + 1) }),
    `{"type":"enter","link":"${"x".repeat(17_000)}"}`,
  ]) {
    const client = gateway.socket();
    await client.say(frame);
    expect((await client.frame("refused")).code).toBe("PROTOCOL");
    expect((await client.closing()).code).toBe(4400);
  }
  const binary = gateway.socket();
  await binary.ready();
  binary.socket.send(Buffer.from(JSON.stringify({ type: "enter", link: link.slice(link.indexOf("?") + 1) })));
  expect((await binary.closing()).code).toBe(4400);
  const silent = gateway.socket();
  expect((await silent.closing()).code).toBe(4400);
  const tampered = gateway.socket();
  expect(await tampered.enter(changed(link, "fullName", "x"))).toMatchObject({
    type: "refused",
    code: "LINK_TAMPERED",
  });
  expect((await tampered.closing()).code).toBe(4403);
});

test("enter-2: answered with person, title, welcome, settings and everyone inside; over → 4410", async () => {
  const gateway = await boot();
  const { meetingId, link } = await running(gateway, { welcome_text: "hello" });
  const entered = await gateway.socket().enter(link);
  expect(Object.keys(entered)).toEqual(["type", "person", "title", "welcome", "settings", "people"]);
  expect(entered).toMatchObject({ title: "Algebra", welcome: "hello", person: { name: "mod1", role: "moderator" } });
  expect(entered.people).toEqual([entered.person]);
  expect(Object.keys(entered.settings)).toHaveLength(10);
  await gateway.v1(`end_meeting?meeting_id=${meetingId}`);
  const late = gateway.socket();
  expect((await late.enter(link)).code).toBe("SESSION_OVER");
  expect((await late.closing()).code).toBe(4410);
});

test("limit-1: an expired license answers 401, and its sessions run on, their links still open", async () => {
  const gateway = await boot({ timings: { sweep: 20 } });
  const { key } = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + 60_000) });
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  gateway.clock.forward(61_000);
  expect((await gateway.v1("list_meetings", { key })).status).toBe(401);
  // Some rounds of housekeeping later too.
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect((await open(link)).status).toBe(200);
  expect((await gateway.socket().enter(link)).type).toBe("entered");
});
