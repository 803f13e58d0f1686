import { expect, test } from "vitest";
import { EngineRefused, EngineUnavailable } from "../../../src/engine/engine.js";
import { type MessageKey, openMessages } from "../../../src/messages/index.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { engineWith } from "../../helpers/test-engine.js";
import { type MutationName, mutate, newMeeting, start, switches } from "../ask.js";

const messages = openMessages("ar");
const nobodysId = "0db9ac9d-399b-4b9b-987c-50fd77f5d15d";

/** The same refusal must come in Arabic (also without a header) and in English, with this sentence; gives the English. */
async function refusedInBoth(
  gateway: Gateway,
  name: MutationName,
  input: object,
  key: MessageKey,
  facts: Record<string, string | number> = {},
) {
  const arabic = await mutate(gateway, name, input);
  const english = await mutate(gateway, name, input, { language: "en-GB,en;q=0.9" });
  expect(arabic.message).toBe(messages.text("ar", key, facts));
  expect(english.message).toBe(messages.text("en", key, facts));
  expect(english.messages[0]).toBe(english.message);
  expect({ ...arabic, message: "", messages: "", issues: "" }).toEqual({
    ...english,
    message: "",
    messages: "",
    issues: "",
  });
  return english;
}

const summary = ({ issues }: { issues: { path: string[]; code: string }[] }) =>
  issues.map(({ path, code }) => `${path.join(".")} ${code}`);

test("language-2, create-4: InvalidInputError names every fault at once, each with its path, code and sentence", async () => {
  const gateway = await boot();
  const input = { title: "x".repeat(256), moderatorPassword: "p\u0007", welcomeText: "w".repeat(4001) };
  const facts = { field: "title", limit: 255 };
  const refused = await refusedInBoth(gateway, "createMeeting", input, "fault.tooLong", facts);
  expect(refused).toMatchObject({ __typename: "InvalidInputError", code: "INVALID_INPUT" });
  expect(summary(refused)).toEqual(["title TOO_LONG", "moderatorPassword INVALID_FORMAT", "welcomeText TOO_LONG"]);
  expect(refused.messages).toEqual(refused.issues.map(({ message }: { message: string }) => message));
  expect(refused.messages[2]).toBe("welcomeText is too long: at most 4000 characters are allowed.");

  const meetingId = await newMeeting(gateway);
  const starting = { meetingId, moderatorName: "  ", title: "\ud800", attendeePassword: "p".repeat(65) };
  const address = `https://example.com/${"a".repeat(2048)}`;
  const started = await mutate(gateway, "startMeeting", {
    ...starting,
    moderatorPassword: "p".repeat(65),
    logoutUrl: address,
  });
  expect(summary(started)).toEqual([
    "title INVALID_FORMAT",
    "attendeePassword TOO_LONG",
    "moderatorPassword TOO_LONG",
    "moderatorName REQUIRED",
    "logoutUrl TOO_LONG",
  ]);
  const joining = { meetingId, role: "VIEWER", fullName: "n".repeat(256), password: "p".repeat(65) };
  expect(summary(await mutate(gateway, "joinMeeting", joining))).toEqual(["fullName TOO_LONG", "password TOO_LONG"]);
});

test("a switch that is null in a patch says neither on nor off: NULL_NOT_ALLOWED, and nothing is changed", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { title: "T" });
  const settings = { record: null, lockSettingsDisableMic: true, lockSettingsDisableCam: null };
  const input = { meetingId, title: "x".repeat(256), settings };
  const update = await mutate(gateway, "updateMeeting", input);
  expect(summary(update)).toEqual([
    "title TOO_LONG",
    "settings.lockSettingsDisableCam NULL_NOT_ALLOWED",
    "settings.record NULL_NOT_ALLOWED",
  ]);
  const facts = { field: "settings.lockSettingsDisableCam" };
  const general = await refusedInBoth(
    gateway,
    "updateGeneralMeetingSettings",
    { settings },
    "fault.nullNotAllowed",
    facts,
  );
  expect(summary(general)).toEqual([
    "settings.lockSettingsDisableCam NULL_NOT_ALLOWED",
    "settings.record NULL_NOT_ALLOWED",
  ]);
  const { meeting } = await mutate(gateway, "createMeeting", {});
  expect(meeting.settings).toEqual(switches(false));
  expect((await mutate(gateway, "updateMeeting", { meetingId })).meeting).toMatchObject({
    title: "T",
    settings: switches(false),
  });
});

test("id-2: an unknown id and another license's get the same NotFoundError in every mutation", async () => {
  const gateway = await boot();
  const { key } = await gateway.license();
  const theirs = await newMeeting(gateway, { title: "theirs" }, { key });
  await start(gateway, theirs, {}, { key });
  const calls: [MutationName, object][] = [
    ["updateMeeting", { title: "mine now" }],
    ["startMeeting", { moderatorName: "m" }],
    ["joinMeeting", { fullName: "v", role: "VIEWER" }],
    ["endMeeting", {}],
    ["deleteMeeting", {}],
  ];
  for (const [name, input] of calls) {
    const unknown = { ...input, meetingId: nobodysId };
    const notMine = await mutate(gateway, name, { ...input, meetingId: theirs }, { language: "en" });
    expect(await refusedInBoth(gateway, name, unknown, "refusal.NOT_FOUND.MEETING")).toEqual(notMine);
    expect(notMine).toMatchObject({ __typename: "NotFoundError", code: "NOT_FOUND", resource: "MEETING" });
  }
  const { meeting } = await mutate(gateway, "updateMeeting", { meetingId: theirs }, { key });
  expect(meeting).toMatchObject({ title: "theirs", isRunning: true });
});

