import { getIntrospectionQuery } from "graphql";
import { type Furnished, nobodysId } from "../furnished.js";

/** What a client sends, with a name for who reads of its failure. */
export interface Sent {
  name: string;
  query: string;
  variables?: object;
  operationName?: string;
}

const page = "query ($first: Int, $after: String) { meetings(first: $first, after: $after) { nodes { id title } } }";
const conditional = `query ($a: Boolean!, $b: Boolean = false, $id: ID!) {
  meeting(id: $id) { id ...T @include(if: $a) ... @skip(if: $b) { createdAt settings { record @include(if: $a) } } }
  again: meeting(id: $id) { ...T title @skip(if: $a) @include(if: $b) }
}
fragment T on Meeting { title sessions(first: 2) { nodes { id @skip(if: $b) status } } }`;
const variableInside = `query ($text: String, $from: DateTime, $statuses: [SessionStatus!], $direction: OrderDirection) {
  meetings(first: 5, filter: { titleContains: $text, createdAt: { from: $from } },
    orderBy: { field: CREATED_AT, direction: $direction }) {
    nodes { title sessions(filter: { status: $statuses, startedAt: { until: "2999-01-01T00:00:00Z" } }) { totalCount } }
  } }`;
const defaults = `query ($first: Int = 1, $order: MeetingOrder = { field: TITLE, direction: DESC },
  $range: DateTimeRange = { from: "2020-01-01T00:00:00Z" }, $names: [SettingName!] = RECORD) {
  meetings(first: $first, orderBy: $order, filter: { createdAt: $range }) { totalCount nodes { title createdAt } }
  others: meetings(first: 2, filter: { settingsEnabled: $names }) { nodes { title } }
  license { usage(period: $range) { sessionsStarted } } }`;

