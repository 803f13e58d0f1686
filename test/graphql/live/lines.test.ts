import { expect, test } from "vitest";
import { createAccessToken, revokeAccessToken } from "../../../src/domain/license/access-token.js";
import type { Caller } from "../../../src/domain/caller.js";
import { revokeLicense } from "../../../src/domain/license/revoke-license.js";
import { updateLicense } from "../../../src/domain/license/update-license.js";
import type { AccessScope } from "../../../src/domain/license/scopes.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { newMeeting, start } from "../ask.js";
import { doors, followed, RawSocket } from "./clients.js";

const every = Object.entries(doors).map(([door, open]) => ({ door, open }));
const query = "subscription { sessionStarted { session { id } } }";

async function tokenOf(gateway: Gateway, scopes: AccessScope[], licenseId: string) {
  const { services } = gateway.opened;
  const license = await services.storage.read.licenses.find(licenseId as LicenseId);
  if (!license) throw new Error("no license");
  const caller: Caller = { license, reach: { licenseId: license.id, meetingId: null }, door: "GRAPHQL" };
  const made = await createAccessToken(services, caller, { scopes, expiresInSeconds: 3600 });
  return { ...made, revoke: () => revokeAccessToken(services, caller, made.tokenId) };
}

test("connection_init without credentials is closed with 4401, with bad ones 4403 and the error's code as its reason, with both 4400", async () => {
  const gateway = await boot();
  const closing = async (payload: object | undefined) => {
    const socket = new RawSocket(gateway);
    await socket.say({ type: "connection_init", ...(payload && { payload }) });
    return socket.closed;
  };
  expect(await closing(undefined)).toMatchObject({ code: 4401 });
  expect(await closing({})).toMatchObject({ code: 4401 });
  expect(await closing({ license: 7 })).toMatchObject({ code: 4401 });
  expect(await closing({ license: "vc_wrong" })).toEqual({ code: 4403, reason: "UNAUTHENTICATED" });
  expect(await closing({ accessToken: "x.y.z" })).toEqual({ code: 4403, reason: "TOKEN_INVALID" });
  expect(await closing({ license: gateway.key, accessToken: "x.y.z" })).toMatchObject({ code: 4400 });
});

test("the stream answers 401 without a license and with a bad one, as a plain request", async () => {
  const { url } = await boot();
  for (const headers of [{}, { license: "vc_wrong" }, { authorization: "Bearer x.y.z" }] as Record<string, string>[]) {
    const response = await fetch(`${url}/graphql/stream`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "text/event-stream", "accept-language": "en" },
      body: JSON.stringify({ query }),
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string; requestId: string } }[] };
    expect([response.status, errors[0]?.extensions.code]).toEqual([
      401,
      "authorization" in headers ? "TOKEN_INVALID" : "UNAUTHENTICATED",
    ]);
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  }
});

test("the stream's headers tell the budget and the language, and keep a proxy from holding events back", async () => {
  const { url, key } = await boot({ env: { POINTS_PER_MINUTE: "100" } });
  const opened = async () => {
    const aborted = new AbortController();
    const { status, headers } = await fetch(`${url}/graphql/stream`, {
      method: "POST",
      headers: {
        license: key,
        "content-type": "application/json",
        accept: "text/event-stream",
        "accept-language": "en",
      },
      body: JSON.stringify({ query: "{ meetings(first: 5) { nodes { id } } }" }),
      signal: aborted.signal,
    });
    aborted.abort();
    const named = ["ratelimit-limit", "ratelimit-remaining", "content-language", "x-accel-buffering"];
    return [status, ...named.map((name) => headers.get(name))];
  };
  // Its text is read once.
  expect(await opened()).toEqual([200, "100", "58", "en", "no"]);
  expect(await opened()).toEqual([200, "100", "32", "en", "no"]);
  expect(await opened()).toEqual([200, "100", "6", "en", "no"]);
  expect(await opened()).toEqual([429, "100", "6", "en", null]);
});

