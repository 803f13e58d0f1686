import {
  getNamedType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { type Furnished, furnished } from "../furnished.js";
import { limitOf, literalOf, nameOf, type Place, placesOf, strangeValues, valueAt } from "./arguments.js";

const schema = buildGraph();
const places = placesOf(schema);

/** How a type's field is reached. */
const ways: Record<string, (field: string, ids: Furnished) => string> = {
  Query: (field) => field,
  Mutation: (field) => field,
  Subscription: (field) => field,
  Meeting: (field, { meetingId }) => `meeting(id: "${meetingId}") { ${field} }`,
  Session: (field, { sessionId }) => `session(id: "${sessionId}") { ${field} }`,
  Attendance: (field, { attendanceId }) => `node(id: "${attendanceId}") { ... on Attendance { ${field} } }`,
  License: (field) => `license { ${field} }`,
};

/** All of a type that can be had without an argument; of a page, its window and kinds. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return "";
  if (named.name.endsWith("Result")) return "{ __typename ... on UserError { code messages } }";
  if (!isObjectType(named)) return "{ __typename }";
  if (named.name.endsWith("Connection")) return "{ totalCount nodes { __typename } pageInfo { hasPreviousPage } }";
  const leaves = Object.values(named.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
  return `{ __typename ${leaves.map(({ name }) => name).join(" ")} }`;
}

function documentFor({ type, field, argument }: Place, ids: Furnished): string {
  const way = ways[type.name];
  const definition = type.getFields()[field];
  if (!way || !definition) throw new Error(`the test knows no way to ${type.name}.${field}`);
  const kind = ["Mutation", "Subscription"].includes(type.name) ? type.name.toLowerCase() : "query";
  const asked = `${field}(${argument.name}: $value) ${selectionOf(definition.type)}`;
  return `${kind} ($value: ${String(argument.type)}) { ${way(asked, ids)} }`;
}

interface Answer {
  status: number;
  text: string;
}

/** What comes within a moment: a subscription that is taken stays open. */
async function ask({ url, key }: Gateway, place: Place, body: object): Promise<Answer> {
  const isLive = place.type.name === "Subscription";
  const gone = new AbortController();
  const headers = { license: key, "content-type": "application/json", "accept-language": "en" };
  const response = await fetch(`${url}/graphql${isLive ? "/stream" : ""}`, {
    method: "POST",
    headers: isLive ? { ...headers, accept: "text/event-stream" } : headers,
    body: JSON.stringify(body),
    signal: gone.signal,
  });
  if (!isLive || !response.ok) return { status: response.status, text: await response.text() };
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const timer = setTimeout(() => gone.abort(), 100);
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value;
  } catch {
    // It was taken, and is left now.
  }
  clearTimeout(timer);
  return { status: response.status, text };
}

async function prepared() {
  const gateway = await boot({ env: { POINTS_PER_MINUTE: "100000000" } });
  return { gateway, ids: await furnished(gateway, "Algebra") };
}

const isText = ({ input }: Place) => getNamedType(input.type).name === "String";
const isList = ({ input: { type } }: Place) => isListType(isNonNullType(type) ? type.ofType : type);

test("every text and every list that goes in has a limit that its description says, and every id says what it is", () => {
  expect(places.length).toBeGreaterThan(90);
  const silent = places.filter((place) => (isText(place) || isList(place)) && limitOf(place) === undefined);
  expect(silent.map(nameOf)).toEqual([]);
  const ids = places.filter(({ input }) => getNamedType(input.type).name === "ID");
  expect(ids.filter(({ input }) => !/UUID|[Ii]d of the last event|Ids of/.test(input.description ?? ""))).toEqual([]);
});

const roots = [...new Set(places.map(({ type }) => type.name))];

test.each(roots)(
  "no value of any argument or input field of %s is a fault of ours",
  { timeout: 60_000 },
  async (root) => {
    const { gateway, ids } = await prepared();
    for (const place of places.filter(({ type }) => type.name === root)) {
      const query = documentFor(place, ids);
      const answers = strangeValues(place, ids.meetingId).map(async (value) => {
        const variables = { value: valueAt(place, value, ids.meetingId) };
        const { status, text } = await ask(gateway, place, { query, variables });
        const sent = JSON.stringify(value)?.slice(0, 60);
        expect([nameOf(place), sent, status < 500, text.includes("INTERNAL_SERVER_ERROR")]).toEqual([
          nameOf(place),
          sent,
          true,
          false,
        ]);
        expect((text.match(/"requestId"/g) ?? []).length).toBeLessThanOrEqual(50);
      });
      await Promise.all(answers);
    }
  },
);

test("at its limit a text or a list is taken, and one more is refused by its name, written or as a variable", async () => {
  const { gateway, ids } = await prepared();
  for (const place of places.filter((each) => isText(each) || isList(each))) {
    const limit = limitOf(place) ?? 0;
    const query = documentFor(place, ids);
    const named = getNamedType(place.input.type);
    const entry = isEnumType(named) ? named.getValues()[0]?.name : ids.meetingId;
    const made = (length: number) => (isList(place) ? Array.from({ length }, () => entry) : "x".repeat(length));
    const said = async (length: number) => {
      const value = valueAt(place, made(length), ids.meetingId);
      const literal = literalOf(value, place.argument.type);
      const written = query.replace(/ \(\$value: [^)]*\)/, "").replace("$value", () => literal);
      const answers = [
        await ask(gateway, place, { query, variables: { value } }),
        await ask(gateway, place, { query: written }),
      ];
      const names = [place.path.at(-1) ?? "$value", place.path.at(-1) ?? place.argument.name];
      return answers.map(
        ({ text }, index) => /too long|entries are allowed|valid UUID/.test(text) && text.includes(names[index] ?? ""),
      );
    };
    // A cursor's length is said, and yet no text of ours is one.
    const isCursor = /pageInfo\./.test(place.input.description ?? "");
    const isRefused = !isCursor;
    const [within, above] = [await said(limit), await said(limit + 1)];
    expect([nameOf(place), ...within, ...above]).toEqual([nameOf(place), false, false, isRefused, isRefused]);
  }
});
