import { createHmac, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { revokeLicense } from "../../../src/domain/license/revoke-license.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot, type Gateway, type V1Call, stoppedClock } from "../../helpers/boot.js";

import { ask, bearer, mutate, newMeeting, newToken, outcome, start } from "../ask.js";
import { openBeside } from "../../helpers/beside.js";

const ids = "{ meetings { nodes { id } } }";
const nobodysId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";

/** How this caller is refused before anything runs. */
async function denial(gateway: Gateway, call: V1Call) {
  const { status, data, errors, headers } = await outcome(gateway, ids, {}, call);
  const [error] = errors;
  return [status, error?.extensions.code, headers.get("www-authenticate"), data];
}
const fine = [200, undefined, null, { meetings: expect.anything() }];
const invalid = [401, "TOKEN_INVALID", 'Bearer realm="VConnct", error="invalid_token"', undefined];

test("a token works until the instant it was answered with, to the millisecond, and from then on is expired", async () => {
  // Late in a second, because a JWT counts whole ones.
  let now = Math.floor(Date.now() / 1000) * 1000 + 987;
  const gateway = await boot({ clock: stoppedClock(() => now) });
  const meetingId = await newMeeting(gateway);
  const { expiresAt, call } = await newToken(gateway, ["MEETINGS_READ"], { expiresInSeconds: 60 });
  expect(expiresAt.getTime() - now).toBeGreaterThan(59_000);
  expect(expiresAt.getTime() - now).toBeLessThanOrEqual(60_000);
  expect(await ask(gateway, ids, {}, call)).toEqual({ meetings: { nodes: [{ id: meetingId }] } });
  now = expiresAt.getTime() - 1;
  expect(await denial(gateway, call)).toEqual(fine);
  now = expiresAt.getTime();
  const expired = [401, "TOKEN_EXPIRED", 'Bearer realm="VConnct", error="invalid_token"', undefined];
  expect(await denial(gateway, call)).toEqual(expired);
  expect((await outcome(gateway, ids, {}, call)).messages).toEqual(["The access token has expired."]);
});

test("scopes come back once each and in order; the lifetime is an hour when left out, 60 to 86400 seconds otherwise", async () => {
  const gateway = await boot();
  const scopes = ["SESSIONS_JOIN", "MEETINGS_READ", "SESSIONS_JOIN"];
  const made = await mutate(gateway, "createAccessToken", { scopes });
  expect(made).toMatchObject({
    scopes: ["MEETINGS_READ", "SESSIONS_JOIN"],
    tokenId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  for (const [input, seconds] of [
    [{}, 3600],
    [{ expiresInSeconds: 60 }, 60],
    [{ expiresInSeconds: 86_400 }, 86_400],
  ] as const) {
    const { expiresAt } = await newToken(gateway, scopes, input);
    expect(Math.abs(expiresAt.getTime() - gateway.clock.now().getTime() - seconds * 1000)).toBeLessThan(2_000);
  }
  const range = "expiresInSeconds must be between 60 and 86400.";
  for (const expiresInSeconds of [59, 86_401, 0, -60, 2_147_483_647]) {
    const refused = await mutate(
      gateway,
      "createAccessToken",
      { scopes: [], expiresInSeconds, meetingId: nobodysId },
      { language: "en" },
    );
    expect(refused.__typename).toBe("InvalidInputError");
    expect(refused.issues).toEqual([
      { path: ["scopes"], code: "REQUIRED", message: "scopes is required." },
      { path: ["expiresInSeconds"], code: "OUT_OF_RANGE", message: range },
    ]);
  }
  const query = "mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { __typename } }";
  for (const input of [
    { scopes: ["EVERYTHING"] },
    { scopes: null },
    {},
    { scopes, expiresInSeconds: null },
    { scopes, expiresInSeconds: 60.5 },
    { scopes, meetingId: [""] },
  ]) {
    expect([input, (await outcome(gateway, query, { input })).status]).toEqual([input, 400]);
  }
});

test("a token is made only for a meeting that is there and the license's", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const gone = await newMeeting(gateway);
  await mutate(gateway, "deleteMeeting", { meetingId: gone });
  const theirs = await newMeeting(gateway, {}, { key: other.key });
  for (const meetingId of [nobodysId, gone, theirs]) {
    const refused = await mutate(gateway, "createAccessToken", { scopes: ["MEETINGS_READ"], meetingId });
    expect(refused).toMatchObject({ __typename: "NotFoundError", code: "NOT_FOUND", resource: "MEETING" });
  }
  const mine = await newMeeting(gateway);
  const { call } = await newToken(gateway, ["MEETINGS_READ"], { meetingId: mine.toUpperCase() });
  expect(await ask(gateway, ids, {}, call)).toEqual({ meetings: { nodes: [{ id: mine }] } });
});

test("a revoked token is refused from the next request on; only its own license can revoke it", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const { tokenId, call } = await newToken(gateway, ["MEETINGS_READ"]);
  const theirs = await newToken(gateway, ["MEETINGS_READ"], {}, { key: other.key });
  for (const [id, key] of [
    [tokenId, other.key],
    [theirs.tokenId, gateway.key],
    [nobodysId, gateway.key],
  ] as const) {
    const refused = await mutate(gateway, "revokeAccessToken", { tokenId: id }, { key, language: "en" });
    expect(refused).toMatchObject({
      __typename: "NotFoundError",
      resource: "ACCESS_TOKEN",
      message: "There is no such access token.",
    });
  }
  expect(await denial(gateway, call)).toEqual(fine);
  const again = await newToken(gateway, ["MEETINGS_READ"]);
  // The second time changes nothing, and is told the same.
  for (const _ of [1, 2])
    expect(await mutate(gateway, "revokeAccessToken", { tokenId: tokenId.toUpperCase() })).toMatchObject({ tokenId });
  const beside = openBeside(gateway);
  const told = beside.prepare("SELECT facts FROM events WHERE type = 'access_token.revoked'").pluck().all();
  beside.close();
  expect(told.map((facts) => JSON.parse(String(facts)))).toEqual([{ tokenId }]);
  const revoked = [401, "TOKEN_REVOKED", 'Bearer realm="VConnct", error="invalid_token"', undefined];
  expect(await denial(gateway, call)).toEqual(revoked);
  expect(await denial(gateway, again.call)).toEqual(fine);
  expect(await denial(gateway, theirs.call)).toEqual(fine);
});

test("a token ends with its license, for the license's own reason", async () => {
  const gateway = await boot();
  const soon = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + 60_000) });
  const cancelled = await gateway.license();
  const [first, second] = await Promise.all(
    [soon, cancelled].map(({ key }) => newToken(gateway, ["MEETINGS_READ"], {}, { key })),
  );
  expect(await denial(gateway, first!.call)).toEqual(fine);
  gateway.clock.forward(60_000);
  expect(await denial(gateway, first!.call)).toEqual([401, "LICENSE_EXPIRED", 'Bearer realm="VConnct"', undefined]);
  expect(await denial(gateway, second!.call)).toEqual(fine);
  const { services } = gateway.opened;
  await revokeLicense(services, { door: "CLI" }, cancelled.id as LicenseId, { endSessions: false });
  expect(await denial(gateway, second!.call)).toEqual([401, "LICENSE_REVOKED", 'Bearer realm="VConnct"', undefined]);
});

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
const part = (token: string, at: number) => JSON.parse(Buffer.from(token.split(".")[at] ?? "", "base64url").toString());
const hmac = (key: Buffer, text: string, hash = "sha256") => createHmac(hash, key).update(text).digest("base64url");

