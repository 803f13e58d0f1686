import { expect, test, vi } from "vitest";
import { EngineRefused, EngineUnavailable } from "../../../src/engine/engine.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { createMeeting, sessionOf, startMeeting } from "../../helpers/meetings.js";
import { bigbluebutton, type Fault, type Peer } from "../../peers/bigbluebutton/index.js";

const impatient = {
  engineConnect: 300,
  engineCall: 300,
  engineCreate: 300,
  engineAsk: 300,
  enginePause: 200,
  follow: 50,
};

/** What must stand nowhere: what opens the server, or one way into it. */
function demandNoSecrets(gateway: Gateway, peer: Peer, ...more: string[]): void {
  for (const text of [gateway.log(), ...more]) {
    expect(text).not.toContain(peer.secret);
    expect(text).not.toMatch(/checksum=|[?&](?:meetingID|fullName|name)=|\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b/);
  }
}

const startCall = (meeting_id: string) => ({
  method: "POST",
  body: { meeting_id, moderator_name: "m" },
  language: "en",
});

async function graphStart(gateway: Gateway, meetingId: string) {
  const mutation = `mutation { startMeeting(input: {meetingId: "${meetingId}", moderatorName: "m"}) {
    __typename ... on EngineError { code retryable message } } }`;
  return (await gateway.graphql(mutation)).body.data.startMeeting;
}

const startsThatFail: [what: string, fault: Fault, retryable: boolean][] = [
  ["a proxy's 502", { status: 502 }, true],
  ["a redirect, which is not followed", { status: 302 }, true],
  ["a line that is cut before", { reset: "before" }, true],
  ["a wrong secret", { failed: "checksumError" }, false],
  ["other passwords", { failed: "idNotUnique" }, false],
  ["no server behind it", { failed: "internalError" }, true],
  ["a hosted server that is full", { failed: "maxConcurrent" }, true],
  ["a key nobody knows", { failed: "somethingNew" }, false],
];

test("a start that fails, in whatever way: 502, a typed error, a failed session, and no secret anywhere", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env, timings: { follow: 60_000, engineCheck: 300 } });
  const said: string[] = [];
  for (const [what, fault, retryable] of startsThatFail) {
    const meetingId = await createMeeting(gateway);
    const mend = peer.fault("create", fault);
    const answer = await gateway.v1("start_meeting", startCall(meetingId));
    const [english, arabic] = retryable
      ? ["Try again in a moment", "حاول مرة أخرى بعد قليل"]
      : ["trying again changes nothing", "لن تفيد إعادة المحاولة"];
    expect(answer.body.error_messages).toEqual([expect.stringContaining(english)]);
    const graph = await graphStart(gateway, meetingId);
    expect(graph.message).toContain(arabic);
    expect([what, answer.status, graph.code, graph.retryable]).toEqual([what, 502, "ENGINE_FAILED", retryable]);
    const sessions = (await gateway.v1(`list_sessions?meeting_id=${meetingId}`)).body.data;
    expect(sessions.map(({ status }: { status: boolean }) => status)).toEqual([false, false]);
    said.push(answer.text, JSON.stringify(graph));
    mend();
    // Two that failed have taken it out; it is in again with its next check.
    const again = async () => (await gateway.v1("start_meeting", startCall(meetingId))).status;
    await vi.waitUntil(async () => (await again()) === 200, { timeout: 5_000 });
  }
  demandNoSecrets(gateway, peer, ...said);
  for (const key of ["checksumError", "internalError", "somethingNew"])
    expect(gateway.log()).toContain(`FAILED, ${key}`);
});

const answersThatAreNone: [what: string, fault: Fault][] = [
  ["no answer in time", { silent: true }],
  ["a line that is cut in place of an answer", { reset: "after" }],
  ["half an answer", { body: "truncated" }],
  ["an answer that is no XML", { body: "broken" }],
  ["an answer whose entities would grow", { body: "entities" }],
  ["an answer without an end", { oversized: 11 * 1024 * 1024 }],
];

test("a room that was opened without an answer that can be read is there when the server is asked, and is taken", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env, timings: { engineCreate: 1_000, follow: 60_000 } });
  for (const [what, fault] of answersThatAreNone) {
    const meetingId = await createMeeting(gateway);
    const mend = peer.fault("create", fault);
    const answer = await gateway.v1("start_meeting", startCall(meetingId));
    expect([what, answer.status]).toEqual([what, 200]);
    mend();
    expect(await peer.enter(answer.body.data.url)).toMatchObject({ inside: true });
  }
  demandNoSecrets(gateway, peer);
});

