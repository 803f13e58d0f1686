import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, startMeeting } from "../../helpers/meetings.js";
import { newToken } from "../ask.js";

const [lms, local] = ["https://lms.example.com", "http://localhost:3000"];
const listed = { CORS_ORIGINS: `${lms}, ${local}` };
const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
const query = "{ meetings(first: 1) { nodes { id } } }";

/** Every header of an answer that speaks to browsers about other origins. */
const corsOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

const preflight = (gateway: Gateway, origin: string, path = "/graphql", asked = "authorization,content-type") =>
  fetch(`${gateway.url}${path}`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": asked },
  });

const post = (gateway: Gateway, headers: Record<string, string>) =>
  fetch(`${gateway.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query }),
  });

test("a preflight from a listed origin allows tokens and never the license header, in production too", async () => {
  for (const env of [listed, { ...listed, ...production }]) {
    const gateway = await boot({ env });
    for (const origin of [lms, local]) {
      for (const asked of ["authorization,content-type", "license,content-type"]) {
        const answer = await preflight(gateway, origin, "/graphql", asked);
        expect([answer.status, await answer.text()]).toEqual([204, ""]);
        const headers = corsOf(answer);
        expect(headers).toMatchObject({
          "access-control-allow-origin": origin,
          "access-control-allow-methods": "GET, POST",
          "access-control-max-age": "7200",
        });
        const allowed = headers["access-control-allow-headers"]?.split(", ") ?? [];
        expect(allowed).toEqual(expect.arrayContaining(["authorization", "content-type", "accept-language"]));
        // A wildcard would not cover `authorization`, but would cover the key.
        expect(allowed).not.toContain("license");
        expect(allowed).not.toContain("*");
        expect(headers).not.toHaveProperty("access-control-allow-credentials");
        expect(answer.headers.get("vary")).toContain("Origin");
      }
    }
    await gateway.stop();
  }
});

test("an origin that is not listed, letter by letter, is allowed nothing", async () => {
  const gateway = await boot({ env: listed });
  const { token } = await newToken(gateway, ["MEETINGS_READ"]);
  const others = [
    "https://evil.example",
    "http://lms.example.com",
    "https://lms.example.com:8443",
    "https://x.lms.example.com",
    "https://lms.example.com.evil.example",
    "https://LMS.example.com",
    "http://localhost",
    "null",
    "*",
  ];
  for (const origin of others) {
    const answers = [
      await preflight(gateway, origin),
      await post(gateway, { origin, authorization: `Bearer ${token}` }),
      await post(gateway, { origin, license: gateway.key }),
    ];
    for (const answer of answers) {
      expect([origin, answer.headers.has("access-control-allow-origin")]).toEqual([origin, false]);
      expect(answer.headers.get("vary")).toContain("Origin");
    }
  }
});

test("the answer itself is readable for a listed origin whatever came of it, with the budget's headers", async () => {
  const gateway = await boot({ env: { ...listed, ...production, POINTS_PER_MINUTE: "100" } });
  // Until not even a beginning is left.
  while (Number((await post(gateway, { license: gateway.key })).headers.get("ratelimit-remaining")) >= 20);
  const cases: [number, Record<string, string>][] = [
    [401, {}],
    [401, { authorization: "Bearer x" }],
    [400, { authorization: "Bearer x", license: gateway.key }],
    [429, { license: gateway.key }],
    [415, { license: gateway.key, "content-type": "application/pdf" }],
  ];
  for (const [status, headers] of cases) {
    const answer = await post(gateway, { origin: lms, ...headers });
    const isInvalid = answer.headers.get("www-authenticate")?.includes("invalid_token") ?? false;
    expect([headers, isInvalid]).toEqual([headers, status === 401 && "authorization" in headers]);
    expect([answer.status, corsOf(answer)["access-control-allow-origin"]]).toEqual([status, lms]);
  }
  const refused = await post(gateway, { origin: lms, license: gateway.key });
  const exposed = corsOf(refused)["access-control-expose-headers"]?.split(", ") ?? [];
  for (const name of ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"]) {
    expect([name, refused.headers.has(name), exposed.includes(name)]).toEqual([name, true, true]);
  }
});

test("a listed origin with a token gets its data, by POST and by GET", async () => {
  const gateway = await boot({ env: listed });
  const { token } = await newToken(gateway, ["MEETINGS_READ"]);
  const headers = { origin: local, authorization: `Bearer ${token}` };
  const allowed = await preflight(gateway, local, "/graphql/stream");
  expect([allowed.status, corsOf(allowed)["access-control-allow-origin"]]).toEqual([204, local]);
  const get = fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers });
  for (const answer of [await post(gateway, headers), await get]) {
    expect(await answer.json()).toEqual({ data: { meetings: { nodes: [] } } });
    expect(corsOf(answer)["access-control-allow-origin"]).toBe(local);
  }
});

test("with no origin configured no answer has any CORS header", async () => {
  const gateway = await boot();
  for (const answer of [await preflight(gateway, lms), await post(gateway, { origin: lms, license: gateway.key })]) {
    expect(corsOf(answer)).toEqual({});
    expect(answer.headers.get("vary") ?? "").not.toContain("Origin");
  }
  expect((await preflight(gateway, lms)).status).toBe(405);
});

test("the other doors have none: what each answers to OPTIONS is what it answered before", async () => {
  const [plain, open] = [await boot(), await boot({ env: listed })];
  const link = await startMeeting(open, await createMeeting(open));
  const paths = ["/", "/health/live", "/console/", "/examples", "/schema.graphql", "/api/join", "/nowhere"];
  for (const path of ["/api/v1/list_meetings/", "/api/v1/create_meeting", "/api/v1/nowhere", "/api/v1/", ...paths]) {
    const [before, after] = [await preflight(plain, lms, path), await preflight(open, lms, path)];
    expect([path, after.status, after.headers.get("allow")]).toEqual([
      path,
      before.status,
      before.headers.get("allow"),
    ]);
    expect([path, corsOf(after)]).toEqual([path, {}]);
    const got = await fetch(`${open.url}${path}`, { headers: { origin: lms, license: open.key } });
    expect([path, corsOf(got)]).toEqual([path, {}]);
  }
  const v1 = await preflight(open, lms, "/api/v1/list_meetings/");
  expect([v1.status, v1.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(corsOf(await fetch(link, { headers: { origin: lms } }))).toEqual({});
});

test("a page of a listed origin can't read Sandbox's page, which may carry the demo key", async () => {
  const origin = "https://app.example.com";
  const gateway = await boot({ env: { CORS_ORIGINS: origin } });
  const answer = await fetch(`${gateway.url}/graphql`, { headers: { origin, accept: "text/html" } });
  expect(await answer.text()).toContain(gateway.demoKey);
  expect(answer.headers.get("access-control-allow-origin")).toBeNull();
});
