import { GraphQLObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { newMeeting } from "../ask.js";
import { doors } from "../live/clients.js";

/** A server whose meetings can't tell their titles, and what it logs. */
async function bootFailing(thrown: Error) {
  const schema = buildGraph();
  const type = schema.getType("Meeting");
  const field = type instanceof GraphQLObjectType ? type.getFields()["title"] : undefined;
  if (!field) throw new Error("there is no Meeting.title");
  const lines: { err?: Error; requestId?: string }[] = [];
  const keep = (facts: object) => void lines.push(facts);
  const gateway = await boot({ schema, log: { warn: keep, error: keep } });
  await newMeeting(gateway);
  field.resolve = () => {
    throw thrown;
  };
  return { gateway, lines };
}

const query = "{ meetings { nodes { id title } } }";
// oxlint-disable-next-line typescript/no-explicit-any -- tests look into what came
const overHttp = async (gateway: Gateway): Promise<any> => (await gateway.graphql(query)).body;
const everyDoor = Object.entries({
  HTTP: overHttp,
  ...Object.fromEntries(
    Object.entries(doors).map(([door, open]) => [
      door,
      (gateway: Gateway) => open(gateway, { license: gateway.key }, { query }).next(),
    ]),
  ),
});

test("what a field of a row throws is one error with its path over every door, logged once each, and v1's 500", async () => {
  const { gateway, lines } = await bootFailing(new Error("hunter2"));
  for (const [door, ask] of everyDoor) {
    lines.length = 0;
    const { data, errors } = await ask(gateway);
    expect(data.meetings.nodes, door).toEqual([{ id: expect.any(String), title: null }]);
    const [{ extensions, path, locations }] = errors;
    expect([errors.length, path, extensions.code]).toEqual([
      1,
      ["meetings", "nodes", 0, "title"],
      "INTERNAL_SERVER_ERROR",
    ]);
    expect(locations).toEqual([{ line: 1, column: 25 }]);
    expect(lines).toEqual([{ err: expect.objectContaining({ message: "hunter2" }), requestId: extensions.requestId }]);
  }
  lines.length = 0;
  const { status, text } = await gateway.v1("list_meetings/");
  expect([status, lines.length]).toEqual([500, 1]);
  expect(text).not.toContain("hunter2");
  expect(text).toContain(lines[0]?.requestId);
});

test("error-2: a database that is busy for one field is SERVICE_UNAVAILABLE over every door, and a 503 where there is a status", async () => {
  const { gateway } = await bootFailing(Object.assign(new Error("hunter2"), { code: "SQLITE_BUSY" }));
  for (const [door, ask] of everyDoor) {
    const { data, errors } = await ask(gateway);
    expect(data.meetings.nodes.length, door).toBe(1);
    expect(errors[0].extensions).toEqual({ code: "SERVICE_UNAVAILABLE", requestId: expect.any(String) });
  }
  for (const { status, headers } of [await gateway.graphql(query), await gateway.v1("list_meetings/")]) {
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
  }
});