test("whatever a forger makes of a token is TOKEN_INVALID, and says no more", async () => {
  const gateway = await boot();
  const other = await gateway.license();
  const { token } = await newToken(gateway, ["MEETINGS_READ"]);
  const theirs = await newToken(gateway, ["MEETINGS_READ", "MEETINGS_WRITE"], {}, { key: other.key });
  const { joinUrl } = await start(gateway, await newMeeting(gateway));
  const [head, body] = [part(token, 0), part(token, 1)];
  expect(head).toEqual({ alg: "HS256", typ: "vconnct-access+jwt", kid: expect.any(String) });
  const { secret } = gateway.opened;
  const key = secret.keyFor("access-token");
  const signed = (header: object, claims: object, by = key, hash = "sha256") => {
    const text = `${encode(header)}.${encode(claims)}`;
    return `${text}.${hmac(by, text, hash)}`;
  };
  const sign = (claims: object) => new SignJWT({ ...claims }).setProtectedHeader(head).sign(key);
  const [h, p, s] = token.split(".");
  const forged: Record<string, string> = {
    "alg none": `${encode({ ...head, alg: "none" })}.${p}.`,
    "alg none with a signature": `${encode({ ...head, alg: "none" })}.${p}.${s}`,
    "no signature": `${h}.${p}.`,
    "another key under our kid": signed(head, body, Buffer.alloc(32, 7)),
    "the empty key": signed(head, body, Buffer.alloc(0)),
    "the links' key": signed(head, body, secret.keyFor("join-link")),
    "another kid": signed({ ...head, kid: "x" }, body),
    "no kid": signed({ ...head, kid: undefined }, body),
    "a kid of another kind": signed({ ...head, kid: ["__proto__"] }, body),
    "a longer hash": signed({ ...head, alg: "HS512" }, body, key, "sha512"),
    "another type": signed({ ...head, typ: "JWT" }, body),
    "no type": signed({ ...head, typ: undefined }, body),
    "unknown critical header": signed({ ...head, crit: ["x"], x: 1 }, body),
    "another's id under our signature": `${h}.${encode({ ...body, jti: theirs.tokenId })}.${s}`,
    "a later end": `${h}.${encode({ ...body, exp: body.exp + 3600 })}.${s}`,
    "no end": await sign({ ...body, exp: undefined }),
    "no id": await sign({ ...body, jti: undefined }),
    "an id of nothing": await sign({ ...body, jti: randomUUID() }),
    "not yet": await sign({ ...body, nbf: body.exp }),
    "a join link": joinUrl,
    "a join link's checksum": new URL(joinUrl).searchParams.get("checksum") ?? "",
    "the license's key": gateway.key,
    "its id": body.jti,
    noise: "a.b.c",
    dots: "..",
  };
  expect(await denial(gateway, bearer(await sign(body)))).toEqual(fine);
  for (const [name, fake] of Object.entries(forged)) {
    expect([name, await denial(gateway, bearer(fake))]).toEqual([name, invalid]);
  }
});

