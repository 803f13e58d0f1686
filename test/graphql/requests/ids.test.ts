import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { ask, mutate, type MutationName, newMeeting, newToken, outcome } from "../ask.js";
import { furnished, nobodysId } from "../furnished.js";
import { doors } from "../live/clients.js";

const malformed = ["", "7", "hunter2", `${nobodysId}0`, `{${nobodysId}}`, "é".repeat(10_000), "\ud800"];

test("every id that comes out of the graph goes in again as ID, in any letter case", async () => {
  const gateway = await boot();
  const { meetingId, sessionId, recordingId } = await furnished(gateway, "Algebra");
  const query = `query ($m: ID!, $s: ID!, $r: ID!) {
    meeting(id: $m) { id } session(id: $s) { id } recording(id: $r) { id }
    recordings(filter: { meetingId: $m }) { totalCount } }`;
  const ids = { m: meetingId, s: sessionId, r: recordingId };
  const upper = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, id.toUpperCase()]));
  const found = {
    meeting: { id: meetingId },
    session: { id: sessionId },
    recording: { id: recordingId },
    recordings: { totalCount: 1 },
  };
  expect(await ask(gateway, query, ids)).toEqual(found);
  expect(await ask(gateway, query, upper)).toEqual(found);

  const { tokenId } = await newToken(gateway, ["MEETINGS_READ"], { meetingId: meetingId.toUpperCase() });
  expect((await mutate(gateway, "revokeAccessToken", { tokenId: tokenId.toUpperCase() })).tokenId).toBe(tokenId);
  const idle = await newMeeting(gateway);
  const written = `mutation ($id: ID!, $idle: ID!) {
    updateMeeting(input: { meetingId: $id, title: "T" }) { ... on UpdateMeetingSuccess { meeting { id } } }
    startMeeting(input: { meetingId: $id, moderatorName: "m", moderatorPassword: "modpwd" }) { __typename }
    joinMeeting(input: { meetingId: $id, fullName: "v", role: VIEWER, password: "attpwd" }) { __typename }
    endMeeting(input: { meetingId: $id }) { __typename }
    deleteMeeting(input: { meetingId: $idle }) { ... on DeleteMeetingSuccess { deletedMeetingId } } }`;
  const written2 = await ask(gateway, written, { id: meetingId.toUpperCase(), idle: idle.toUpperCase() });
  expect(written2).toEqual({
    updateMeeting: { meeting: { id: meetingId } },
    startMeeting: { __typename: "StartMeetingSuccess" },
    joinMeeting: { __typename: "JoinMeetingSuccess" },
    endMeeting: { __typename: "EndMeetingSuccess" },
    deleteMeeting: { deletedMeetingId: idle },
  });
});

test("a malformed id is a fault of its field: InvalidInputError with its path in every mutation", async () => {
  const gateway = await boot();
  const calls: [MutationName, field: string, input: object][] = [
    ["updateMeeting", "meetingId", { title: "t" }],
    ["startMeeting", "meetingId", { moderatorName: "m" }],
    ["joinMeeting", "meetingId", { fullName: "v", role: "VIEWER" }],
    ["endMeeting", "meetingId", {}],
    ["deleteMeeting", "meetingId", {}],
    ["createAccessToken", "meetingId", { scopes: ["MEETINGS_READ"] }],
    ["revokeAccessToken", "tokenId", {}],
  ];
  for (const [name, field, input] of calls) {
    for (const id of malformed) {
      const refused = await mutate(gateway, name, { ...input, [field]: id }, { language: "en" });
      const message = `${field} must be a valid UUID.`;
      expect([name, id, refused]).toMatchObject([
        name,
        id,
        { __typename: "InvalidInputError", issues: [{ path: [field], code: "INVALID_FORMAT", message }] },
      ]);
    }
  }
});

test("a malformed id in a query is BAD_USER_INPUT that names its argument; the other fields are answered", async () => {
  const gateway = await boot();
  const query = `query ($id: ID!) { generalMeetingSettings { record }
    meeting(id: $id) { id } session(id: $id) { id } recording(id: $id) { id }
    recordings(filter: { meetingId: $id }) { totalCount } node(id: $id) { id } }`;
  for (const id of malformed) {
    const { status, data, errors } = await outcome(gateway, query, { id });
    expect([id, status]).toEqual([id, 200]);
    const nothing = { meeting: null, session: null, recording: null, recordings: null, node: null };
    expect(data).toEqual({ generalMeetingSettings: { record: false }, ...nothing });
    const said = errors.map(({ message, path, extensions }) => [path.join("."), extensions.code, message]);
    expect(said.toSorted()).toEqual([
      ["meeting", "BAD_USER_INPUT", "id must be a valid UUID."],
      ["recording", "BAD_USER_INPUT", "id must be a valid UUID."],
      ["recordings", "BAD_USER_INPUT", "filter.meetingId must be a valid UUID."],
      ["session", "BAD_USER_INPUT", "id must be a valid UUID."],
    ]);
  }
});

test.each(Object.entries(doors))(
  "a malformed id to follow is refused over %s, in any letter case it is taken",
  async (_, door) => {
    const gateway = await boot();
    const meetingId = await newMeeting(gateway);
    const query = "subscription ($m: ID, $after: ID) { sessionStarted(meetingId: $m, after: $after) { id } }";
    const credentials = { license: gateway.key };
    const refused = await door(gateway, credentials, { query, variables: { m: "hunter2" } }).next();
    expect(refused.errors).toMatchObject([
      { message: "meetingId must be a valid UUID.", extensions: { code: "BAD_USER_INPUT" } },
    ]);
    const heard = door(gateway, credentials, { query, variables: { m: meetingId.toUpperCase() } });
    await heard.silence(100);
  },
);
