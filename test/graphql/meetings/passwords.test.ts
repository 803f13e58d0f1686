import { expect, test } from "vitest";
import { boot, type Gateway, type V1Call, stoppedClock } from "../../helpers/boot.js";
import { mutate, newMeeting, newToken, outcome, start } from "../ask.js";

const minutes = 60_000;

/** A server whose clock goes only when it is told, and a running meeting with both passwords. */
async function guarded() {
  let now = Date.now();
  const gateway = await boot({ clock: stoppedClock(() => now) });
  const meeting = async () => {
    const meetingId = await newMeeting(gateway, { moderatorPassword: "modpwd" });
    await start(gateway, meetingId, { moderatorPassword: "modpwd", attendeePassword: "attpwd" });
    return meetingId;
  };
  return { gateway, meeting, meetingId: await meeting(), forward: (ms: number) => void (now += ms) };
}

type Door = (gateway: Gateway, meetingId: string, password: string | undefined, call?: V1Call) => Promise<string>;

const graphJoin =
  (role: string): Door =>
  async (gateway, meetingId, password, call) => {
    const input = { meetingId, fullName: "n", role, password };
    const answer = await mutate(gateway, "joinMeeting", input, { language: "en", ...call });
    return answer.code ?? "IN";
  };
const graphStart: Door = async (gateway, meetingId, moderatorPassword, call) => {
  const input = { meetingId, moderatorName: "n", moderatorPassword };
  const answer = await mutate(gateway, "startMeeting", input, { language: "en", ...call });
  return answer.code ?? "IN";
};
const v1 =
  (path: string, body: (password: string | undefined) => object): Door =>
  async (gateway, meeting_id, password, call) => {
    const answer = await gateway.v1(path, { method: "POST", body: { meeting_id, ...body(password) }, ...call });
    return { 200: "IN", 401: "INVALID_PASSWORD", 429: "TOO_MANY_ATTEMPTS" }[answer.status] ?? answer.text;
  };
const v1Start = v1("start_meeting/", (moderator_password) => ({ moderator_name: "n", moderator_password }));
const v1Join = (role: string) => v1("join_meeting/", (password) => ({ fullname: "n", role, password }));

const moderatorDoors = [graphStart, graphJoin("MODERATOR"), v1Start, v1Join("moderator")];
const viewerDoors = [graphJoin("VIEWER"), v1Join("viewer")];

/** Fails this many times, at the doors in turn. */
async function fail(gateway: Gateway, meetingId: string, doors: readonly Door[], times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const door = doors[at % doors.length] as Door;
    // A wrong one, an empty one and none at all are failures all the same.
    const wrong = ["wrong", "", undefined][at % 3];
    expect(await door(gateway, meetingId, wrong)).toBe("INVALID_PASSWORD");
  }
}

test("ten failures are free, counted over every door; then each door is closed for a second, to the right password too", async () => {
  for (const [doors, right] of [
    [moderatorDoors, "modpwd"],
    [viewerDoors, "attpwd"],
  ] as const) {
    const { gateway, meetingId, forward } = await guarded();
    const { call } = await newToken(gateway, ["SESSIONS_JOIN", "SESSIONS_WRITE"], { meetingId });
    await fail(gateway, meetingId, doors, 10);
    for (const password of ["wrong", right]) {
      for (const door of doors) expect(await door(gateway, meetingId, password)).toBe("TOO_MANY_ATTEMPTS");
      expect(await (doors[0] as Door)(gateway, meetingId, password, call)).toBe("TOO_MANY_ATTEMPTS");
    }
    // What was tried meanwhile has neither ended the wait nor made it longer.
    forward(999);
    expect(await (doors[1] as Door)(gateway, meetingId, right)).toBe("TOO_MANY_ATTEMPTS");
    forward(1);
    expect(await (doors[1] as Door)(gateway, meetingId, right)).toBe("IN");
    // And from the success on ten are free again.
    await fail(gateway, meetingId, doors, 10);
    expect(await (doors[0] as Door)(gateway, meetingId, right)).toBe("TOO_MANY_ATTEMPTS");
  }
});

test("each further failure doubles the wait, up to fifteen minutes and no more", async () => {
  const { gateway, meetingId, forward } = await guarded();
  await fail(gateway, meetingId, moderatorDoors, 10);
  const input = { meetingId, moderatorName: "n", moderatorPassword: "modpwd" };
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]) {
    const refused = await mutate(gateway, "startMeeting", input, { language: "en" });
    const message = `Too many wrong passwords were tried. Try again in ${seconds} seconds.`;
    expect(refused).toEqual({
      __typename: "TooManyAttemptsError",
      code: "TOO_MANY_ATTEMPTS",
      message,
      messages: [message],
      retryAfterSeconds: seconds,
    });
    // A second begun is a second to wait.
    forward(seconds * 1000 - 1);
    expect((await mutate(gateway, "startMeeting", input)).retryAfterSeconds).toBe(1);
    forward(1);
    expect(await graphJoin("MODERATOR")(gateway, meetingId, "wrong")).toBe("INVALID_PASSWORD");
  }
  const arabic = await mutate(gateway, "startMeeting", input, { language: "ar" });
  expect(arabic.message).toContain("900");
  forward(15 * minutes);
  expect(await graphStart(gateway, meetingId, "modpwd")).toBe("IN");
});

