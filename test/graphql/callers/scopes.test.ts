import { type GraphQLObjectType, isCompositeType, isInterfaceType, isObjectType, getNamedType } from "graphql";
import { expect, test } from "vitest";
import { type AccessScope, scopeMeanings } from "../../../src/domain/license/scopes.js";
import { buildGraph } from "../../../src/graphql/schema.js";
import { boot } from "../../helpers/boot.js";
import { ask, newToken, outcome, tokens } from "../ask.js";
import { type Furnished, furnished, nobodysId } from "../furnished.js";
import { fields } from "./needed-scopes.js";

const schema = buildGraph();
const allScopes = Object.keys(scopeMeanings) as AccessScope[];

type Need = AccessScope | "KEY" | "NOTHING";
interface Rule {
  need: Need;
  /** What is asked: the field with its arguments and selection. */
  ask: string;
}

const input = (more = "", id = "meetingId") => `(input: { ${id}: "${nobodysId}" ${more} }) { __typename }`;

/** Every field of the two root types; of the third, see live-scopes. Whoever adds one says what a token needs for it. */
const roots: Record<"Query" | "Mutation", Record<string, Rule>> = {
  Query: {
    generalMeetingSettings: { need: "MEETINGS_READ", ask: "generalMeetingSettings { record }" },
    license: { need: "KEY", ask: "license { name }" },
    meeting: { need: "MEETINGS_READ", ask: `meeting(id: "${nobodysId}") { id }` },
    meetings: { need: "MEETINGS_READ", ask: "meetings { totalCount }" },
    // What they find says what they need; see below.
    node: { need: "NOTHING", ask: `node(id: "${nobodysId}") { id }` },
    nodes: { need: "NOTHING", ask: `nodes(ids: ["${nobodysId}"]) { id }` },
    rateLimit: { need: "NOTHING", ask: "rateLimit { limit }" },
    recording: { need: "RECORDINGS_READ", ask: `recording(id: "${nobodysId}") { id }` },
    recordings: { need: "RECORDINGS_READ", ask: "recordings { totalCount }" },
    session: { need: "MEETINGS_READ", ask: `session(id: "${nobodysId}") { id }` },
    sessions: { need: "MEETINGS_READ", ask: "sessions { totalCount }" },
  },
  Mutation: {
    createAccessToken: { need: "KEY", ask: "createAccessToken(input: { scopes: [] }) { __typename }" },
    createMeeting: { need: "MEETINGS_WRITE", ask: "createMeeting(input: {}) { __typename }" },
    deleteMeeting: { need: "MEETINGS_WRITE", ask: `deleteMeeting${input()}` },
    deleteRecording: { need: "RECORDINGS_WRITE", ask: `deleteRecording${input("", "recordingId")}` },
    endMeeting: { need: "SESSIONS_WRITE", ask: `endMeeting${input()}` },
    joinMeeting: { need: "SESSIONS_JOIN", ask: `joinMeeting${input('fullName: "v", role: VIEWER')}` },
    removePerson: { need: "SESSIONS_WRITE", ask: `removePerson${input("", "personId")}` },
    revokeAccessToken: { need: "KEY", ask: `revokeAccessToken(input: { tokenId: "${nobodysId}" }) { __typename }` },
    setPersonRole: { need: "SESSIONS_WRITE", ask: `setPersonRole${input("role: VIEWER", "personId")}` },
    startMeeting: { need: "SESSIONS_WRITE", ask: `startMeeting${input('moderatorName: "m"')}` },
    updateGeneralMeetingSettings: {
      need: "MEETINGS_WRITE",
      ask: "updateGeneralMeetingSettings(input: { settings: {} }) { __typename }",
    },
    updateMeeting: { need: "MEETINGS_WRITE", ask: `updateMeeting${input()}` },
    updateSessionSettings: {
      need: "SESSIONS_WRITE",
      ask: `updateSessionSettings${input("settings: {}", "sessionId")}`,
    },
    updateRecording: { need: "RECORDINGS_WRITE", ask: `updateRecording${input("isPublished: true", "recordingId")}` },
  },
};

const words: Record<string, string> = {
  KEY: "This needs the license key; an access token will not do.",
  ...Object.fromEntries(allScopes.map((scope) => [scope, `The access token lacks the scope for this: ${scope}.`])),
};

/** The whole error, as a client reads it. */
const forbidden = (need: Need, ...path: (string | number)[]) => ({
  message: words[need],
  path,
  locations: expect.anything(),
  extensions: {
    code: "FORBIDDEN",
    requestId: expect.any(String),
    ...(need !== "KEY" && { requiredScopes: [need] }),
  },
});

const byPath = (one: { path: unknown[] }, other: { path: unknown[] }) =>
  one.path.join(".").localeCompare(other.path.join("."));

