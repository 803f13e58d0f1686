import { isObjectType, type GraphQLSchema } from "graphql";
import { expect, test, vi } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { tenSettings } from "../../helpers/meetings.js";
import { type Furnished, nobodysId } from "../furnished.js";
import { forbidden, readsAndFaults, writes } from "./corpus.js";
import { graphql, same, type Sending, twins, written } from "./twins.js";

/** One server makes code of all that the other interprets. */
const ways = [{ compiledFrom: 1 }, { compiledFrom: Number.POSITIVE_INFINITY }] as const;

test("what is compiled answers a free text to the byte as graphql-js does, its errors and its price included", async () => {
  const { both, known, license, token } = await twins(ways);
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

test("what is compiled is interpreted no more", async () => {
  const schema = buildGraph();
  const { both, known, license } = await twins(ways, () => schema);
  // Asked for by validation, by graphql-js as it begins, and by who makes code.
  const began = vi.spyOn(schema, "getRootType");
  const interpreted: string[] = [];
  for (const sent of readsAndFaults(known)) {
    const send = () => graphql(sent, license)(both[0]);
    await (await send()).text();
    began.mockClear();
    await (await send()).text();
    if (began.mock.calls.length > 0) interpreted.push(sent.name);
  }
  expect(interpreted).toEqual([
    // Their names are none for code.
    "a variable's prototype",
    "a prototype",
    // They ask for the schema.
    "introspection",
    "the whole schema",
    "a type that only code knows",
    "schema and data",
    // What is wrong is told by graphql-js, whoever finds it.
    "an id that is none",
    "several such",
    "a page too large",
    "a cursor that is none",
    "pages too large below",
  ]);
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
  const { both, known, license } = await twins(ways);
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
  const { both, license } = await twins(ways, failingGraph);
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
  const { both, known, license } = await twins(ways, () => {
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