test("viewers' failures do not slow moderators, a viewer's success frees no moderator, and the other way round", async () => {
  const { gateway, meetingId, forward } = await guarded();
  const [asModerator, asViewer] = [graphJoin("MODERATOR"), graphJoin("VIEWER")];
  await fail(gateway, meetingId, viewerDoors, 10);
  expect(await asViewer(gateway, meetingId, "attpwd")).toBe("TOO_MANY_ATTEMPTS");
  await fail(gateway, meetingId, moderatorDoors, 9);
  // The viewers' wait is over and one comes in: the moderators' count stands, so that the next failure is their tenth.
  forward(1000);
  expect(await asViewer(gateway, meetingId, "attpwd")).toBe("IN");
  await fail(gateway, meetingId, [asModerator], 1);
  expect(await asModerator(gateway, meetingId, "modpwd")).toBe("TOO_MANY_ATTEMPTS");
  await fail(gateway, meetingId, viewerDoors, 9);
  forward(1000);
  expect(await graphStart(gateway, meetingId, "modpwd")).toBe("IN");
  await fail(gateway, meetingId, [asViewer], 1);
  expect(await asViewer(gateway, meetingId, "attpwd")).toBe("TOO_MANY_ATTEMPTS");
  expect(await asModerator(gateway, meetingId, "modpwd")).toBe("IN");
});

test("another meeting is not slowed, nor one that needs no password; strangers and faulty input do not count", async () => {
  const { gateway, meeting, meetingId } = await guarded();
  const other = await meeting();
  const open = await newMeeting(gateway);
  const stranger = await gateway.license();
  for (let at = 0; at < 20; at += 1) {
    expect(await graphStart(gateway, meetingId, "wrong", { key: stranger.key })).toBe("NOT_FOUND");
    expect(await graphJoin("VIEWER")(gateway, meetingId, "x".repeat(65))).toBe("INVALID_INPUT");
    expect(await graphStart(gateway, open, "any")).toBe("IN");
  }
  await fail(gateway, meetingId, moderatorDoors, 10);
  expect(await graphStart(gateway, meetingId, "modpwd")).toBe("TOO_MANY_ATTEMPTS");
  expect(await graphStart(gateway, other, "modpwd")).toBe("IN");
  expect(await graphJoin("VIEWER")(gateway, other, "attpwd")).toBe("IN");
  // What needs no password is not slowed: ending the meeting, reading it, changing its password.
  const changed = await mutate(gateway, "updateMeeting", { meetingId, moderatorPassword: "new" });
  expect(changed.meeting.moderatorPassword).toBe("new");
  expect((await mutate(gateway, "endMeeting", { meetingId })).session.status).toBe("ENDED");
});

test("of many guesses at once no more than ten are looked at, whichever doors they come through", async () => {
  for (const doors of [moderatorDoors, viewerDoors]) {
    const { gateway, meetingId } = await guarded();
    const guesses = Array.from({ length: 60 }, (_, at) => {
      return (doors[at % doors.length] as Door)(gateway, meetingId, `guess ${at}`);
    });
    const answers = await Promise.all(guesses);
    const count = (code: string) => answers.filter((answer) => answer === code).length;
    expect([count("INVALID_PASSWORD"), count("TOO_MANY_ATTEMPTS")]).toEqual([10, 50]);
  }
});

test("many guesses in one operation are as many guesses", async () => {
  const { gateway, meetingId } = await guarded();
  const guess = (at: number) =>
    `g${at}: joinMeeting(input: { meetingId: "${meetingId}", fullName: "n", role: MODERATOR, password: "${at}" }) {
      ... on UserError { code } }`;
  const codes: string[] = [];
  for (const from of [0, 10]) {
    const query = `mutation { ${Array.from({ length: 10 }, (_, at) => guess(from + at)).join(" ")} }`;
    const { data } = await outcome(gateway, query);
    codes.push(...Object.values<{ code: string }>(data).map(({ code }) => code));
  }
  expect(codes).toEqual([
    ...Array.from({ length: 10 }, () => "INVALID_PASSWORD"),
    ...Array.from({ length: 10 }, () => "TOO_MANY_ATTEMPTS"),
  ]);
});

test("an idempotency key is no way round: whether a password fits the call before is a guess like any other", async () => {
  const { gateway, forward } = await guarded();
  const meetingId = await newMeeting(gateway, { moderatorPassword: "modpwd" });
  const input = { meetingId, moderatorName: "n", idempotencyKey: "known" };
  const first = await mutate(gateway, "startMeeting", { ...input, moderatorPassword: "modpwd" });
  const again = (moderatorPassword: string) => mutate(gateway, "startMeeting", { ...input, moderatorPassword });
  for (let at = 0; at < 10; at += 1) expect((await again(`guess ${at}`)).code).toBe("INVALID_PASSWORD");
  for (const password of ["guess", "modpwd"]) expect((await again(password)).code).toBe("TOO_MANY_ATTEMPTS");
  forward(1000);
  expect((await again("modpwd")).joinUrl).toBe(first.joinUrl);

  // Who can't see the meeting can't close it either.
  const { key } = await gateway.license();
  const theirs = await newMeeting(gateway, {}, { key });
  await mutate(gateway, "startMeeting", { ...input, meetingId: theirs }, { key });
  for (let at = 0; at < 11; at += 1) {
    const reused = await mutate(gateway, "startMeeting", { ...input, moderatorPassword: `guess ${at}` }, { key });
    expect(reused.code).toBe("IDEMPOTENCY_KEY_REUSED");
  }
  expect(await graphStart(gateway, meetingId, "modpwd")).toBe("IN");
});