test("every root field has a rule: a token has exactly what its scope gives, and FORBIDDEN stands at the field alone", async () => {
  for (const [type, rules] of Object.entries(roots)) {
    const root = schema.getType(type) as GraphQLObjectType;
    expect(Object.keys(rules).toSorted()).toEqual(Object.keys(root.getFields()).toSorted());
  }
  const gateway = await boot();
  const tokenWith = tokens(gateway);
  const callers: [string, AccessScope[] | undefined][] = [
    ["the key", undefined],
    ["every scope", allScopes],
    ...allScopes.map((scope): [string, AccessScope[]] => [scope, [scope]]),
  ];
  for (const [type, rules] of Object.entries(roots)) {
    for (const [name, scopes] of callers) {
      const call = scopes ? await tokenWith(...scopes) : {};
      const isMet = (need: Need) => !scopes || need === "NOTHING" || scopes.includes(need as AccessScope);
      // In two operations, because one may have ten root fields.
      for (const part of [Object.entries(rules).slice(0, 6), Object.entries(rules).slice(6)]) {
        const query = `${type.toLowerCase()} { before: __typename ${part.map(([, rule]) => rule.ask).join(" ")} }`;
        const { status, data, errors } = await outcome(gateway, query, {}, call);
        const refused = part.filter(([, { need }]) => !isMet(need));
        const expected = refused.map(([field, { need }]) => forbidden(need, field));
        expect([name, status, errors.toSorted(byPath)]).toEqual([name, 200, expected.toSorted(byPath)]);
        const nulls = Object.fromEntries(refused.map(([field]) => [field, null]));
        expect(data).toMatchObject({ before: type, ...nulls });
        expect(Object.keys(data)).toEqual(["before", ...part.map(([field]) => field)]);
      }
    }
  }
});

test("of several mutations in one operation the forbidden ones do nothing and the others are done", async () => {
  const gateway = await boot();
  const { call } = await newToken(gateway, ["MEETINGS_WRITE"]);
  const create = (title: string) => `createMeeting(input: { title: "${title}" }) { __typename }`;
  const query = `mutation { a: ${create("one")} b: createAccessToken(input: { scopes: [SECRETS_READ] }) { __typename }
    c: startMeeting(input: { meetingId: "${nobodysId}", moderatorName: "m" }) { __typename } d: ${create("two")} }`;
  const { data, errors } = await outcome(gateway, query, {}, call);
  expect(errors).toEqual([forbidden("KEY", "b"), forbidden("SESSIONS_WRITE", "c")]);
  expect(data).toMatchObject({ a: { __typename: "CreateMeetingSuccess" }, b: null, c: null, d: {} });
  expect((await ask(gateway, "{ meetings { totalCount } }")).meetings.totalCount).toBe(2);
});

/** The types that are objects of their own, and the pages of them. */
const leadsOn = (typeName: string): boolean => {
  // These are one session's, and kept apart from it.
  if (typeName === "Notes" || typeName === "RecordingRun") return true;
  const type = schema.getType(typeName.replace(/Connection$/, ""));
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === "Node");
};

test("every field from one object to another has a rule, as has every password, and says so where it is described", () => {
  const described: Record<string, string> = {};
  const found = Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || !leadsOn(type.name) || /Connection$|^Notes$/.test(type.name)) return [];
    return Object.values(type.getFields()).flatMap(({ name, type: of, description }) => {
      const scope = /Needs the scope `(\w+)`/.exec(description ?? "")?.[1];
      if (scope) described[`${type.name}.${name}`] = scope;
      const named = getNamedType(of);
      const isLink = isCompositeType(named) && (isInterfaceType(named) || leadsOn(named.name));
      // Null in place of a forbidden value must not take its neighbours with it.
      if (isLink) expect([name, String(of).replace(/^\[(\w+)!\]$/, "$1")]).toEqual([name, named.name]);
      return isLink || /password/i.test(name) ? [`${type.name}.${name}`] : [];
    });
  });
  expect(found.toSorted()).toEqual(Object.keys(fields).toSorted());
  expect(described).toEqual(fields);
});

