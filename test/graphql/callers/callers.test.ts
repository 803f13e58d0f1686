import { getIntrospectionQuery } from "graphql";
import { expect, test } from "vitest";
import { revokeLicense } from "../../../src/domain/license/revoke-license.js";
import type { LicenseId } from "../../../src/storage/index.js";
import { boot, type Gateway, temporaryFolder } from "../../helpers/boot.js";
import { ask } from "../ask.js";

const production = { NODE_ENV: "production", PUBLIC_URL: "https://meet.example.com", SECRET_KEY: "s".repeat(32) };
const everything = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  oneOf: true,
});

async function denial(gateway: Gateway, query: string, key: string | null, language = "en") {
  const answer = await gateway.graphql("", {}, { method: "POST", body: { query }, key, language });
  const { message, extensions } = answer.body.errors?.[0] ?? {};
  return {
    status: answer.status,
    code: extensions?.code,
    message,
    data: answer.body.data,
    text: JSON.stringify(answer.body),
  };
}

const page = (gateway: Gateway, path = "/graphql", headers: Record<string, string> = { accept: "text/html" }) =>
  fetch(`${gateway.url}${path}`, { headers });

test("license-1: an operation without a valid license gets 401 and the reason as a code, in the caller's language", async () => {
  const gateway = await boot();
  const { id, key: revoked } = await gateway.license();
  await revokeLicense(gateway.opened.services, { door: "CLI" }, id as LicenseId, { endSessions: false });
  const { key: expired } = await gateway.license({ expiresAt: new Date(Date.now() - 1) });
  const cases: [string | null, string, string][] = [
    [null, "UNAUTHENTICATED", "missing or not known"],
    ["", "UNAUTHENTICATED", "missing or not known"],
    ["vc_unknown", "UNAUTHENTICATED", "missing or not known"],
    [expired, "LICENSE_EXPIRED", "has expired"],
    [revoked, "LICENSE_REVOKED", "has been revoked"],
  ];
  for (const [key, code, words] of cases) {
    for (const query of ["{ license { name } }", "mutation { createMeeting(input: {}) { __typename } }"]) {
      const denied = await denial(gateway, query, key);
      expect(denied).toMatchObject({ status: 401, code, message: expect.stringContaining(words), data: undefined });
    }
  }
  expect((await denial(gateway, "{ license { name } }", null, "ar")).message).toContain("مفتاح الترخيص");
});

test("limit-1: a license that ends while the server runs is refused from that instant on", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ expiresAt: new Date(gateway.clock.now().getTime() + 60_000) });
  expect(await ask(gateway, "{ license { status } }", {}, { key })).toEqual({ license: { status: "ACTIVE" } });
  gateway.clock.forward(60_000);
  expect(await denial(gateway, "{ license { status } }", key)).toMatchObject({ status: 401, code: "LICENSE_EXPIRED" });
});

test("outside production the schema may be asked without a license, and nothing else may ride along", async () => {
  const gateway = await boot();
  const open = await denial(gateway, everything, null);
  expect(open).toMatchObject({ status: 200, code: undefined });
  expect(open.data.__schema.types.length).toBeGreaterThan(50);
  const stowaways = [
    "{ __typename license { name } }",
    "{ ...A } fragment A on Query { __typename meetings { nodes { id } } }",
    "query { ... on Query { __schema { description } license { name } } }",
    "mutation { __typename }",
    "{ __typename: license { name } }",
  ];
  for (const query of stowaways) expect([query, (await denial(gateway, query, null)).status]).toEqual([query, 401]);
});

test("in production schema and suggestions need a valid license, by every method and header", async () => {
  for (const SANDBOX of ["off", "on"]) {
    const gateway = await boot({ env: { ...production, SANDBOX } });
    for (const query of [everything, "{ __typename }", "{ licens { name } }", "{ license { name }"]) {
      const denied = await denial(gateway, query, null);
      expect(denied).toMatchObject({ status: 401, code: "UNAUTHENTICATED", data: undefined });
      expect(denied.text).not.toMatch(/Did you mean|__schema/);
      expect(JSON.parse(denied.text).errors[0].extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }
    const asked = `/graphql?query=${encodeURIComponent("{ licens }")}`;
    for (const accept of [
      "text/html",
      "application/json, text/html;q=0.1",
      "application/json; charset=utf-8, text/html",
    ]) {
      const answer = await page(gateway, asked, { accept, "apollo-require-preflight": "1" });
      expect([accept, await answer.text()]).toEqual([accept, expect.not.stringMatching(/Did you mean|Cannot query/)]);
    }
    expect((await page(gateway, "/schema.graphql")).status).toBe(404);
    expect((await denial(gateway, everything, gateway.key)).data.__schema.types.length).toBeGreaterThan(50);
    expect((await denial(gateway, "{ licens }", gateway.key)).message).toContain('Did you mean "license"');
    await gateway.stop();
  }
});

test("a demo key works outside production only, on the same database with the same secret", async () => {
  const folder = temporaryFolder();
  const secret = { SECRET_KEY: production.SECRET_KEY };
  const outside = await boot({ folder, env: secret });
  const { demoKey = "" } = outside;
  expect(await ask(outside, "{ license { name } }", {}, { key: demoKey })).toEqual({ license: { name: "Demo" } });
  await outside.stop();
  const inside = await boot({ folder, env: production });
  expect(inside.demoKey).toBeUndefined();
  const denied = await denial(inside, "{ license { name } }", demoKey);
  expect(denied).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  expect((await inside.v1("list_meetings/", { key: demoKey })).status).toBe(401);
});

test("a browser that opens /graphql outside production gets Sandbox, the demo key and a first operation filled in", async () => {
  const gateway = await boot();
  const answer = await page(gateway);
  const html = await answer.text();
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(html).toContain(`<div id="sandbox">`);
  expect(html).toContain(gateway.demoKey);
  expect(html).toContain("FirstLook");
  const console = await page(gateway, "/console/");
  const ours = await console.text();
  expect(ours).toContain(gateway.demoKey);
  expect(ours).toContain("FirstLook");
  const policy = console.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(/script-src[^;]*/.exec(policy)?.[0]).not.toMatch(/unsafe|https?:|\*/);
});

test("production serves neither Sandbox nor console unless SANDBOX=on, and then without any key", async () => {
  const closed = await boot({ env: production });
  expect((await page(closed)).status).toBe(401);
  expect((await page(closed, "/console/")).status).toBe(404);
  const open = await boot({ env: { ...production, SANDBOX: "on" } });
  for (const path of ["/graphql", "/console/"]) {
    const answer = await page(open, path);
    const html = await answer.text();
    expect([path, answer.status]).toEqual([path, 200]);
    expect(html).toContain("FirstLook");
    expect(html).not.toMatch(/vc_[\w-]{20}/);
  }
  const off = await boot({ env: { SANDBOX: "off" } });
  expect(await (await page(off)).text()).not.toContain("Sandbox");
  expect((await page(off, "/console/")).status).toBe(404);
});