test("how it must be shown: Bearer in any case; another scheme is somebody else's; key and token together → 400", async () => {
  const gateway = await boot();
  const { token } = await newToken(gateway, ["MEETINGS_READ"]);
  const show = (authorization: string, key: string | null = null) =>
    denial(gateway, { key, headers: { authorization } });
  const nobody = [401, "UNAUTHENTICATED", 'Bearer realm="VConnct"', undefined];
  for (const good of [`Bearer ${token}`, `bearer   ${token}`, `BEARER ${token} `])
    expect(await show(good)).toEqual(fine);
  expect(await denial(gateway, { key: null })).toEqual(nobody);
  const basic = `Basic ${Buffer.from("proxy:secret").toString("base64")}`;
  for (const none of [basic, `Digest ${token}`, token, "Bearer", "Bearer "])
    expect([none, await show(none)]).toEqual([none, nobody]);
  expect(await show(basic, gateway.key)).toEqual(fine);

  for (const [key, shown] of [
    [gateway.key, token],
    ["vc_unknown", token],
    [gateway.key, "x"],
  ] as const) {
    const both = { key, headers: { authorization: `Bearer ${shown}` } };
    const english = await outcome(gateway, ids, {}, both);
    const sentence = "Send either the license key or an access token, not both.";
    expect(english).toMatchObject({ status: 400, codes: ["BAD_REQUEST"], messages: [sentence], data: undefined });
    expect((await outcome(gateway, ids, {}, { ...both, language: "ar" })).messages[0]).toContain("وليس كليهما");
  }
  const get = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(ids)}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(get.status).toBe(200);
});

test("v1 knows no tokens: there the license's key is what counts", async () => {
  const gateway = await boot();
  const { call } = await newToken(gateway, ["MEETINGS_READ"]);
  expect((await gateway.v1("list_meetings/", call)).status).toBe(401);
  expect((await gateway.v1("list_meetings/", { ...call, key: gateway.key })).status).toBe(200);
});
