import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { insertRecording, quiet, statementsDuring } from "../../helpers/rows.js";
import { ask, mutate, newMeeting, outcome, start } from "../ask.js";

async function aWholeLife() {
  const gateway = await boot(quiet);
  const meeting = await newMeeting(gateway, { title: "Algebra" });
  const { sessionId: session, joinUrl } = await start(gateway, meeting, { moderatorName: "Ahmad" });
  const socket = gateway.socket();
  await socket.enter(joinUrl);
  await socket.say({ type: "chat", body: "hello" });
  const { id: message } = await socket.frame("chat");
  const { session: found } = await ask(gateway, `{ session(id: "${session}") { attendances { nodes { id } } } }`);
  const attendance = found.attendances.nodes[0].id as string;
  const recording = insertRecording(gateway, session);
  const { license } = await ask(gateway, "{ license { id } }");
  return { gateway, ids: { meeting, session, attendance, recording, message, license: license.id as string } };
}

const fields = `__typename id ... on Meeting { title } ... on Session { status } ... on Attendance { fullName }
  ... on Recording { isPublished } ... on Message { body } ... on License { name }`;

test("node and nodes find every kind of object by its id, in the given order, whatever the letter case", async () => {
  const { gateway, ids } = await aWholeLife();
  const all = [
    ids.recording,
    ids.license,
    ids.meeting.toUpperCase(),
    ids.attendance,
    ids.session,
    ids.message,
    ids.meeting,
  ];
  const { nodes } = await ask(gateway, `query ($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids: all });
  expect(nodes).toEqual([
    { __typename: "Recording", id: ids.recording, isPublished: true },
    { __typename: "License", id: ids.license, name: "Test" },
    { __typename: "Meeting", id: ids.meeting, title: "Algebra" },
    { __typename: "Attendance", id: ids.attendance, fullName: "Ahmad" },
    { __typename: "Session", id: ids.session, status: "RUNNING" },
    { __typename: "Message", id: ids.message, body: "hello" },
    { __typename: "Meeting", id: ids.meeting, title: "Algebra" },
  ]);
  const { node } = await ask(gateway, `query ($id: ID!) { node(id: $id) { ${fields} } }`, { id: ids.session });
  expect(node).toEqual(nodes[4]);
});

test("an unknown id, no id at all, a deleted meeting's and another license's are null", async () => {
  const { gateway, ids } = await aWholeLife();
  const gone = await newMeeting(gateway);
  await mutate(gateway, "deleteMeeting", { meetingId: gone });
  const other = await gateway.license();
  const foreign = await newMeeting(gateway, {}, { key: other.key });
  const { session } = { session: (await start(gateway, foreign, {}, { key: other.key })).sessionId };
  const strange = [
    "",
    "7",
    "x".repeat(10_000),
    "0db9ac9d-399b-4b9b-987c-50fd77f5d15d",
    gone,
    foreign,
    session,
    other.id,
  ];
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`;
  expect((await ask(gateway, query, { ids: strange })).nodes).toEqual(strange.map(() => null));
  const theirs = await ask(gateway, query, { ids: Object.values(ids) }, { key: other.key });
  expect(theirs.nodes).toEqual(Object.values(ids).map(() => null));
});

test("nodes takes at most 100 ids and says so", async () => {
  const gateway = await boot(quiet);
  const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
  const ids = Array.from({ length: 101 }, () => "7");
  expect((await ask(gateway, query, { ids: ids.slice(1) })).nodes).toHaveLength(100);
  const long = await outcome(gateway, query, { ids });
  expect([long.status, long.messages]).toEqual([400, ['Variable "$ids": at most 100 entries are allowed.']]);
  const written = await outcome(gateway, `{ nodes(ids: [${ids.map((id) => `"${id}"`).join(" ")}]) { id } }`);
  expect(written).toMatchObject({
    messages: ["ids is too long: at most 100 entries are read."],
    data: { nodes: null },
  });
});

test("a hundred nodes of any kind cost one statement a kind", async () => {
  const { gateway, ids } = await aWholeLife();
  const query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
  const kinds = Object.values(ids);
  const many = Array.from({ length: 100 }, (_, at) => kinds[at % kinds.length]);
  const ran = await statementsDuring(() => ask(gateway, query, { ids: many }));
  expect(ran).toHaveLength(kinds.length);
});
