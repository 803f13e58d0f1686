import { expect, test } from "vitest";
import { bigbluebutton, type Peer } from "./bigbluebutton/index.js";
import { digest } from "./bigbluebutton/signature.js";

const minute = 60_000;
const room = { name: "Room", meetingID: "r1", attendeePW: "0123", moderatorPW: "1e5" };

/** What stands between these tags, the first time. */
const field = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^]*?)</${name}>`).exec(text)?.[1];

const keyOf = (text: string): string | undefined => field(text, "messageKey");
const ask = async (peer: Peer, call: string, given: Record<string, string>) => (await peer.ask(call, given)).text;
const create = (peer: Peer, given: Record<string, string> = {}) => ask(peer, "create", { ...room, ...given });
const info = (peer: Peer) => ask(peer, "getMeetingInfo", { meetingID: "r1" });

function joinLink(peer: Peer, given: Record<string, string> = {}): string {
  const all = { fullName: "سارة 😀", meetingID: "r1", role: "VIEWER", userID: "p1", ...given };
  const query = new URLSearchParams(all).toString();
  return `${peer.url}api/join?${query}&checksum=${digest("sha256", `join${query}${peer.secret}`)}`;
}

const tags = (text: string): string[] => [...text.matchAll(/<(\w[\w-]*)>/g)].map(([, name]) => name ?? "");

test("a meeting is created, entered, told of with who has left for 60 s more, and ended some time after it was asked", async () => {
  const peer = await bigbluebutton();
  const created = await create(peer, { "meta_Gw-Session-Id": "s1", meta_gw_lost: "x", unknown: "1", duration: "0" });
  expect(tags(created).join(" ")).toBe(
    "response returncode meetingID internalMeetingID parentMeetingID attendeePW moderatorPW createTime voiceBridge dialNumber createDate hasUserJoined duration hasBeenForciblyEnded messageKey message",
  );
  const createTime = field(created, "createTime") ?? "";
  expect(field(created, "internalMeetingID")).toBe(`${digest("sha1", "r1")}-${createTime}`);
  expect([field(created, "attendeePW"), field(created, "moderatorPW")]).toEqual(["0123", "1e5"]);
  expect(field(await info(peer), "running")).toBe("false");

  const visit = await peer.enter(joinLink(peer, { createTime }));
  expect(visit).toMatchObject({ inside: true, sawXml: false });
  const told = await info(peer);
  expect(tags(told).join(" ")).toBe(
    "response returncode meetingName meetingID internalMeetingID createTime createDate voiceBridge dialNumber attendeePW moderatorPW running duration hasUserJoined recording hasBeenForciblyEnded startTime endTime participantCount listenerCount voiceParticipantCount videoCount maxUsers moderatorCount attendees attendee userID fullName role isPresenter isListeningOnly hasJoinedVoice hasVideo clientType customdata metadata gw-session-id isBreakout",
  );
  expect([field(told, "fullName"), field(told, "userID"), field(told, "running")]).toEqual(["سارة 😀", "p1", "true"]);
  visit.leave();
  const left = await info(peer);
  expect([field(left, "participantCount"), field(left, "userID")]).toEqual(["0", "p1"]);

  await peer.enter(joinLink(peer, { userID: "p2" }));
  await peer.advance(minute);
  expect([...(await info(peer)).matchAll(/<userID>/g)]).toHaveLength(1);
  expect(keyOf(await ask(peer, "end", { meetingID: "r1" }))).toBe("sentEndMeetingRequest");
  expect(field(await info(peer), "endTime")).toBe("0");
  await peer.advance(1_000);
  expect(field(await info(peer), "hasBeenForciblyEnded")).toBe("true");
  expect(await peer.enter(joinLink(peer))).toMatchObject({ inside: false, refused: "meetingForciblyEnded" });
  await peer.advance(minute);
  expect(keyOf(await info(peer))).toBe("notFound");
  expect(keyOf(await ask(peer, "end", { meetingID: "r1" }))).toBe("notFound");
  expect(field(await ask(peer, "isMeetingRunning", { meetingID: "r1" }), "running")).toBe("false");
  expect(keyOf(await ask(peer, "getMeetings", {}))).toBe("noMeetings");
});

test.each([
  ["nobody enters it for 5 minutes", {}, 5],
  ["nobody enters it for as long as was said", { meetingExpireIfNoUserJoinedInMinutes: "9" }, 9],
  ["its duration has gone by", { duration: "3" }, 3],
])("a meeting ends when %s", async (_why, given, minutes) => {
  const peer = await bigbluebutton();
  await create(peer, given);
  await peer.advance(minutes * minute - 1_000);
  expect(field(await info(peer), "endTime")).toBe("0");
  await peer.advance(1_000);
  expect(field(await info(peer), "endTime")).not.toBe("0");
});

test("a meeting ends a minute after the last has left it, unless somebody comes or it was told not to", async () => {
  const peer = await bigbluebutton();
  await create(peer);
  for (let times = 0; times < 2; times += 1) {
    (await peer.enter(joinLink(peer))).leave();
    await peer.advance(59_000);
    expect(field(await info(peer), "endTime")).toBe("0");
  }
  await peer.advance(1_000);
  expect(field(await info(peer), "endTime")).not.toBe("0");
  await create(peer, { meetingExpireWhenLastUserLeftInMinutes: "0" });
  (await peer.enter(joinLink(peer))).leave();
  await peer.advance(60 * minute);
  expect(field(await info(peer), "endTime")).toBe("0");
});

test("created again with the same passwords, or with none, it is the same meeting; with others it is refused", async () => {
  const peer = await bigbluebutton();
  const first = await create(peer);
  for (const passwords of [{}, { attendeePW: "", moderatorPW: "" }]) {
    const again = await create(peer, { name: "Other", ...passwords });
    expect([keyOf(again), field(again, "createTime")]).toEqual(["duplicateWarning", field(first, "createTime")]);
  }
  for (const passwords of [{ attendeePW: "" }, { moderatorPW: "other" }]) {
    expect(keyOf(await create(peer, passwords))).toBe("idNotUnique");
  }
  expect(peer.meeting("r1")?.name).toBe("Room");
  const balanced = await bigbluebutton({ flavour: "scalelite" });
  const none = { attendeePW: "", moderatorPW: "" };
  await create(balanced, none);
  expect(keyOf(await create(balanced, none))).toBe("idNotUnique");
});

test.each([
  ["a name of one character", { name: "x" }],
  ["a name of 65", { name: "x".repeat(65) }],
  ["a name of 33 signs that Java counts twice", { name: "😀".repeat(33) }],
  ["a comma in the id", { meetingID: "a,b" }],
  ["a boolean in words", { record: "True" }],
  ["a number with a fraction", { maxParticipants: "1.5" }],
  ["an address without its scheme", { logoutURL: "example.com" }],
])("create refuses %s", async (_what, given) => {
  const peer = await bigbluebutton();
  expect(keyOf(await create(peer, given))).toBe("validationError");
});

test("a name with a dollar breaks the server where the welcome text names the conference, as the default one does", async () => {
  const peer = await bigbluebutton();
  const query = new URLSearchParams({ ...room, name: "5$ class" }).toString();
  expect((await peer.ask("create", query)).status).toBe(500);
  expect((await peer.ask("create", `${query}&welcome=hello`)).status).toBe(200);
});

test("a full room counts people by their ids, when they are sent on and again when they arrive", async () => {
  const peer = await bigbluebutton();
  await create(peer, { maxParticipants: "1" });
  const links = ["p1", "p2"].map((userID) => joinLink(peer, { userID }));
  const sentOn = await Promise.all(links.map((link) => fetch(link, { redirect: "manual" })));
  const clients = sentOn.map((response) => response.headers.get("location") ?? "");
  expect((await fetch(clients[0] ?? "")).status).toBe(200);
  const late = await fetch(clients[1] ?? "", { redirect: "manual" });
  expect(late.headers.get("location")).toContain(`errors=[{"key":"maxParticipantsReached"`);
  expect(await peer.enter(links[0] ?? "")).toMatchObject({ inside: true });
  expect(await peer.enter(links[1] ?? "")).toMatchObject({ inside: false, refused: "maxParticipantsReached" });
});

test.each([
  ["bbb", { meetingID: "r2" }, "notFound", false],
  ["bbb", { createTime: "1" }, "mismatchCreateTimeParam", false],
  ["bbb", { fullName: " " }, "validationError", false],
  ["bbb", { role: "GUEST" }, "Params required", true],
  ["bbb-2.3", {}, "invalidPassword", false],
  ["bbb-2.3", { meetingID: "r2" }, "invalidMeetingIdentifier", false],
  ["scalelite", { meetingID: "r2" }, "notFound", true],
  ["scalelite", { createTime: "1" }, "mismatchCreateTimeParam", false],
  ["plugnmeet", { meetingID: "r2" }, "notFound", true],
] as const)("%s refuses a join with %j by %s, as XML: %s", async (flavour, given, refused, sawXml) => {
  const peer = await bigbluebutton({ flavour, checksums: ["sha1", "sha256"] });
  await create(peer);
  const visit = await peer.enter(joinLink(peer, given));
  expect(visit).toMatchObject({ inside: false, refused, sawXml });
});

test("a refused browser is sent where the link says", async () => {
  const peer = await bigbluebutton();
  const to = { meetingID: "r2", logoutURL: "https://a.example/", errorRedirectUrl: "https://b.example/x?y=1" };
  const { address } = await peer.enter(joinLink(peer, to));
  expect(address).toContain("https://b.example/x?y=1&errors=");
});

test("scalelite forgets a meeting before it ends it; plugnmeet has ids of its own and ends no room twice", async () => {
  const balanced = await bigbluebutton({ flavour: "scalelite" });
  await create(balanced);
  const mend = balanced.fault("end", { status: 502 });
  expect((await balanced.ask("end", { meetingID: "r1" })).status).toBe(502);
  mend();
  expect(keyOf(await ask(balanced, "end", { meetingID: "r1" }))).toBe("notFound");
  expect(balanced.meeting("r1")?.endTime).toBe(0);

  const plug = await bigbluebutton({ flavour: "plugnmeet", checksums: ["sha1", "sha256"] });
  expect(keyOf(await create(plug))).toBe("success");
  await plug.enter(joinLink(plug));
  expect(field(await info(plug), "userID")).toMatch(/^w_/);
  expect(keyOf(await ask(plug, "end", { meetingID: "r1" }))).toBe("sentEndMeetingRequest");
  await plug.advance(1_000);
  expect(keyOf(await ask(plug, "end", { meetingID: "r1" }))).toBe("error");
  expect((await plug.ask("", "")).text).toContain("<version>0.9</version>");
});
