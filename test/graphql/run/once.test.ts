import { createHash } from "node:crypto";
import { type GraphQLObjectType, parse, validate } from "graphql";
import { expect, test, vi } from "vitest";
import { costOf } from "../../../src/graphql/run/cost.js";
// First, because it brings what the types need.
import { buildGraph } from "../../../src/graphql/schema.js";
import { License } from "../../../src/graphql/license/license.js";
import { Page } from "../../../src/graphql/paging/page.js";
import { MeetingSettings } from "../../../src/graphql/settings.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { StorageUnavailable } from "../../../src/storage/index.js";
import { newMeeting } from "../ask.js";
import { furnished } from "../furnished.js";
import { doors } from "../live/clients.js";

test("a text is parsed, validated and measured once, whichever doors it comes through", async () => {
  const schema = buildGraph();
  const gateway = await boot({ schema });
  // Apollo Server is opened at the first request, and looks at the schema by itself.
  await gateway.graphql("{ __typename }");
  // Validation and the count of points ask for the directives, and nothing that runs an operation does.
  const asked = vi.spyOn(schema, "getDirectives");
  const query = "query Once { license { name } }";
  const document = parse(query);
  validate(schema, document);
  costOf(schema, { document, variables: {} });
  const once = asked.mock.calls.length;
  expect(once).toBeGreaterThan(0);

  asked.mockClear();
  const [first, second] = [await gateway.graphql(query), await gateway.graphql(query)];
  expect([first.status, second.body]).toEqual([200, first.body]);
  expect(asked).toHaveBeenCalledTimes(once);
  for (const open of Object.values(doors)) {
    const heard = await open(gateway, { license: gateway.key }, { query }).next();
    expect(heard).toEqual(first.body);
  }
  expect(asked).toHaveBeenCalledTimes(once);
});

test("a faulty text is looked at once, too; all its faults are told each time, and its hash is not remembered", async () => {
  const schema = buildGraph();
  const gateway = await boot({ schema });
  const query = "{ license { nam keyHin } }";
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash("sha256").update(query).digest("hex") } };
  const post = (body: object) => gateway.graphql("", {}, { method: "POST", body });
  const first = await post({ query, extensions });
  const asked = vi.spyOn(schema, "getDirectives");
  for (const { status, body } of [first, await post({ query, extensions })]) {
    expect([status, body.errors.map(({ extensions: { code } }: { extensions: { code: string } }) => code)]).toEqual([
      400,
      ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_VALIDATION_FAILED"],
    ]);
    expect(body.errors[1]).toMatchObject({
      locations: [{ line: 1, column: 17 }],
      extensions: { requestId: expect.any(String) },
    });
  }
  expect(asked).not.toHaveBeenCalled();
  expect((await post({ extensions })).body.errors[0].extensions.code).toBe("PERSISTED_QUERY_NOT_FOUND");
});

test("a plain field costs no promise", () => {
  const row = { id: "1", name: "A", keyHint: "abcd", maxMeetings: 5, createdAt: new Date() };
  const fields = (buildGraph().getType("License") as GraphQLObjectType).getFields();
  for (const name of ["id", "name", "keyHint", "maxAttendance", "meetingRooms"]) {
    const resolved: unknown = fields[name]?.resolve?.(new License(row as never), {}, {}, {} as never);
    expect(resolved, name).not.toBeInstanceOf(Promise);
  }
});

test("an empty operationName is no missing one, though the same text was asked without a name before", async () => {
  const gateway = await boot();
  const query = "query A { license { id } }";
  const status = async (operationName?: string) =>
    (await gateway.graphql("", {}, { method: "POST", body: { query, operationName } })).status;
  expect([await status(), await status("")]).toEqual([200, 400]);
});

test("a value is read once and made once, however many fields are asked below it", async () => {
  const schema = buildGraph();
  const node = vi.spyOn(Page.prototype, "nodes", "get");
  const entries = vi.spyOn(MeetingSettings.prototype, "entries", "get");
  const gateway = await boot({ schema, compiledFrom: 1 });
  await newMeeting(gateway, { title: "Algebra" });
  const query = "{ meetings(first: 1) { nodes { id title settings { entries { name value label } record } } } }";
  const { body } = await gateway.graphql(query);
  expect(body.data.meetings.nodes[0]).toMatchObject({ title: "Algebra", settings: { record: false } });
  expect([node, entries].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test("what can't be read below the root is asked for once, and told as graphql-js tells it", async () => {
  const gateway = await boot({ compiledFrom: 1 });
  const interpreting = await boot({ compiledFrom: Number.POSITIVE_INFINITY });
  const cases: [group: string, query: string, text: string][] = [
    ["sessions", "findOpenOfMeetings", "{ meetings { nodes { currentSession { id } } } }"],
    ["sessions", "listOfMeetings", "{ meetings { nodes { sessions { nodes { id } } } } }"],
    ["sessions", "countOfMeetings", "{ meetings { nodes { sessions { totalCount } } } }"],
    ["recordings", "listOfSessions", "{ sessions { nodes { recording { id } } } }"],
    ["meetings", "count", "{ meetings { totalCount nodes { title } } }"],
    ["usage", "total", "{ license { name usage { attendances } } }"],
  ];
  const told = async ({ graphql, opened }: Gateway, [group, query, text]: (typeof cases)[number]) => {
    const queries = opened.services.storage.read as unknown as Record<string, Record<string, () => unknown>>;
    const failing = vi.spyOn(queries[group] ?? {}, query);
    failing.mockImplementation(() => Promise.reject(new StorageUnavailable("it took too long")));
    const { status, body } = await graphql(text);
    const asked = failing.mock.calls.length;
    failing.mockRestore();
    for (const error of body.errors) delete error.extensions.requestId;
    return { text, status, body, asked };
  };
  for (const each of [gateway, interpreting]) await furnished(each, "Algebra");
  for (const each of cases) {
    const asCode = await told(gateway, each);
    expect(asCode).toEqual(await told(interpreting, each));
    expect(asCode).toMatchObject({ asked: 1, body: { errors: [{ extensions: { code: "SERVICE_UNAVAILABLE" } }] } });
  }
});
