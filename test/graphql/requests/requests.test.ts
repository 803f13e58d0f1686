import { expect, test } from "vitest";
import { boot, type Gateway } from "../../helpers/boot.js";
import { ask } from "../ask.js";

const secret = "hunter2";
type Fault = { message: string; extensions: { code: string; requestId?: string } };

async function faults(
  gateway: Gateway,
  query: string,
  variables: unknown,
): Promise<{ status: number; found: string[] }> {
  const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query, variables } });
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(body.data).toBeUndefined();
  for (const { extensions } of body.errors as Fault[]) expect(extensions.code).toMatch(/^BAD_(USER_INPUT|REQUEST)$/);
  return { status, found: body.errors.map(({ message }: Fault) => message) };
}

test("rejected variables are never echoed; all their faults come at once, each naming its path", async () => {
  const gateway = await boot();
  const query = `mutation ($start: StartMeetingInput!, $role: Role!, $id: ID!, $settings: MeetingSettingsPatch!, $missing: String!) {
    startMeeting(input: $start) { __typename }
    joinMeeting(input: { meetingId: $id, role: $role, fullName: $missing }) { __typename }
    updateGeneralMeetingSettings(input: { settings: $settings }) { __typename }
  }`;
  const { status, found } = await faults(gateway, query, {
    start: {
      meetingId: { a: secret },
      moderatorName: [secret],
      title: { a: secret },
      attendeePassword: 5,
      logoutUrl: [secret],
      moderatorPasword: secret,
    },
    role: secret,
    id: [`${secret}-1`],
    settings: { record: secret, lockSettingsDisableMic: [secret] },
  });
  expect(status).toBe(400);
  const paths = found.map((message) => /^Variable "\$([\w.]+)"/.exec(message)?.[1]);
  expect(paths.toSorted()).toEqual([
    "id",
    "missing",
    "role",
    "settings.lockSettingsDisableMic",
    "settings.record",
    "start",
    "start.attendeePassword",
    "start.logoutUrl",
    "start.meetingId",
    "start.moderatorName",
    "start.title",
  ]);
  expect(found.find((message) => message.startsWith('Variable "$start":'))).toContain(
    '"moderatorPasword" is not defined',
  );
  expect(found).toContain('Variable "$role": a value of type "Role!" is expected.');
});

test("variables of a wrong shape are never echoed either", async () => {
  const gateway = await boot();
  const whole = "mutation ($input: CreateMeetingInput!) { createMeeting(input: $input) { __typename } }";
  for (const input of [
    secret,
    5,
    true,
    [secret],
    [[secret]],
    null,
    { settings: secret },
    { settings: { record: secret } },
  ]) {
    expect((await faults(gateway, whole, { input })).status).toBe(400);
  }
  const list = "query ($first: Int, $after: String) { meetings(first: $first, after: $after) { nodes { id } } }";
  for (const first of [secret, 1.5, 1e10, [1, secret], { secret }]) {
    expect((await faults(gateway, list, { first, after: [secret] })).found).toHaveLength(2);
  }
  for (const variables of [secret, [secret], 5]) expect((await faults(gateway, list, variables)).status).toBe(400);
  const { body } = await gateway.graphql("{ license { meetingRooms { used } } }");
  expect(body.data.license.meetingRooms.used).toBe(0);
});

test("an unknown or missing operationName is a 400, not a fault of ours", async () => {
  const gateway = await boot();
  const query = "query A { license { name } } query B { license { keyHint } }";
  for (const operationName of ["C", "", undefined]) {
    const { status, body } = await gateway.graphql("", {}, { method: "POST", body: { query, operationName } });
    expect([operationName, status, body.errors[0].extensions.code]).toEqual([
      operationName,
      400,
      "OPERATION_RESOLUTION_FAILURE",
    ]);
  }
  const { body } = await gateway.graphql("", {}, { method: "POST", body: { query, operationName: "A" } });
  expect(body).toEqual({ data: { license: { name: "Test" } } });
});

/** A request with what only a program can set: the key. */
const send = (gateway: Gateway, method: string, query: string, headers: Record<string, string>) =>
  sendBare(gateway, method, query, { license: gateway.key, ...headers });

/** A request as a foreign page's form or image could make it. */
async function sendBare({ url }: Gateway, method: string, query: string, headers: Record<string, string>) {
  const isGet = method === "GET";
  const address = isGet ? `${url}/graphql?query=${encodeURIComponent(query)}` : `${url}/graphql`;
  const body = isGet ? undefined : JSON.stringify({ query });
  const response = await fetch(address, { method, headers, ...(body && { body }) });
  return { status: response.status, allow: response.headers.get("allow"), text: await response.text() };
}

const create = "mutation { createMeeting(input: {}) { __typename } }";
const used = async (gateway: Gateway) =>
  (await ask(gateway, "{ license { meetingRooms { used } } }")).license.meetingRooms.used;