test("a subscription over plain HTTP is a 400 that says where the live doors are", async () => {
  const gateway = await boot();
  const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query }, language: "en" });
  expect([status, body.errors[0].message]).toEqual([400, expect.stringContaining("/graphql/stream")]);
});

test.each(every)("over $door: a token needs EVENTS_READ and the scope of what the event shows", async ({ open }) => {
  const gateway = await boot();
  const { id, key } = await gateway.license();
  const first = async (scopes: AccessScope[]) => {
    const { token } = await tokenOf(gateway, scopes, id);
    return open(gateway, { accessToken: token }, { query });
  };
  for (const scopes of [["EVENTS_READ"], ["MEETINGS_READ"], ["EVENTS_READ", "ATTENDANCE_READ"]] as AccessScope[][]) {
    const { errors } = await (await first(scopes)).next();
    expect(errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  }
  const heard = await first(["EVENTS_READ", "MEETINGS_READ"]);
  await followed(gateway, 1);
  const meetingId = await newMeeting(gateway, {}, { key });
  const { sessionId } = await start(gateway, meetingId, {}, { key });
  expect((await heard.next()).data).toEqual({ sessionStarted: { session: { id: sessionId } } });
});

test.each(every)(
  "over $door: revoking the token, or the license, ends the line within seconds; people in rooms stay",
  async ({ open, door }) => {
    const gateway = await boot({ timings: { liveCheck: 200 } });
    const { id, key } = await gateway.license();
    const meetingId = await newMeeting(gateway, {}, { key });
    const { joinUrl } = await start(gateway, meetingId, {}, { key });
    const room = gateway.socket();
    await room.enter(joinUrl);
    const token = await tokenOf(gateway, ["EVENTS_READ", "MEETINGS_READ"], id);
    const byToken = open(gateway, { accessToken: token.token }, { query });
    const byKey = open(gateway, { license: key }, { query });
    const others = open(gateway, { license: gateway.key }, { query });
    await followed(gateway, 3);
    await token.revoke();
    const reason = await byToken.ended;
    if (door === "WebSocket") expect(reason).toMatchObject({ code: 4403, reason: "TOKEN_REVOKED" });
    await followed(gateway, 2);
    await revokeLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { endSessions: false });
    const second = await byKey.ended;
    if (door === "WebSocket") expect(second).toMatchObject({ code: 4403, reason: "LICENSE_REVOKED" });
    expect(room.closed).toBeUndefined();
    await start(gateway, await newMeeting(gateway));
    expect((await others.next()).data.sessionStarted).toBeDefined();
  },
);

test.each(every)("over $door: a token that expires ends the line, and so does a license", async ({ open, door }) => {
  const gateway = await boot({ timings: { liveCheck: 200 } });
  const { id } = await gateway.license();
  const { token } = await tokenOf(gateway, ["EVENTS_READ", "MEETINGS_READ"], id);
  const heard = open(gateway, { accessToken: token }, { query });
  await followed(gateway, 1);
  gateway.clock.forward(3_601_000);
  const reason = await heard.ended;
  if (door === "WebSocket") expect(reason).toMatchObject({ code: 4403, reason: "TOKEN_EXPIRED" });
  const limited = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + 60_000) });
  const byKey = open(gateway, { license: limited.key }, { query });
  await followed(gateway, 1);
  gateway.clock.forward(61_000);
  const second = await byKey.ended;
  if (door === "WebSocket") expect(second).toMatchObject({ code: 4403, reason: "LICENSE_EXPIRED" });
});

test.each(every)("over $door: a server that stops says so and closes the line", async ({ open, door }) => {
  const gateway = await boot();
  const heard = open(gateway, { license: gateway.key }, { query });
  await followed(gateway, 1);
  const began = Date.now();
  await gateway.stop();
  const reason = await heard.ended;
  if (door === "WebSocket") expect(reason).toMatchObject({ code: 1012 });
  expect(Date.now() - began).toBeLessThan(5_000);
});

