import { readFileSync } from "node:fs";
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from "graphql";
import { expect, test } from "vitest";
import { settingList } from "../../src/domain/settings.js";
import { buildGraph, printGraph } from "../../src/graphql/schema.js";

const schema = buildGraph();
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

test("schema.graphql is what the resolvers make: run `npm run schema` when this fails", () => {
  const committed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect(printGraph(schema)).toBe(committed);
});

test("everything a reader of Sandbox can open is described: types, fields, arguments, input fields, values", () => {
  const described: Record<string, string | null | undefined> = { schema: schema.description };
  for (const type of types) {
    if (!isSpecifiedScalarType(type)) described[type.name] = type.description;
    if (isEnumType(type)) {
      for (const value of type.getValues()) described[`${type.name}.${value.name}`] = value.description;
    }
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      described[`${type.name}.${field.name}`] = field.description;
      for (const argument of "args" in field ? field.args : []) {
        described[`${type.name}.${field.name}(${argument.name})`] = argument.description;
      }
    }
  }
  for (const { name, args } of schema.getDirectives()) {
    for (const argument of args) described[`@${name}(${argument.name})`] = argument.description;
  }
  expect(Object.keys(described).length).toBeGreaterThan(200);
  const silent = Object.entries(described).filter(([, text]) => !/\w{3,}.*[.:]$/s.test(text?.trim() ?? ""));
  const ours = silent.filter(([name]) => !name.startsWith("@"));
  expect(ours.map(([name]) => name)).toEqual([]);
  expect(silent.filter(([, text]) => !text)).toEqual([]);
});

test("every result is a union of one Success and errors that implement UserError; no two mutations share a Success", () => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  expect(fields).toHaveLength(14);
  for (const { name, type } of fields) {
    const union = schema.getType(String(type));
    const members = schema.getPossibleTypes(union as never);
    const succeed = members.filter((member) => member.name.endsWith("Success"));
    expect(succeed.map((member) => member.name.toLowerCase())).toEqual([`${name}success`.toLowerCase()]);
    for (const member of members.filter((each) => !succeed.includes(each))) {
      expect(member.getInterfaces().map(String)).toContain("UserError");
    }
  }
});

test("type, both inputs and the enum of switches are made from the one list", () => {
  const names = settingList.map(({ name }) => name as string).toSorted();
  for (const [typeName, more] of [
    ["MeetingSettings", ["entries"]],
    ["MeetingSettingsInput", []],
    ["MeetingSettingsPatch", []],
  ] as const) {
    const type = schema.getType(typeName);
    const fields = isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(fields.toSorted()).toEqual([...names, ...more].toSorted());
  }
  const values = schema.getType("SettingName");
  const v1 = isEnumType(values) ? values.getValues().map((value) => value.name.toLowerCase()) : [];
  expect(v1.toSorted()).toEqual(settingList.map((setting) => setting.v1 as string).toSorted());
});

/** Every field that is not read as it stands, and why. */
const resolved = {
  "asks for its scope": ["Meeting.moderatorPassword", "Session.attendeePassword"],
  "reads other rows": [
    "Attendance.durationSeconds",
    "Attendance.session",
    "Attendance.stays",
    "License.usage",
    "Meeting.currentSession",
    "Meeting.isRunning",
    "Meeting.sessions",
    "Message.author",
    "Recording.session",
    "Session.attendances",
    "Session.meeting",
    "Session.messages",
    "Session.notes",
    "Session.recording",
    "Session.recordingRuns",
    "RecordingRun.startedBy",
    "RecordingRun.stoppedBy",
  ],
  "reads rows beyond its page": ["PageInfo.hasNextPage", "PageInfo.hasPreviousPage"],
  "counts rows": [
    "AttendanceConnection.totalCount",
    "MeetingConnection.totalCount",
    "MessageConnection.totalCount",
    "RecordingConnection.totalCount",
    "SessionConnection.totalCount",
    "StayConnection.totalCount",
  ],
  "speaks the caller's language": ["Setting.label"],
  "looks at the clock": ["License.status"],
  "may ask an engine": ["Recording.playbackUrl", "RecordingFormat.url"],
};

test("no field has a resolver but those that must do something for it: lists of thousands of rows could not pay more", () => {
  const roots = new Set(["Query", "Mutation", "Subscription"]);
  const fields = types
    .filter(isObjectType)
    .filter(({ name }) => !roots.has(name))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));
  const found = fields.filter(({ field }) => field.resolve).map(({ type, field }) => `${type.name}.${field.name}`);
  expect(fields.length).toBeGreaterThan(100);
  expect(found.toSorted()).toEqual(Object.values(resolved).flat().toSorted());
});

test("every list is called with its arguments as they were checked: none is left to TypeGraphQL's objects of classes", () => {
  const lists = types
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()))
    .filter(({ args }) => args.some(({ name }) => name === "first"));
  expect(lists.length).toBeGreaterThan(6);
  expect(lists.filter(({ extensions }) => typeof extensions["list"] !== "function").map(({ name }) => name)).toEqual(
    [],
  );
});
