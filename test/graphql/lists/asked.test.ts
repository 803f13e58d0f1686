import { getNamedType, type GraphQLField, isLeafType, isObjectType } from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway, stoppedClock } from "../../helpers/boot.js";
import { quiet, statementsDuring } from "../../helpers/rows.js";
import { ask, mutate, newMeeting, start } from "../ask.js";
import { furnished } from "../furnished.js";

/** Where each type's nodes stand, and an order whose cursor is not made of what is asked for. */
const lists = {
  Meeting: (page: string) => `{ meetings(first: 4, orderBy: { field: TITLE }) ${page} }`,
  Session: (page: string) => `{ sessions(first: 4, orderBy: { field: ENDED_AT }) ${page} }`,
  Recording: (page: string) => `{ recordings(first: 4) ${page} }`,
  Attendance: (page: string) =>
    `{ sessions(first: 4) { nodes { a: attendances(first: 4, orderBy: { field: FULL_NAME }) ${page} b: attendances(first: 4) { totalCount } } } }`,
  Stay: (page: string) =>
    `{ sessions(first: 4) { nodes { attendances(first: 4) { nodes { stays(first: 4) ${page} } } } } }`,
  Message: (page: string) => `{ sessions(first: 4) { nodes { messages(first: 4) ${page} } } }`,
};

/** The field, with one value of what it leads to. */
function selected({ name, type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type);
  if (isLeafType(named) || !isObjectType(named)) return name;
  const fields = Object.values(named.getFields());
  const usual = ["id", "totalCount", "record"].find((field) => named.getFields()[field]);
  return `${name} { ${usual ?? fields.find((field) => isLeafType(getNamedType(field.type)))?.name} }`;
}

/** One meeting that is over, with a person and a recording, and one that runs, where something was said. */
async function fill(gateway: Gateway): Promise<void> {
  const { meetingId } = await furnished(gateway, "B");
  await mutate(gateway, "endMeeting", { meetingId });
  const input = { title: "A", welcomeText: "hello", moderatorPassword: "modpwd" };
  const running = await newMeeting(gateway, input);
  const passwords = { moderatorPassword: "modpwd", attendeePassword: "attpwd" };
  const { joinUrl } = await start(gateway, running, { ...passwords, logoutUrl: "x.example" });
  const inside = gateway.socket();
  await inside.enter(joinUrl);
  await inside.say({ type: "chat", body: "good morning" });
  await inside.frame("chat");
}

/** What stands at this name anywhere in the answer, in its order. */
const at = (answer: unknown, name: string): unknown[] =>
  typeof answer === "object" && answer !== null
    ? Object.entries(answer).flatMap(([key, value]) => [...(key === name ? [value] : []), ...at(value, name)])
    : [];

test("a field of a list is the same whether it is asked for alone, among all, through edges or in a fragment", async () => {
  // Stopped: how long someone is inside would be another second later.
  const now = Date.now();
  const gateway = await boot({ ...quiet, clock: stoppedClock(() => now) });
  await fill(gateway);
  const schema = buildGraph();
  for (const [typeName, list] of Object.entries(lists)) {
    const type = schema.getType(typeName);
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    const all = fields.map((field) => `x_${field.name}: ${selected(field)}`).join(" ");
    const whole = await ask(gateway, list(`{ edges { cursor node { ${all} } } }`));
    expect(fields.length).toBeGreaterThan(2);
    for (const field of fields) {
      const name = `x_${field.name}`;
      const one = `${name}: ${selected(field)}`;
      const [among, cursors] = [at(whole, name), at(whole, "cursor")];
      expect(among.length, `${typeName}.${field.name}`).toBeGreaterThan(0);
      const alone = await ask(gateway, list(`{ nodes { ${one} } }`));
      const spread = await ask(
        gateway,
        `query ${list("{ edges { cursor } ...E }")} fragment E on ${typeName}Connection { edges { node { ... { ${one} } } } }`,
      );
      expect([typeName, field.name, at(alone, name)]).toEqual([typeName, field.name, among]);
      expect([typeName, field.name, at(spread, name), at(spread, "cursor")]).toEqual([
        typeName,
        field.name,
        among,
        cursors,
      ]);
    }
  }
});

test("a list reads the columns that are asked for, and whether a meeting runs in the same statement", async () => {
  const gateway = await boot(quiet);
  await fill(gateway);
  const ran = await statementsDuring(() => ask(gateway, "{ meetings { nodes { title isRunning } } }"));
  const list = ran.find((text) => text.includes('from "meetings"'));
  expect(list).toMatch(/^select "title", exists \(/);
  expect(ran.filter((text) => /from "(?:meetings|sessions)"/.test(text))).toHaveLength(1);
  const statementOf = async (selection: string) =>
    (await statementsDuring(() => ask(gateway, `{ meetings { ${selection} } }`)))
      .find((text) => text.includes('from "meetings"'))
      ?.replace(/ from .*/, "");
  expect(await statementOf("totalCount pageInfo { endCursor }")).toBe('select "id", "created_at"');
  expect(await statementOf("edges { cursor node { title } }")).toBe('select "id", "title", "created_at"');
  expect(await statementOf("nodes { __typename } pageInfo { hasNextPage }")).toBe('select "id"');
});
