import { expect, test } from "vitest";
import { scopeMeanings } from "../../../src/domain/license/scopes.js";
import { boot, type Gateway, type V1Call } from "../../helpers/boot.js";
import { ask, type MutationName, mutate, newMeeting, newToken, outcome, start } from "../ask.js";
import { type Furnished, furnished, nobodysId } from "../furnished.js";

const allScopes = Object.keys(scopeMeanings);

/** Two meetings with everything, and a token with every scope for the first of them. */
async function twoMeetings() {
  const gateway = await boot();
  const [mine, other] = [await furnished(gateway, "Mine"), await furnished(gateway, "Other")];
  const { call } = await newToken(gateway, allScopes, { meetingId: mine.meetingId });
  return { gateway, mine, other, call };
}

const answerOf = async (gateway: Gateway, query: string, call: V1Call) => {
  const { status, data, codes } = await outcome(gateway, query, {}, call);
  return { status, data, codes };
};

test("what belongs to another meeting is not there by its id: the answer is the one to an id that is nobody's", async () => {
  const { gateway, mine, other, call } = await twoMeetings();
  const byId = (of: Furnished) => `{
    meeting(id: "${of.meetingId}") { id title moderatorPassword }
    session(id: "${of.sessionId}") { id attendances { totalCount } }
    recording(id: "${of.recordingId}") { id }
    node(id: "${of.meetingId}") { id __typename }
    nodes(ids: ["${of.meetingId}", "${of.sessionId}", "${of.attendanceId}", "${of.recordingId}"]) { id __typename } }`;
  const nobodys = byId({ meetingId: nobodysId, sessionId: nobodysId, attendanceId: nobodysId, recordingId: nobodysId });
  const nothing = { meeting: null, session: null, recording: null, node: null, nodes: [null, null, null, null] };
  for (const query of [byId(other), nobodys]) {
    expect(await answerOf(gateway, query, call)).toEqual({ status: 200, data: nothing, codes: [] });
  }
  const seen = await ask(gateway, byId(mine), {}, call);
  expect(seen.meeting.title).toBe("Mine");
  expect(seen.session.attendances.totalCount).toBe(1);
  const types = ["Meeting", "Session", "Attendance", "Recording"];
  expect(seen.nodes.map((node: { __typename: string }) => node.__typename)).toEqual(types);
  const whole = await ask(gateway, byId(other));
  expect(whole.nodes.map((node: { __typename: string }) => node.__typename)).toEqual(types);
});

test("lists, their counts, filters, orders and cursors know of the one meeting only", async () => {
  const { gateway, mine, other, call } = await twoMeetings();
  const lists = (args: string) => `{
    meetings${args} { totalCount nodes { id sessions { totalCount nodes { id } } currentSession { id } } }
    sessions${args} { totalCount nodes { id meeting { id } attendances { totalCount nodes { id } } recording { id } } }
    recordings${args} { totalCount nodes { id session { id meeting { id } } } } }`;
  const { meetingId, sessionId, attendanceId, recordingId } = mine;
  const one = <Node>(node: Node) => ({ totalCount: 1, nodes: [node] });
  const whole = {
    meetings: one({ id: meetingId, sessions: one({ id: sessionId }), currentSession: { id: sessionId } }),
    sessions: one({
      id: sessionId,
      meeting: { id: meetingId },
      attendances: one({ id: attendanceId }),
      recording: { id: recordingId },
    }),
    recordings: one({ id: recordingId, session: { id: sessionId, meeting: { id: meetingId } } }),
  };
  for (const args of ["", "(first: 1)", "(last: 50)"]) expect(await ask(gateway, lists(args), {}, call)).toEqual(whole);
  expect((await ask(gateway, lists(""))).meetings.totalCount).toBe(2);

  const none = { totalCount: 0, nodes: [] };
  const filtered = `{ a: meetings(filter: { titleContains: "Other" }) { totalCount nodes { id } }
    b: recordings(filter: { meetingId: "${other.meetingId}" }) { totalCount nodes { id } }
    c: recordings(filter: { meetingId: "${meetingId}" }) { totalCount nodes { id } }
    d: meetings(filter: { isRunning: true }, orderBy: { field: TITLE, direction: DESC }) { totalCount nodes { id } } }`;
  const mineOnly = { a: none, b: none, c: one({ id: recordingId }), d: one({ id: meetingId }) };
  expect(await ask(gateway, filtered, {}, call)).toEqual(mineOnly);

  // A cursor of the other meeting, from the key's hands, opens nothing, and beyond it there is only its own.
  const edges = "{ meetings { edges { cursor node { id } } } }";
  const found: { cursor: string; node: { id: string } }[] = (await ask(gateway, edges)).meetings.edges;
  const cursor = found.find(({ node }) => node.id === other.meetingId)?.cursor;
  const around = `{ after: meetings(after: "${cursor}") { nodes { id } pageInfo { hasNextPage hasPreviousPage } }
    before: meetings(before: "${cursor}") { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }`;
  const alone = { hasNextPage: false, hasPreviousPage: false };
  expect(await ask(gateway, around, {}, call)).toEqual({
    after: { nodes: [{ id: meetingId }], pageInfo: alone },
    before: { nodes: [], pageInfo: { hasNextPage: true, hasPreviousPage: false } },
  });
});

