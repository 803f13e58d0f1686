import { cpSync } from "node:fs";
import { isObjectType, type GraphQLSchema } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway, temporaryFolder } from "../../helpers/boot.js";
import { tenSettings } from "../../helpers/meetings.js";
import { newMeeting, newToken } from "../ask.js";
import { furnished, type Furnished, nobodysId } from "../furnished.js";
import { forbidden, readsAndFaults, type Sent, writes } from "./corpus.js";

/** Two servers on copies of the same data, of which one makes code of all that the other interprets. */
async function twins(schemaOf: () => GraphQLSchema = buildGraph) {
  const first = await boot();
  const known = await furnished(first, "Algebra");
  for (const title of ["Biology", "Chemistry", "الجبر"]) await newMeeting(first, { title });
  const token = await newToken(first, ["MEETINGS_READ", "MEETINGS_WRITE"]);
  await first.stop();
  const folder = temporaryFolder();
  cpSync(first.folder, folder, { recursive: true });
  const compiling = await boot({ folder: first.folder, schema: schemaOf(), compiledFrom: 1 });
  const interpreting = await boot({ folder, schema: schemaOf(), compiledFrom: Number.POSITIVE_INFINITY });
  const license = { license: first.key };
  return { both: [compiling, interpreting] as const, known, license, token: token.call.headers ?? {} };
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Without what two servers can't have alike: the ids of requests. */
const read = (text: string): string => text.replaceAll(/("requestId":"|Request id: )[0-9a-f-]+/g, "$1");

/** Nor the ids, the times and the links of what was just made. */
function written(text: string): string {
  const seen: string[] = [];
  const number = (id: string) => (seen.includes(id) ? seen.indexOf(id) : seen.push(id) - 1);
  return read(text)
    .replaceAll(/http:[^"]+/g, "link")
    .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, "time")
    .replaceAll(uuid, (id) => `id ${number(id)}`);
}

type Sending = (gateway: Gateway) => Promise<Response>;

const graphql =
  ({ query, variables, operationName }: Sent, headers: Record<string, string>): Sending =>
  ({ url }) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "accept-language": "en", "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables, operationName }),
    });

/** Sends it to both and compares. @returns what both said */
async function same(both: readonly Gateway[], name: string, send: Sending, known = read): Promise<string> {
  const answers = await Promise.all(
    both.map(async (gateway) => {
      const { status, headers, ...response } = await send(gateway).then(async (it) => ({
        status: it.status,
        headers: it.headers,
        text: known(await it.text()),
      }));
      const { date: _, "ratelimit-reset": __, ...others } = Object.fromEntries(headers);
      return { name, status, headers: others, ...response };
    }),
  );
  expect(answers[0]).toEqual(answers[1]);
  return answers[0]?.text ?? "";
}

test("what is compiled answers a free text to the byte as graphql-js does, its errors and its price included", async () => {
  const { both, known, license, token } = await twins();
  for (const sent of readsAndFaults(known)) {
    const [once, again] = [
      await same(both, sent.name, graphql(sent, license)),
      await same(both, sent.name, graphql(sent, license)),
    ];
    expect(again).toBe(once);
  }
  for (const sent of forbidden(known)) {
    expect(await same(both, sent.name, graphql(sent, token))).toContain("FORBIDDEN");
    await same(both, `${sent.name}, by nobody`, graphql(sent, {}));
  }
  for (const sent of writes(known)) await same(both, sent.name, graphql(sent, license), written);
});

/** Each of the twelve with its success, and with what it refuses, in an order in which each finds what it needs. */
function partnersCalls({ meetingId: meeting_id, sessionId: session_id }: Furnished): [string, Sending][] {
  const call = (method: string, path: string, body?: object): [string, Sending] => [
    `${method} ${path} ${JSON.stringify(body)}`,
    ({ url, key }) =>
      fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { license: key, "accept-language": "en", ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
      }),
  ];
  const settings = tenSettings(true);
  const [id, nobody] = [`meeting_id=${meeting_id}`, `meeting_id=${nobodysId}`];
  return [
    call("GET", "list_meetings/"),
    call("GET", `list_setting?${id}`),
    call("GET", `list_setting?${nobody}`),
    call("GET", "list_general_meeting_setting"),
    call("GET", `list_sessions?${id}`),
    call("GET", `list_sessions?${nobody}`),
    call("GET", `list_attendance?session_id=${session_id}`),
    call("GET", `list_attendance?session_id=${nobodysId}`),
    call("GET", `get_record?session_id=${session_id}`),
    call("GET", `get_record?session_id=${nobodysId}`),
    call("POST", "create_meeting", { title: "new", meeting_setting: settings }),
    call("POST", "create_meeting", { title: "x".repeat(256), meeting_setting: [] }),
    call("PUT", `update_meeting?${id}`, { title: "changed", welcome_text: "hello", meeting_setting: settings }),
    call("PUT", `update_meeting?${nobody}`, { title: "changed", meeting_setting: settings }),
    call("GET", `end_meeting?${id}`),
    call("GET", `end_meeting?${id}`),
    call("POST", "join_meeting", { meeting_id, fullname: "V", role: "viewer" }),
    call("POST", "start_meeting", { meeting_id, moderator_name: "M", moderator_password: "wrong" }),
    call("POST", "start_meeting", { meeting_id, moderator_name: "M", moderator_password: "modpwd" }),
    call("POST", "start_meeting", { meeting_id, moderator_name: "M", moderator_password: "modpwd", title: "other" }),
    call("POST", "join_meeting", { meeting_id, fullname: "V", role: "moderator", password: "modpwd" }),
    call("DELETE", `delete_scheduled_meeting?${id}`),
    call("GET", `end_meeting?${id}`),
    call("DELETE", `delete_scheduled_meeting?${id}`),
    call("DELETE", `delete_scheduled_meeting?${id}`),
  ];
}

test("what is compiled answers v1's twelve operations to the byte as graphql-js does", async () => {
  const { both, known, license } = await twins();
  for (const [name, send] of partnersCalls(known)) {
    await same(both, name, (gateway) => send({ ...gateway, key: license.license }), written);
  }
});

/** Our graph with fields that fail in every way that a field can. */
function failingGraph(): GraphQLSchema {
  const schema = buildGraph();
  const put = (typeName: string, name: string, resolve: (parent: never) => unknown) => {
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!field) throw new Error(`there is no ${typeName}.${name}`);
    field.resolve = resolve as never;
  };
  const fail = (thrown: unknown) => () => {
    throw thrown;
  };
  put("Meeting", "title", fail(new Error("inside")));
  put("Meeting", "welcomeText", fail("no error at all"));
  put("Meeting", "createdAt", () => null);
  put("Meeting", "updatedAt", () => new Date(Number.NaN));
  put("Meeting", "isRunning", () => Promise.reject(new Error("later")));
  put("License", "name", () => new Error("given back"));
  put("License", "status", () => "NO_SUCH_STATUS");
  put("MeetingConnection", "totalCount", () => "many");
  put("Query", "rateLimit", fail(Object.assign(new Error("busy"), { code: "SQLITE_BUSY" })));
  put("Query", "node", () => ({ neither: "this nor that" }));
  put("Query", "generalMeetingSettings", () => ({
    get entries() {
      throw new Error("a getter's");
    },
  }));
  put("Query", "recordings", async () => ({
    get nodes() {
      throw new Error("a later getter's");
    },
  }));
  return schema;
}