/** Reads that succeed. */
const reads = ({ meetingId, sessionId, attendanceId, recordingId }: Furnished): Sent[] => [
  { name: "values", query: "{ license { id name status keyHint expiresAt meetingRooms { used limit } } }" },
  { name: "aliases", query: "{ a: license { x: name y: name } b: license { name id } constructor: license { id } }" },
  {
    name: "aliases with lines",
    query: "{ a_b: license { id } a { name } license_x: license { x_y: id } }".replace("a {", "a: license {"),
  },
  {
    name: "names that are one when they are joined",
    query: `query ($id: ID!) { nodes_x: meetings(first: 2) { nodes { title isRunning } } meetings(first: 2) {
      x: nodes { id } nodes { title_x: sessions { totalCount } sessions { title_x: totalCount nodes { title } } } }
      x: meeting(id: $id) { nodes: sessions(first: 1) { nodes { status } } } }`,
    variables: { id: meetingId },
  },
  {
    name: "a variable's prototype",
    query: "query ($__proto__: ID!) { meeting(id: $__proto__) { id } }",
    variables: JSON.parse(`{"__proto__":"${meetingId}"}`) as object,
  },
  {
    name: "a variable that is not given and is called as what every object has",
    query: "query ($constructor: Int) { meetings(first: $constructor) { nodes { id } } }",
  },
  { name: "a prototype", query: "{ __proto__: license { __proto__: name } meetings { __proto__: totalCount } }" },
  { name: "typenames", query: "{ __typename license { __typename } meetings { __typename nodes { __typename id } } }" },
  {
    name: "a list",
    query: "{ meetings(first: 3) { nodes { id title isRunning createdAt moderatorPassword } totalCount } }",
  },
  {
    name: "edges",
    query: "{ meetings(last: 2) { edges { cursor node { id } } pageInfo { hasNextPage startCursor } } }",
  },
  {
    name: "a nest",
    query: `{ meetings(first: 3) { nodes { title settings { entries { name value label } } currentSession { status }
      sessions(first: 2) { totalCount nodes { id status startedAt meeting { title }
        attendances(first: 3) { nodes { fullName role stays { nodes { joinedAt } } } } } } } } }`,
  },
  {
    name: "an interface",
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Meeting { title }
      ... on Session { status meeting { title } } ...A ... on Recording { status } } }
      fragment A on Attendance { fullName session { id } }`,
    variables: { ids: [meetingId, sessionId, attendanceId, recordingId, nobodysId, "no id"] },
  },
  {
    name: "one id for a list",
    query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: { ids: meetingId },
  },
  { name: "nobody's id", query: `{ meeting(id: "${nobodysId}") { id } node(id: "${nobodysId}") { id } }` },
  {
    name: "merged fields",
    query: `{ meetings(first: 2) { nodes { id } } ...M meetings(first: 2) { nodes { ...T id } } }
      fragment M on Query { meetings(first: 2) { nodes { title } totalCount } } fragment T on Meeting { createdAt }`,
  },
  {
    name: "the second of two",
    query: "query One { license { id } } query Two { license { name } }",
    operationName: "Two",
  },
  { name: "a page of a variable", query: page, variables: { first: 2 } },
  { name: "a null page", query: page, variables: { first: null, after: null } },
  ...[true, false].flatMap((a) =>
    [true, false, undefined].map((b) => ({
      name: `conditions ${a} ${b}`,
      query: conditional,
      variables: { id: meetingId, a, b },
    })),
  ),
  {
    name: "nothing left",
    query: "query ($no: Boolean!) { license @include(if: $no) { id } }",
    variables: { no: false },
  },
  {
    name: "an empty object",
    query: "query ($no: Boolean!) { license { id @include(if: $no) } }",
    variables: { no: false },
  },
  { name: "always and never", query: "{ license { id @skip(if: true) name @include(if: true) } }" },
  ...[
    {},
    { text: "Alg" },
    { text: null },
    { from: "2020-01-01T00:00:00Z", direction: "ASC" },
    { statuses: "ENDED" },
  ].map((variables) => ({ name: `variables inside ${JSON.stringify(variables)}`, query: variableInside, variables })),
  ...[{}, { first: 2 }, { names: null }, { names: ["RECORD"], range: { until: "2999-01-01T00:00:00Z" } }].map(
    (variables) => ({ name: `defaults ${JSON.stringify(variables)}`, query: defaults, variables }),
  ),
  {
    name: "a text that looks like code",
    query: `{ meetings(filter: { titleContains: "__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dprocess.exit(7)" }) {
      totalCount } other: meetings(filter: { titleContains: "'\\"\`\${process.exit(7)}\\u2028" }) { totalCount } }`,
  },
  { name: "introspection", query: '{ __type(name: "Meeting") { name fields { name type { name } } } }' },
  { name: "the whole schema", query: getIntrospectionQuery() },
  { name: "a type that only code knows", query: '{ license { id } __type(name: "Settled") { name } }' },
  { name: "no field at all", query: "{ __typename name: __typename }" },
  { name: "schema and data", query: "{ __schema { queryType { name } } license { name } }" },
];

/** Reads that end with errors, or begin with one. */
const faults = ({ meetingId }: Furnished): Sent[] => [
  { name: "no GraphQL", query: "{ license { " },
  { name: "unknown fields", query: "{ license { nam } meetingz { id } }" },
  { name: "two operations, no name", query: "query One { license { id } } query Two { license { name } }" },
  { name: "a missing variable", query: "query ($id: ID!) { meeting(id: $id) { id } }" },
  { name: "variables of other types", query: page, variables: { first: "x", after: 5 } },
  {
    name: "too long a list",
    query: "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
    variables: { ids: Array(101).fill("x") },
  },
  { name: "a bad value", query: '{ meetings(filter: { createdAt: { from: "yesterday" } }) { totalCount } }' },
  { name: "a null condition", query: conditional, variables: { id: meetingId, a: true, b: null } },
  {
    name: "null where none may be",
    query:
      'query ($names: [SettingName!]! = [RECORD], $id: ID! = "x") { meetings(filter: { settingsEnabled: $names }) { totalCount } meeting(id: $id) { id } }',
    variables: { names: null },
  },
  { name: "an id that is none", query: '{ meeting(id: "x") { id } }' },
  {
    name: "several such",
    query: '{ a: meeting(id: "x") { id } license { id } b: recording(id: "y") { id } c: meeting(id: "z") { id } }',
  },
  { name: "a page too large", query: "{ meetings(first: 101) { nodes { id } } license { name } }" },
  { name: "a cursor that is none", query: page, variables: { after: "nonsense" } },
  {
    name: "pages too large below",
    query: "{ meetings(first: 3) { nodes { title sessions(first: 101) { totalCount } } } }",
  },
];

/** What a token with few scopes is refused, where it stands. */
export const forbidden = ({ meetingId }: Furnished): Sent[] => [
  {
    name: "one",
    query: "query ($id: ID!) { meeting(id: $id) { title moderatorPassword } }",
    variables: { id: meetingId },
  },
  {
    name: "many",
    query:
      "{ meetings(first: 3) { nodes { id moderatorPassword title } } license { id } generalMeetingSettings { record } }",
  },
  { name: "everything", query: "{ license { id } recordings { totalCount } }" },
  {
    name: "a write",
    query: `mutation ($id: ID!) { createAccessToken(input: { scopes: MEETINGS_READ }) { __typename }
      updateMeeting(input: { meetingId: $id }) { ... on UpdateMeetingSuccess { meeting { moderatorPassword title } } }
      endMeeting(input: { meetingId: $id }) { __typename } }`,
    variables: { id: meetingId },
  },
];

export const readsAndFaults = (known: Furnished): Sent[] => [...reads(known), ...faults(known)];

const errors =
  "... on UserError { __typename code message messages } ... on InvalidInputError { issues { path code message } }";

/** Writes in the order in which they are sent; each changes what the next finds. */
export const writes = ({ meetingId }: Furnished): Sent[] => [
  {
    name: "creating, all faults",
    query: `mutation ($input: CreateMeetingInput!) { createMeeting(input: $input) { ${errors} } }`,
    variables: { input: { title: "x".repeat(256), welcomeText: "\u0000", settings: { record: true } } },
  },
  {
    name: "creating",
    query: `mutation ($title: String, $on: Boolean!) { createMeeting(input: { title: $title, moderatorPassword: "sesame" }) {
      __typename ... on CreateMeetingSuccess { meeting { id title moderatorPassword welcomeText @include(if: $on)
        isRunning settings { entries { name value } } } } ${errors} } }`,
    variables: { title: "Geometry", on: true },
  },
  {
    name: "an explicit null, and one left out",
    query: `mutation ($id: ID!, $on: Boolean) { a: updateMeeting(input: { meetingId: $id, settings: { record: $on } }) {
      __typename ${errors} ... on UpdateMeetingSuccess { meeting { title } } }
      b: updateMeeting(input: { meetingId: $id, settings: { record: null } }) { __typename ${errors} } }`,
    variables: { id: meetingId },
  },
  {
    name: "in series",
    query: `mutation ($id: ID!) {
      one: updateMeeting(input: { meetingId: $id, title: "one" }) { ... on UpdateMeetingSuccess { meeting { title } } }
      started: startMeeting(input: { meetingId: $id, moderatorName: "Mod", moderatorPassword: "modpwd" }) {
        __typename ${errors} ... on StartMeetingSuccess { isNew session { id status meeting { isRunning } } } }
      two: updateMeeting(input: { meetingId: $id, title: "two" }) { ... on UpdateMeetingSuccess { meeting { title isRunning } } }
      wrong: joinMeeting(input: { meetingId: $id, fullName: "V", role: MODERATOR, password: "no" }) { __typename ${errors} }
      ended: endMeeting(input: { meetingId: $id }) { ... on EndMeetingSuccess { session { status meeting { isRunning title } } } }
      again: endMeeting(input: { meetingId: $id }) { __typename ${errors} ... on MeetingStateError { meeting { title } } } }`,
    variables: { id: meetingId },
  },
  {
    name: "a null input",
    query: `mutation ($input: DeleteMeetingInput! = { meetingId: "x" }) { deleteMeeting(input: $input) { __typename } }`,
    variables: { input: null },
  },
  {
    name: "deleting, twice",
    query: `mutation ($id: ID!) { a: deleteMeeting(input: { meetingId: $id }) { __typename ... on DeleteMeetingSuccess {
      deletedMeetingId } ${errors} } b: deleteMeeting(input: { meetingId: $id }) { __typename ${errors}
      ... on NotFoundError { resource } } }`,
    variables: { id: meetingId },
  },
];