/** How each parent is come by with scopes that do not give the field: where its object stands, and what is asked there. */
function ways({ meetingId, sessionId, attendanceId, recordingId }: Furnished) {
  const update = (inner: string) =>
    `mutation { at: updateMeeting(input: { meetingId: "${meetingId}" }) { ... on UpdateMeetingSuccess { meeting { ${inner} } } } }`;
  const join = (inner: string) =>
    `mutation { at: joinMeeting(input: { meetingId: "${meetingId}", fullName: "v", role: VIEWER, password: "attpwd" }) {
      ... on JoinMeetingSuccess { session { ${inner} } } } }`;
  const startAgain = (inner: string) =>
    `mutation { at: startMeeting(input: { meetingId: "${meetingId}", moderatorName: "m", moderatorPassword: "modpwd" }) {
      ... on StartMeetingSuccess { session { ${inner} } } } }`;
  const state = (inner: string) =>
    `mutation { at: deleteMeeting(input: { meetingId: "${meetingId}" }) { ... on MeetingStateError { meeting { ${inner} } } } }`;
  const node = (type: string, id: string) => (inner: string) =>
    `{ at: node(id: "${id}") { ... on ${type} { ${inner} } } }`;
  return [
    { type: "Meeting", has: "MEETINGS_WRITE", path: ["at", "meeting"], plain: "title", query: update },
    { type: "Meeting", has: "MEETINGS_WRITE", path: ["at", "meeting"], plain: "title", query: state },
    { type: "Meeting", has: "MEETINGS_READ", path: ["at"], plain: "title", query: node("Meeting", meetingId) },
    { type: "Session", has: "SESSIONS_JOIN", path: ["at", "session"], plain: "title", query: join },
    { type: "Session", has: "SESSIONS_WRITE", path: ["at", "session"], plain: "title", query: startAgain },
    { type: "Session", has: "MEETINGS_READ", path: ["at"], plain: "title", query: node("Session", sessionId) },
    {
      type: "Attendance",
      has: "ATTENDANCE_READ",
      path: ["at"],
      plain: "fullName",
      query: node("Attendance", attendanceId),
    },
    { type: "Recording", has: "RECORDINGS_READ", path: ["at"], plain: "status", query: node("Recording", recordingId) },
  ] as const;
}

test("every field with a scope of its own is FORBIDDEN without it on every way to it, and the rest is intact", async () => {
  const gateway = await boot();
  const tokenWith = tokens(gateway);
  const things = await furnished(gateway, "Algebra");
  for (const { type, has, path, plain, query } of ways(things)) {
    const own = Object.entries(fields).filter(([name]) => name.startsWith(`${type}.`));
    for (const more of allScopes) {
      const call = await tokenWith(...new Set([has, more]));
      const names = own.map(([name]) => name.slice(type.length + 1));
      const asked = own.map(([, need], at) => `${names[at]} ${need === "SECRETS_READ" ? "" : "{ __typename }"}`);
      const { status, data, errors } = await outcome(gateway, query(`${plain} ${asked.join(" ")} id`), {}, call);
      const isMet = own.map(([, need]) => need === has || need === more);
      const refused = own.flatMap(([, need], at) => (isMet[at] ? [] : [forbidden(need, ...path, names[at] ?? "")]));
      const where = [type, has, more];
      expect([where, status, errors.toSorted(byPath)]).toEqual([where, 200, refused.toSorted(byPath)]);
      const object = path.reduce((inner, step) => inner[step], data);
      expect([object[plain], object.id]).toEqual([expect.any(String), expect.any(String)]);
      expect([where, names.map((name) => object[name] !== null)]).toEqual([where, isMet]);
    }
  }
});

test("node and nodes ask for the scope of what they find; each item stands for itself", async () => {
  const gateway = await boot();
  const tokenWith = tokens(gateway);
  const { meetingId, sessionId, attendanceId, recordingId } = await furnished(gateway, "Algebra");
  const { license } = await ask(gateway, "{ license { id } }");
  const found: [string, Need][] = [
    [meetingId, "MEETINGS_READ"],
    [nobodysId, "NOTHING"],
    [sessionId, "MEETINGS_READ"],
    [attendanceId, "ATTENDANCE_READ"],
    ["no id at all", "NOTHING"],
    [recordingId, "RECORDINGS_READ"],
    [license.id, "KEY"],
  ];
  const ids = found.map(([id]) => id);
  for (const scope of allScopes) {
    const call = await tokenWith(scope);
    const many = await outcome(gateway, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", { ids }, call);
    const refused = found.flatMap(([, need], at) =>
      need === "NOTHING" || need === scope ? [] : [forbidden(need, "nodes", at)],
    );
    expect([scope, many.errors.toSorted(byPath)]).toEqual([scope, refused]);
    expect(many.data.nodes).toEqual(found.map(([id, need]) => (need === scope ? { id } : null)));
    for (const [id, need] of found) {
      const one = await outcome(gateway, "query ($id: ID!) { node(id: $id) { id } }", { id }, call);
      const isMet = need === "NOTHING" || need === scope;
      expect([id, one.errors]).toEqual([id, isMet ? [] : [forbidden(need, "node")]]);
      expect(one.data).toEqual({ node: need === scope ? { id } : null });
    }
  }
});