test("faults of ours are told alike, wherever in an answer they happen and whatever they take with them", async () => {
  const { both, license } = await twins(failingGraph);
  const selections = [
    "title",
    "welcomeText",
    "createdAt",
    "updatedAt",
    "isRunning",
    "id title welcomeText",
    "isRunning createdAt id",
  ];
  const queries = [
    ...selections.map((fields) => `{ meetings(first: 2) { nodes { id ${fields} } } license { id } }`),
    ...selections.map((fields) => `{ meetings(first: 1) { nodes { a: id ${fields} } totalCount } }`),
    "{ license { name } }",
    "{ license { id status } }",
    "{ license { name status id } rateLimit { limit } }",
    "{ meetings { totalCount } }",
    "{ rateLimit { limit } }",
    `{ node(id: "${nobodysId}") { id } license { id } }`,
    "{ generalMeetingSettings { record entries { name } } license { id } }",
    "{ license { id } recordings { totalCount nodes { id } } }",
  ];
  for (const query of queries)
    expect(await same(both, query, graphql({ name: "", query }, license))).toContain("errors");
});

test("what a write's answer can't tell is an error at that write, and what follows is done all the same", async () => {
  const { both, known, license } = await twins(() => {
    const schema = buildGraph();
    const field = schema.getMutationType()?.getFields()["updateMeeting"];
    const original = field?.resolve;
    if (!field || !original) throw new Error("there is no updateMeeting");
    field.resolve = async (...args) =>
      Object.defineProperty(await original(...args), "meeting", {
        get() {
          throw new Error("a getter's");
        },
      });
    return schema;
  });
  const update = (title: string) =>
    `updateMeeting(input: { meetingId: $id, title: "${title}" }) { ... on UpdateMeetingSuccess { meeting { title } } }`;
  const query = `mutation ($id: ID!) { a: ${update("one")} b: ${update("two")} }`;
  const response = await graphql({ name: "", query, variables: { id: known.meetingId } }, license)(both[0]);
  const { data, errors } = (await response.json()) as { data: object; errors: { path: string[] }[] };
  expect(data).toEqual({ a: null, b: null });
  expect(errors.map(({ path }) => path[0])).toEqual(["a", "b"]);
});