test("what a browser sends across origins without asking first is refused (CSRF)", async () => {
  const gateway = await boot();
  for (const type of [
    "text/plain",
    "text/plain;charset=UTF-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
  ]) {
    for (const path of ["/graphql", "/graphql/stream"]) {
      const headers = { "content-type": type, license: gateway.key };
      const body = JSON.stringify({ query: create });
      const refused = await fetch(`${gateway.url}${path}`, { method: "POST", headers, body });
      expect([type, path, refused.status]).toEqual([type, path, 415]);
      const extensions = { code: "BAD_REQUEST", requestId: expect.any(String) };
      expect(await refused.json()).toEqual({ errors: [{ message: expect.any(String), extensions }] });
    }
  }
  const simple = await sendBare(gateway, "GET", "{ __typename }", {});
  expect([simple.status, simple.text]).toEqual([400, expect.stringContaining("Cross-Site Request Forgery")]);
  expect(JSON.parse(simple.text).errors[0].extensions).toEqual({ code: "BAD_REQUEST", requestId: expect.any(String) });
  for (const header of [
    { "apollo-require-preflight": "1" },
    { authorization: "Bearer x" },
    { license: "x" },
  ] as object[]) {
    const asked = await sendBare(gateway, "GET", "{ __schema { queryType { name } } }", { ...header });
    expect([header, asked.status]).toEqual([header, 200]);
  }
  // What clients that query by GET send of themselves: the key.
  const plain = await send(gateway, "GET", "{ license { name } }", {});
  expect([plain.status, plain.text]).toEqual([200, expect.stringContaining('"Test"')]);
  expect(await used(gateway)).toBe(0);
});

test("a mutation by GET is a 405 and does nothing", async () => {
  const gateway = await boot();
  const refused = await send(gateway, "GET", create, { "apollo-require-preflight": "1" });
  expect([refused.status, refused.allow]).toEqual([405, "POST"]);
  expect(await used(gateway)).toBe(0);
});

test("any other method is a 405 that says which are taken, in GraphQL's shape, whatever its body", async () => {
  const gateway = await boot();
  for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"]) {
    for (const path of ["graphql", "graphql/"]) {
      const headers = { license: gateway.key, "content-type": "text/x-nothing", "accept-language": "en" };
      const response = await fetch(`${gateway.url}/${path}`, { method, headers, body: create });
      const body = await response.json();
      expect([method, path, response.status, response.headers.get("allow")]).toEqual([method, path, 405, "GET, POST"]);
      expect(body).toEqual({
        errors: [
          {
            message: expect.stringContaining(method),
            extensions: { code: "BAD_REQUEST", requestId: expect.any(String) },
          },
        ],
      });
    }
  }
  const head = await fetch(`${gateway.url}/graphql`, { method: "HEAD", headers: { license: gateway.key } });
  expect([head.status, head.headers.get("allow")]).toEqual([405, "GET, POST"]);
  expect(await used(gateway)).toBe(0);
});

test("the address answers with a slash at its end as it does without", async () => {
  const gateway = await boot();
  const slashed = (init: RequestInit) => fetch(`${gateway.url}/graphql/`, init);
  const headers = { license: gateway.key, "content-type": "application/json" };
  const answer = await slashed({ method: "POST", headers, body: JSON.stringify({ query: "{ license { name } }" }) });
  expect([answer.status, await answer.json()]).toEqual([200, { data: { license: { name: "Test" } } }]);
  const page = await slashed({ headers: { accept: "text/html" } });
  expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(await page.text()).toContain(`<div id="sandbox">`);
});

test("several operations in one array (a batch) are refused whole", async () => {
  const gateway = await boot();
  for (const body of [[{ query: create }, { query: create }], [{ query: create }], []]) {
    const answer = await gateway.graphql("", {}, { method: "POST", body });
    expect([answer.status, answer.body.errors[0].message]).toEqual([400, "Operation batching disabled."]);
    expect(answer.body.errors[0].extensions).toEqual({ code: "BAD_REQUEST", requestId: expect.any(String) });
  }
  expect(await used(gateway)).toBe(0);
});

test("a hash that is not the text's is the caller's fault, not ours", async () => {
  const gateway = await boot();
  for (const persistedQuery of [
    { version: 1, sha256Hash: "0".repeat(64) },
    { version: 2, sha256Hash: "0".repeat(64) },
  ]) {
    const body = { query: "{ license { name } }", extensions: { persistedQuery } };
    const answer = await gateway.graphql("", {}, { method: "POST", body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ extensions: { code: "BAD_REQUEST", requestId: expect.any(String) } }]);
  }
});

test("a body that can't be read is answered in GraphQL's shape, without a word of it", async () => {
  const gateway = await boot();
  const bodies = [
    `{"query": "${secret}`,
    `{"query": ${secret}}`,
    "",
    "null",
    "3",
    `"${secret}"`,
    "{}",
    `{"query": {"a": "${secret}"}}`,
  ];
  for (const body of [...bodies, "\u{feff}"]) {
    const answer = await gateway.graphql("", {}, { method: "POST", body });
    expect([body, answer.status]).toEqual([body, 400]);
    expect(answer.body.errors[0]).toMatchObject({ message: expect.any(String), extensions: { code: "BAD_REQUEST" } });
    expect(JSON.stringify(answer.body)).not.toContain(secret);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  }
  const large = { query: "{ license { name } }", variables: { pad: "x".repeat(256 * 1024) } };
  const refused = await gateway.graphql("", {}, { method: "POST", body: large, language: "en" });
  expect([refused.status, refused.body.errors[0].message]).toEqual([413, "The request body is larger than 256 KiB."]);
});

test("language-3: our own codes speak the caller's language, GraphQL's validation English", async () => {
  const gateway = await boot();
  const broken = { method: "POST", body: "{" };
  const arabic = await gateway.graphql("", {}, broken);
  expect([arabic.headers.get("content-language"), arabic.headers.get("vary")]).toEqual(["ar", "Accept-Language"]);
  expect(arabic.body.errors[0].message).toMatch(/[\u0600-\u06ff]/);
  const english = await gateway.graphql("", {}, { ...broken, language: "en-US" });
  expect(english.body.errors[0].message).toBe("The request body is not valid JSON.");
  expect((await gateway.graphql("{ licens }")).body.errors[0].message).toContain('Cannot query field "licens"');
});