test("a page of another origin may not open the socket unless it is listed, and then with a token only", async () => {
  const gateway = await boot({ env: { CORS_ORIGINS: "https://app.example.com" } });
  const { id } = await gateway.license();
  const { token } = await tokenOf(gateway, ["EVENTS_READ", "MEETINGS_READ"], id);
  const open = async (origin: string, payload: object) => {
    const socket = new RawSocket(gateway, { origin });
    await socket.say({ type: "connection_init", payload }).catch(() => {});
    return Promise.race([socket.frame("connection_ack").then(() => "welcome"), socket.closed.then(({ code }) => code)]);
  };
  expect(await open("https://evil.example.com", { accessToken: token })).toBe("403");
  expect(await open("https://app.example.com", { accessToken: token })).toBe("welcome");
  expect(await open("https://app.example.com", { license: gateway.key })).toBe(4403);
  expect(await open(gateway.url, { license: gateway.key })).toBe("welcome");
  expect(await open(gateway.url.replace("127.0.0.1", "localhost"), { license: gateway.key })).toBe("403");
});

test("at most a hundred operations run at once on one socket; what ends makes room", async () => {
  const gateway = await boot();
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license: gateway.key } });
  await socket.frame("connection_ack");
  for (let at = 0; at < 101; at += 1) await socket.say({ type: "subscribe", id: `s${at}`, payload: { query } });
  const refused = await socket.frame("error");
  const extensions = { code: "TOO_MANY_OPERATIONS", requestId: expect.any(String) };
  expect(refused).toMatchObject({ id: "s100", payload: [{ extensions }] });
  await socket.say({ type: "complete", id: "s0" });
  await socket.say({ type: "subscribe", id: "again", payload: { query } });
  await start(gateway, await newMeeting(gateway));
  await socket.frame("next", "again");
});

test("a hundred subscriptions come and go and leave no follower behind", async () => {
  const gateway = await boot();
  for (const { open } of every) {
    const heard = Array.from({ length: 50 }, () => open(gateway, { license: gateway.key }, { query }));
    await followed(gateway, 50);
    for (const one of heard) one.stop();
    await followed(gateway, 0);
  }
});

test("what the operator changes counts from the socket's next operation on", async () => {
  const gateway = await boot();
  const { id, key } = await gateway.license();
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license: key } });
  await socket.frame("connection_ack");
  const ask = async (name: string) => {
    const payload = { query: "mutation { createMeeting(input: {}) { __typename } }" };
    await socket.say({ type: "subscribe", id: name, payload });
    return Promise.race([socket.frame("next", name), socket.frame("error", name)]);
  };
  expect((await ask("a")).payload.data.createMeeting.__typename).toBe("CreateMeetingSuccess");
  const { services } = gateway.opened;
  await updateLicense(services, { door: "CLI" }, id as LicenseId, { maxMeetings: 1 });
  expect((await ask("b")).payload.data.createMeeting.__typename).toBe("LimitReachedError");
  await updateLicense(services, { door: "CLI" }, id as LicenseId, { expiresAt: new Date(0) });
  expect((await ask("c")).payload[0].extensions.code).toBe("LICENSE_EXPIRED");
});

test("the stream says its language, and asks a proxy in front not to hold events back", async () => {
  const gateway = await boot();
  const address = `${gateway.url}/graphql/stream?query=${encodeURIComponent("{ license { name } }")}`;
  const headers = { license: gateway.key, accept: "text/event-stream", "accept-language": "en" };
  const answer = await fetch(address, { headers });
  const said = ["content-type", "content-language", "vary", "x-accel-buffering"].map((name) =>
    answer.headers.get(name),
  );
  expect(said).toEqual(["text/event-stream; charset=utf-8", "en", expect.stringContaining("Accept-Language"), "no"]);
  expect(await answer.text()).toContain('data: {"data":{"license":{"name":"Test"}}}');
});