test("it can change nothing of another meeting, make none, and not change the license's own settings", async () => {
  const { gateway, other, call } = await twoMeetings();
  const idle = await newMeeting(gateway, { title: "Idle" });
  const calls: [MutationName, object][] = [
    ["updateMeeting", { title: "taken" }],
    ["startMeeting", { moderatorName: "m" }],
    ["joinMeeting", { fullName: "v", role: "VIEWER" }],
    ["endMeeting", {}],
    ["deleteMeeting", {}],
  ];
  for (const meetingId of [other.meetingId, idle, nobodysId]) {
    for (const [name, input] of calls) {
      const refused = await mutate(gateway, name, { ...input, meetingId }, call);
      expect([name, refused]).toMatchObject([name, { __typename: "NotFoundError", resource: "MEETING" }]);
    }
  }
  const beyond = `mutation { createMeeting(input: {}) { __typename }
    updateGeneralMeetingSettings(input: { settings: { record: true } }) { __typename }
    createAccessToken(input: { scopes: [MEETINGS_READ] }) { __typename } }`;
  const { data, errors } = await outcome(gateway, beyond, {}, call);
  expect(data).toEqual({ createMeeting: null, updateGeneralMeetingSettings: null, createAccessToken: null });
  const oneMeeting = "This access token was made for one meeting and can't do this.";
  expect(errors.map(({ message, extensions }) => [message, extensions.code, extensions.requiredScopes])).toEqual([
    [oneMeeting, "FORBIDDEN", undefined],
    [oneMeeting, "FORBIDDEN", undefined],
    ["This needs the license key; an access token will not do.", "FORBIDDEN", undefined],
  ]);
  const after = await ask(gateway, "{ meetings { nodes { title isRunning } } generalMeetingSettings { record } }");
  expect(after).toEqual({
    meetings: {
      nodes: [
        { title: "Idle", isRunning: false },
        { title: "Other", isRunning: true },
        { title: "Mine", isRunning: true },
      ],
    },
    generalMeetingSettings: { record: false },
  });
});

test("its own meeting it can run from beginning to end, and delete; then it still sees what was, and nothing else", async () => {
  const { gateway, mine, other, call } = await twoMeetings();
  const { meetingId, sessionId, recordingId } = mine;
  const input = { meetingId };
  expect((await mutate(gateway, "updateMeeting", { ...input, title: "New" }, call)).meeting.title).toBe("New");
  const join = { ...input, fullName: "v", role: "VIEWER", password: "attpwd" };
  expect((await mutate(gateway, "joinMeeting", join, call)).session.id).toBe(sessionId);
  expect((await mutate(gateway, "endMeeting", input, call)).session.status).toBe("ENDED");
  expect((await start(gateway, meetingId, { moderatorPassword: "modpwd" }, call)).sessionId).not.toBe(sessionId);
  await mutate(gateway, "endMeeting", input, call);
  expect(await mutate(gateway, "deleteMeeting", input, call)).toMatchObject({ deletedMeetingId: meetingId });

  const query = `{ meeting(id: "${meetingId}") { id } meetings { totalCount } sessions { totalCount }
    session(id: "${sessionId}") { id meeting { id } attendances { totalCount } recording { id } }
    theirs: session(id: "${other.sessionId}") { id } }`;
  expect(await ask(gateway, query, {}, call)).toEqual({
    meeting: null,
    meetings: { totalCount: 0 },
    sessions: { totalCount: 2 },
    session: { id: sessionId, meeting: null, attendances: { totalCount: 1 }, recording: { id: recordingId } },
    theirs: null,
  });
  expect(await mutate(gateway, "startMeeting", { ...input, moderatorName: "m" }, call)).toMatchObject({
    __typename: "NotFoundError",
  });
});
