import { readdirSync, readFileSync } from "node:fs";
import { Kind, type OperationDefinitionNode, parse } from "graphql";
import { expect, test } from "vitest";
import { readsOften } from "../../../src/graphql/run/reads.js";
import { buildGraph } from "../../../src/graphql/schema.js";

const schema = buildGraph();

function isOfOneMoment(text: string): boolean {
  const document = parse(text);
  return readsOften(schema, document, document.definitions[0] as OperationDefinitionNode);
}

test("what could contradict itself is read as of one moment, and what is one read is not made dearer", () => {
  const often = [
    "{ meeting(id: 1) { isRunning currentSession { id } } }",
    "{ meetings { totalCount nodes { id } } }",
    "{ meetings { nodes { title sessions { nodes { id } } } } }",
    "{ license { meetingRooms { used } } meetings { nodes { id } } }",
    "{ a: meeting(id: 1) { id } b: meetings { nodes { id } } }",
    "{ nodes(ids: [1, 2]) { id } }",
    "{ meeting(id: 1) { ...Whole } } fragment Whole on Meeting { title ...Runs } fragment Runs on Meeting { sessions { nodes { id } } }",
    "mutation { startMeeting(input: {}) { ... on StartMeetingSuccess { session { meeting { title } attendances { totalCount } } } } }",
  ];
  const once = [
    "{ meetings { nodes { id title isRunning } pageInfo { hasNextPage endCursor } } }",
    "{ meeting(id: 1) { id title settings { record } } }",
    "{ session(id: 1) { id attendances { nodes { fullName } } } }",
    "{ license { name meetingRooms { used } } }",
    "{ __typename __schema { types { name fields { name } } } }",
    "mutation { createMeeting(input: {}) { __typename ... on CreateMeetingSuccess { meeting { id title } } } }",
  ];
  expect(often.filter((text) => !isOfOneMoment(text))).toEqual([]);
  expect(once.filter(isOfOneMoment)).toEqual([]);
});

test("none of the twelve operations of v1 needs more than one read for what it shows", () => {
  const folder = new URL("../../../src/v1/operations/", import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
  const document = parse(texts.join("\n"));
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  expect(operations).toHaveLength(12);
  expect(operations.filter((node) => readsOften(schema, document, node)).map(({ name }) => name?.value)).toEqual([]);
});
