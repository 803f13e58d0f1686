import { expect, test } from "vitest";
import { textFor, titleFor } from "../../../src/engine/bigbluebutton/texts.js";
import { boot } from "../../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting, tenSettings } from "../../helpers/meetings.js";
import { bigbluebutton } from "../../peers/bigbluebutton/index.js";

const bbbSettings = (value: string) => ({
  record: value,
  autoStartRecording: value,
  allowStartStopRecording: value,
  webcamsOnlyForModerator: value,
  lockSettingsDisableCam: value,
  lockSettingsDisableMic: value,
  lockSettingsDisablePublicChat: value,
  lockSettingsDisablePrivateChat: value,
  lockSettingsDisableNotes: value,
  lockSettingsDisableNote: value,
  lockSettingsLockedLayout: value,
});

test("what a meeting is becomes what the server's room is: all ten settings, limits, addresses, ids, and nothing secret", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({
    env: { ...peer.env, EMPTY_ROOM_MINUTES: "44.5", PUBLIC_URL: "https://meet.example.com/x" },
  });
  const { id, key } = await gateway.license({ maxAttendance: 7 });
  const meetingId = await createMeeting(
    gateway,
    {
      title: "A",
      welcome_text: "<b>Hi</b> & bye\n%%CONFNAME%%",
      moderator_password: "modpwd",
      meeting_setting: tenSettings(true),
    },
    { key },
  );
  const start = { moderator_password: "modpwd", attendee_password: "attpwd", logout_url: "lms.example.com/out" };
  const link = await startMeeting(gateway, meetingId, start, { key });
  const sessionId = sessionOf(link);
  const { query, parameters } = peer.calls("create")[0] ?? { query: "", parameters: {} };
  expect(query).toMatch(/&checksum=[0-9a-f]{64}$/);
  const callback = (path: string) =>
    expect.stringMatching(new RegExp(`^https://meet.example.com/x/engine-callbacks/bigbluebutton/[\\w-]{43}/${path}$`));
  expect({ ...parameters, checksum: undefined }).toEqual({
    meetingID: sessionId,
    name: "A·",
    welcome: "&lt;b&gt;Hi&lt;/b&gt; &amp; bye<br>%&#37;CONFNAME%&#37;",
    maxParticipants: "7",
    logoutURL: "https://lms.example.com/out",
    ...bbbSettings("true"),
    disabledFeatures: "layouts",
    meetingExpireIfNoUserJoinedInMinutes: "45",
    meetingExpireWhenLastUserLeftInMinutes: "45",
    meetingKeepEvents: "true",
    meetingEndedURL: callback(`ended/${sessionId}`),
    "meta_bbb-recording-ready-url": callback("recording-ready"),
    "meta_analytics-callback-url": callback("analytics"),
    "meta_gw-session-id": sessionId,
    "meta_gw-meeting-id": meetingId,
    "meta_gw-tenant": id,
  });

  const { searchParams } = new URL(link);
  const answer = await fetch(link.replace("https://meet.example.com/x", gateway.url), {
    method: "POST",
    redirect: "manual",
    headers: { "accept-language": "en" },
  });
  expect(answer.status).toBe(303);
  const way = new URL(answer.headers.get("location") ?? "");
  expect(Object.fromEntries(way.searchParams)).toEqual({
    fullName: "mod1",
    meetingID: sessionId,
    role: "MODERATOR",
    userID: searchParams.get("personID"),
    createTime: String(peer.meeting(sessionId)?.createTime),
    errorRedirectUrl: "https://lms.example.com/out",
    "userdata-bbb_override_default_locale": "en",
    checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("everything off, nothing given: the server is told so, and each server only what it knows", async () => {
  const peers = {
    scalelite: await bigbluebutton({ flavour: "scalelite" }),
    plugnmeet: await bigbluebutton({ flavour: "plugnmeet" }),
  };
  const sent = { scalelite: {}, plugnmeet: {} } as Record<keyof typeof peers, Record<string, string>>;
  for (const [flavour, peer] of Object.entries(peers)) {
    const gateway = await boot({ env: { ...peer.env, EMPTY_ROOM_MINUTES: "0" } });
    const link = await startMeeting(gateway, await createMeeting(gateway));
    expect(await peer.enter(link)).toMatchObject({ inside: true });
    // One that nobody enters can be ended as well.
    const empty = await createMeeting(gateway);
    await startMeeting(gateway, empty);
    expect((await gateway.v1(`end_meeting?meeting_id=${empty}`)).status).toBe(200);
    sent[flavour as keyof typeof peers] = peer.calls("create")[0]?.parameters ?? {};
  }
  const { scalelite, plugnmeet } = sent;
  const common = {
    name: "غرفة الاجتماع",
    welcome: "غرفة الاجتماع",
    meetingExpireWhenLastUserLeftInMinutes: "0",
    meetingExpireIfNoUserJoinedInMinutes: "10080",
  };
  expect(scalelite).toMatchObject({ ...common, ...bbbSettings("false") });
  expect(scalelite["attendeePW"]).toMatch(/^[0-9a-f]{32}$/);
  expect(scalelite["moderatorPW"]).toMatch(/^[0-9a-f]{32}$/);
  expect(scalelite["attendeePW"]).not.toBe(scalelite["moderatorPW"]);
  for (const name of ["disabledFeatures", "maxParticipants", "logoutURL"]) expect(scalelite).not.toHaveProperty(name);
  expect(plugnmeet).toMatchObject({ ...common, record: "false", lockSettingsDisableNotes: "false" });
  for (const name of ["meetingEndedURL", "lockSettingsLockedLayout", "allowStartStopRecording", "attendeePW"]) {
    expect(plugnmeet).not.toHaveProperty(name);
  }
});

test("a title is made what every version takes, whatever it is", () => {
  const long = `${"ا".repeat(62)}😀 and on`;
  const made = [
    ["A", "A·"],
    ["  a \n b ", "a b"],
    ["<script>", "‹script›"],
    ["$1 \\ %%", "$1 \\ %%"],
    [long, `${"ا".repeat(62)}…`],
  ];
  expect(made.map(([title = ""]) => titleFor(title))).toEqual(made.map(([, name]) => name));
});

test("a welcome text is cut where the address would be too long: whole letters, whole escapes, and it says so", async () => {
  expect(textFor("a<b", 100)).toBe("a&lt;b");
  const cut = textFor("<😀".repeat(50), 200);
  expect(cut).toMatch(/^(?:&lt;😀)+(?:&lt;)?…$/u);
  for (const text of [cut, textFor("%".repeat(200), 200)]) {
    expect(new URLSearchParams({ "": text }).toString().length - 1).toBeLessThanOrEqual(200);
  }

  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env });
  const meetingId = await createMeeting(gateway, { title: "ع".repeat(255), welcome_text: "&س".repeat(2_000) });
  await startMeeting(gateway, meetingId, { logout_url: `https://lms.example.com/${"x".repeat(1_500)}` });
  const [call] = peer.calls("create");
  expect(call?.query.length).toBeLessThan(7_200);
  expect(call?.parameters["welcome"]).toMatch(/^(?:&amp;س)+(?:&amp;)?…$/u);
  expect(await peer.enter(await joinMeeting(gateway, meetingId, "ع".repeat(255)))).toMatchObject({ inside: true });
  // What can't be cut is refused before it is sent: the server would seem to be out of order, for everybody.
  const other = await createMeeting(gateway);
  const body = { meeting_id: other, moderator_name: "m", logout_url: `https://lms.example.com/${"ع".repeat(1_500)}` };
  for (const _ of [1, 2]) expect((await gateway.v1("start_meeting", { method: "POST", body })).status).toBe(502);
  expect(peer.calls("create")).toHaveLength(1);
  await startMeeting(gateway, other);
});
