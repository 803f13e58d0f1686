import { coerceInputValue, type GraphQLInputType } from "graphql";
import { expect, test } from "vitest";
import { settingList } from "../../../src/domain/settings.js";
import { readerOf, UNSURE } from "../../../src/graphql/run/plain-values.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { nobodysId } from "../furnished.js";
import { nameOf, placesOf, strangeValues, valueAt } from "../requests/arguments.js";

const schema = buildGraph();

function coerced(value: unknown, type: GraphQLInputType): unknown {
  const faults: string[] = [];
  const taken = coerceInputValue(value, type, (_path, _value, { message }) => faults.push(message));
  return faults.length > 0 ? UNSURE : taken;
}

test("a value that is taken as plainly right is taken by graphql-js, and as the same", () => {
  const named = JSON.parse(`{"__proto__":{"title":"x"},"constructor":"x"}`) as object;
  let taken = 0;
  for (const place of placesOf(schema)) {
    const { type } = place.argument;
    const strange = [...strangeValues(place, nobodysId), undefined, "x", true, { __proto__: { title: "x" } }, named];
    for (const value of strange) {
      const given = valueAt(place, value, nobodysId);
      const found = readerOf(type)(given);
      if (found === UNSURE) continue;
      taken += 1;
      expect([nameOf(place), found]).toEqual([nameOf(place), coerced(given, type)]);
    }
  }
  expect(taken).toBeGreaterThan(500);
});

test("what nearly every partner sends is plainly right; a fault and what is left to graphql-js are not", () => {
  const inputOf = (name: string) => readerOf(schema.getType(name) as GraphQLInputType);
  const settings = Object.fromEntries(settingList.map(({ name }) => [name, true]));
  const create = inputOf("CreateMeetingInput");
  const meeting = { title: "x", moderatorPassword: null, welcomeText: undefined, settings };
  expect(create(meeting)).toEqual({ title: "x", moderatorPassword: null, settings });
  expect(create({ ...meeting, title: 5 })).toBe(UNSURE);
  expect(create({ ...meeting, settings: { ...settings, record: "yes" } })).toBe(UNSURE);
  expect(create({ ...meeting, other: 1 })).toBe(UNSURE);
  expect(create([])).toBe(UNSURE);
  expect(inputOf("UpdateMeetingInput")({ title: "x" })).toBe(UNSURE);
});