test("a create that can't be settled by asking fails, and the room that it made is ended as soon as the server answers", async () => {
  const peer = await bigbluebutton({ times: { end: 20 } });
  const gateway = await boot({ env: peer.env, timings: impatient });
  const meetingId = await createMeeting(gateway);
  peer.fault("*", { silent: true });
  peer.fault("end", { status: 503 });
  expect((await gateway.v1("start_meeting", startCall(meetingId))).status).toBe(502);
  const [created] = peer.calls("create");
  const sessionId = created?.parameters["meetingID"] ?? "";
  expect(peer.meeting(sessionId)).toBeDefined();
  // None, where the server is left alone by then.
  const inVain = peer.calls("end").length;
  peer.mend();
  await vi.waitUntil(() => peer.calls("end").length > inVain, { timeout: 10_000 });
  await peer.advance(5_000);
  const { elsewhere } = gateway.opened.services.engineOf({ engine: "bigbluebutton" });
  await vi.waitUntil(async () => (await elsewhere?.look([sessionId]))?.length === 0, { timeout: 5_000 });
});

test("an end without an answer is settled by asking; one that the server does not do leaves the session as it is", async () => {
  const peer = await bigbluebutton({ times: { end: 0 } });
  const gateway = await boot({ env: peer.env, timings: { ...impatient, follow: 60_000 } });
  const end = (id: string) => gateway.v1(`end_meeting?meeting_id=${id}`);
  const [first, second] = [await createMeeting(gateway), await createMeeting(gateway)];
  const links = [await startMeeting(gateway, first), await startMeeting(gateway, second)];

  const mend = peer.fault("end", { silent: true });
  expect((await end(first)).status).toBe(200);
  mend();
  peer.fault("end", { status: 500 });
  expect((await end(second)).status).toBe(502);
  expect(await peer.enter(links[1] ?? "")).toMatchObject({ inside: true });
  peer.mend();
  // Gone without a word: that it is over is all that was wanted.
  peer.lose(sessionOf(links[1] ?? ""));
  expect((await end(second)).status).toBe(200);
  demandNoSecrets(gateway, peer);
});

test("reads are tried three times, what changes something once; after five failures the server is left alone, then asked again", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({
    env: peer.env,
    timings: { ...impatient, engineCall: 3_000, enginePause: 400, follow: 60_000 },
  });
  const engine = gateway.opened.services.engineOf({ engine: "bigbluebutton" });
  const look = async () => engine.elsewhere?.look(["a", "b", "c"]);
  peer.fault("getMeetings", { status: 503 }, { times: 2 });
  expect(await look()).toEqual([]);
  expect(peer.calls("getMeetings")).toHaveLength(3);

  peer.fault("*", { status: 503 });
  await expect(engine.recordings?.publish("r", true)).rejects.toBeInstanceOf(EngineUnavailable);
  expect(peer.calls("publishRecordings")).toHaveLength(1);
  await expect(look()).rejects.toBeInstanceOf(EngineUnavailable);
  await expect(engine.recordings?.publish("r", true)).rejects.toBeInstanceOf(EngineUnavailable);
  const before = peer.calls().length;
  await expect(engine.recordings?.publish("r", true)).rejects.toThrow(/left alone/);
  expect(peer.calls()).toHaveLength(before);
  peer.mend();
  gateway.clock.forward(500);
  expect(await look()).toEqual([]);
  await expect(engine.recordings?.publish("nowhere", true)).rejects.toBeInstanceOf(EngineRefused);
  await engine.recordings?.remove("nowhere");
  demandNoSecrets(gateway, peer);
});

test("a server that is down is told so at once, its lines are kept while it is up", async () => {
  const peer = await bigbluebutton();
  const gateway = await boot({ env: peer.env, timings: { ...impatient, follow: 60_000 } });
  const meetings = await Promise.all(Array.from({ length: 8 }, () => createMeeting(gateway)));
  for (const id of meetings) await startMeeting(gateway, id);
  // What is more than one is for saying where webhooks go, and for the check beside the first start.
  expect(peer.connections()).toBeLessThanOrEqual(4);
  expect(peer.calls().length).toBeGreaterThan(8);
  await peer.down();
  const [id = ""] = meetings;
  expect((await gateway.v1(`end_meeting?meeting_id=${id}`)).status).toBe(502);
  await peer.up();
  expect((await gateway.v1(`end_meeting?meeting_id=${id}`)).status).toBe(200);
  demandNoSecrets(gateway, peer);
});
