import { expect, test } from "vitest";
import { boot } from "../../helpers/boot.js";
import { ask, mutate, newMeeting, start, switches } from "../ask.js";

const english = { language: "en" };
const said = ({ issues }: { issues: { path: string[]; code: string }[] }) =>
  issues.map(({ path, code }) => `${path.join(".")} ${code}`);

test("a blank name, an address and an id come back in one InvalidInputError, with every other fault", async () => {
  const gateway = await boot();
  const starting = { meetingId: "x", moderatorName: " ", logoutUrl: "ftp://example.com" };
  const key = "k".repeat(256);
  const refused = await mutate(
    gateway,
    "startMeeting",
    { ...starting, title: "x\u0000", attendeePassword: "p".repeat(65), moderatorPassword: "p\n", idempotencyKey: key },
    english,
  );
  expect(said(refused).toSorted()).toEqual([
    "attendeePassword TOO_LONG",
    "idempotencyKey TOO_LONG",
    "logoutUrl INVALID_FORMAT",
    "meetingId INVALID_FORMAT",
    "moderatorName REQUIRED",
    "moderatorPassword INVALID_FORMAT",
    "title INVALID_FORMAT",
  ]);
  const joining = { meetingId: "x", fullName: "\u200b", role: "VIEWER", password: "p".repeat(65) };
  expect(said(await mutate(gateway, "joinMeeting", joining)).toSorted()).toEqual([
    "fullName REQUIRED",
    "meetingId INVALID_FORMAT",
    "password TOO_LONG",
  ]);
  const making = { scopes: [], expiresInSeconds: 1, meetingId: "x" };
  expect(said(await mutate(gateway, "createAccessToken", making)).toSorted()).toEqual([
    "expiresInSeconds OUT_OF_RANGE",
    "meetingId INVALID_FORMAT",
    "scopes REQUIRED",
  ]);
});

test("start-4: the graph takes an address without its scheme as v1 does, and shows it with one", async () => {
  const gateway = await boot();
  for (const [given, shown] of [
    ["example.com", "https://example.com/"],
    ["http://Example.com/a?b#c", "http://example.com/a?b#c"],
    ["", null],
  ]) {
    const meetingId = await newMeeting(gateway);
    const { session } = await mutate(gateway, "startMeeting", { meetingId, moderatorName: "m", logoutUrl: given });
    expect([given, session.logoutUrl]).toEqual([given, shown]);
    // start-5: the same again contradicts nothing.
    await start(gateway, meetingId, { logoutUrl: given });
  }
  const meetingId = await newMeeting(gateway);
  for (const logoutUrl of ["javascript:alert(1)", "ftp://example.com", "/path", "//example.com", "http://", "a b"]) {
    const refused = await mutate(gateway, "startMeeting", { meetingId, moderatorName: "m", logoutUrl }, english);
    expect([logoutUrl, refused.messages]).toEqual([
      logoutUrl,
      ["logoutUrl must be a web address that begins with http or https."],
    ]);
  }
});

test("each switch that a new meeting's settings lack is a fault beside the others, null as if left out", async () => {
  const gateway = await boot();
  const settings = switches(true, { record: undefined, lockSettingsDisableMic: null });
  const refused = await mutate(gateway, "createMeeting", { title: "x".repeat(256), settings }, english);
  expect(said(refused)).toEqual([
    "title TOO_LONG",
    "settings.lockSettingsDisableMic REQUIRED",
    "settings.record REQUIRED",
  ]);
  expect(refused.messages[2]).toBe("settings.record is required.");
  expect(said(await mutate(gateway, "createMeeting", { settings: {} }))).toHaveLength(10);
  expect((await ask(gateway, "{ meetings { totalCount } }")).meetings.totalCount).toBe(0);
});

test("what the schema's types already say comes as one error for each variable, all at once", async () => {
  const gateway = await boot();
  const query = `mutation ($start: StartMeetingInput!, $token: CreateAccessTokenInput!, $join: JoinMeetingInput!) {
    startMeeting(input: $start) { __typename } createAccessToken(input: $token) { __typename }
    joinMeeting(input: $join) { __typename } }`;
  const variables = {
    start: { logoutUrl: "ftp:", title: 5 },
    token: { scopes: ["NOTHING"], expiresInSeconds: 1e12 },
    join: { meetingId: null, role: "BOSS", fullName: "v" },
  };
  const { status, body } = await gateway.graphql(query, variables);
  expect(status).toBe(400);
  const paths = body.errors.map(({ message }: { message: string }) => /"\$([\w.]+)"/.exec(message)?.[1]);
  expect(paths.toSorted()).toEqual([
    "join.meetingId",
    "join.role",
    "start",
    "start",
    "start.title",
    "token.expiresInSeconds",
    "token.scopes.0",
  ]);
});