test("start-2, join-2: InvalidPasswordError for a wrong, an empty and a missing password", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway, { moderatorPassword: "modpwd" });
  for (const given of [{}, { moderatorPassword: "MODPWD" }, { moderatorPassword: null }, { moderatorPassword: "" }]) {
    const input = { meetingId, moderatorName: "m", ...given };
    const refused = await refusedInBoth(gateway, "startMeeting", input, "refusal.INVALID_PASSWORD");
    expect(refused).toMatchObject({ __typename: "InvalidPasswordError", code: "INVALID_PASSWORD" });
  }
  await start(gateway, meetingId, { moderatorPassword: "modpwd", attendeePassword: "attpwd" });
  for (const given of [
    { role: "MODERATOR", password: "attpwd" },
    { role: "VIEWER", password: "modpwd" },
    { role: "VIEWER" },
  ]) {
    const input = { meetingId, fullName: "v", ...given };
    const refused = await refusedInBoth(gateway, "joinMeeting", input, "refusal.INVALID_PASSWORD");
    expect(refused.__typename).toBe("InvalidPasswordError");
  }
});

test("start-5, join-3, end-1, delete-1: MeetingStateError carries the meeting as it is", async () => {
  const gateway = await boot();
  const meetingId = await newMeeting(gateway);
  const idle = {
    __typename: "MeetingStateError",
    code: "MEETING_NOT_RUNNING",
    meeting: { id: meetingId, isRunning: false },
  };
  const joining = { meetingId, fullName: "v", role: "VIEWER" };
  expect(await refusedInBoth(gateway, "joinMeeting", joining, "refusal.MEETING_NOT_RUNNING")).toMatchObject(idle);
  expect(await refusedInBoth(gateway, "endMeeting", { meetingId }, "refusal.MEETING_NOT_RUNNING")).toMatchObject(idle);

  await start(gateway, meetingId, { title: "one" });
  const busy = {
    __typename: "MeetingStateError",
    code: "MEETING_ALREADY_RUNNING",
    meeting: { id: meetingId, isRunning: true },
  };
  const deletion = "refusal.MEETING_ALREADY_RUNNING.DELETE";
  expect(await refusedInBoth(gateway, "deleteMeeting", { meetingId }, deletion)).toMatchObject(busy);
  const other = { meetingId, moderatorName: "m", title: "two", attendeePassword: "p" };
  const key = "refusal.MEETING_ALREADY_RUNNING.START";
  const facts = { fields: "title, attendeePassword" };
  expect(await refusedInBoth(gateway, "startMeeting", other, key, facts)).toMatchObject(busy);
});

test("limit-2, limit-3: LimitReachedError names the limit that was hit", async () => {
  const gateway = await boot();
  const { key } = await gateway.license({ maxMeetings: 2, maxRunning: 1, maxAttendance: 1 });
  const limited: Gateway = {
    ...gateway,
    graphql: (query, variables, call) => gateway.graphql(query, variables, { ...call, key }),
  };
  const [one, two] = [await newMeeting(limited), await newMeeting(limited)];
  const meetings = await refusedInBoth(limited, "createMeeting", {}, "refusal.MEETING_LIMIT_REACHED", { limit: 2 });
  expect(meetings).toMatchObject({ __typename: "LimitReachedError", code: "MEETING_LIMIT_REACHED", limit: 2 });

  const { joinUrl } = await start(limited, one);
  const second = { meetingId: two, moderatorName: "m" };
  const running = await refusedInBoth(limited, "startMeeting", second, "refusal.RUNNING_LIMIT_REACHED", { limit: 1 });
  expect(running).toMatchObject({ code: "RUNNING_LIMIT_REACHED", limit: 1 });

  await gateway.socket().enter(joinUrl);
  const viewer = { meetingId: one, fullName: "v", role: "VIEWER" };
  const full = await refusedInBoth(limited, "joinMeeting", viewer, "refusal.ATTENDANCE_LIMIT_REACHED", { limit: 1 });
  expect(full).toMatchObject({ code: "ATTENDANCE_LIMIT_REACHED", limit: 1 });
});

test("EngineError says whether trying again may help; a failed start leaves nothing running", async () => {
  let failure: Error | undefined = new EngineUnavailable("down: secret-host");
  const failing = async () => {
    if (failure) throw failure;
    return null;
  };
  const openEngine = engineWith(() => ({ openRoom: failing, closeRoom: async () => void (await failing()) }));
  const gateway = await boot({ openEngine });
  const meetingId = await newMeeting(gateway);
  const starting = { meetingId, moderatorName: "m" };
  const down = await refusedInBoth(gateway, "startMeeting", starting, "refusal.ENGINE_FAILED.PASSING");
  expect(down).toMatchObject({ __typename: "EngineError", code: "ENGINE_FAILED", retryable: true });
  failure = new EngineRefused("no");
  const refused = await refusedInBoth(gateway, "startMeeting", starting, "refusal.ENGINE_FAILED.LASTING");
  expect(refused).toMatchObject({ retryable: false });
  failure = undefined;
  expect(await mutate(gateway, "endMeeting", { meetingId })).toMatchObject({ code: "MEETING_NOT_RUNNING" });
  await start(gateway, meetingId);
  failure = new EngineUnavailable("down");
  expect(await refusedInBoth(gateway, "endMeeting", { meetingId }, "refusal.ENGINE_FAILED.PASSING")).toMatchObject({
    __typename: "EngineError",
    retryable: true,
  });
  failure = undefined;
  expect((await mutate(gateway, "endMeeting", { meetingId })).session.status).toBe("ENDED");
});
