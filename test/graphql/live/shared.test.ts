import { expect, test } from "vitest";
import { recordEvent } from "../../../src/domain/events/events.js";
import { boot, type Gateway } from "../../helpers/boot.js";
import { quiet, statementsDuring } from "../../helpers/rows.js";
import { newMeeting, newToken, start } from "../ask.js";
import { followed, overSocket, overStream, RawSocket } from "./clients.js";

const MANY = 50;
const query = "subscription { sessionStarted { id session { id meeting { title } } } }";

/** A session, and its start told once more whenever it is wanted: an event without any other change. */
async function started(gateway: Gateway) {
  const meetingId = await newMeeting(gateway, { title: "Algebra" });
  const { sessionId } = await start(gateway, meetingId);
  const { storage, clock } = gateway.opened.services;
  const session = await storage.read.sessions.findAnyones(sessionId);
  if (!session) throw new Error("the session is not there");
  const tell = () =>
    storage.transaction((tx) =>
      recordEvent({ tx, type: "session.started", origin: { door: "SYSTEM" }, at: clock.now(), session }),
    );
  return { meetingId, sessionId, tell };
}

const count = (texts: readonly string[], what: RegExp) => texts.filter((text) => what.test(text)).length;

test(`of an event that ${MANY} follow the row is read once, and so is what it is about`, async () => {
  const gateway = await boot(quiet);
  const { sessionId, tell } = await started(gateway);
  const socket = new RawSocket(gateway);
  await socket.say({ type: "connection_init", payload: { license: gateway.key } });
  await socket.frame("connection_ack");
  for (let at = 0; at < MANY; at += 1) await socket.say({ type: "subscribe", id: `s${at}`, payload: { query } });
  await followed(gateway, MANY);
  // All have seen what there is, and wait.
  await tell();
  for (let at = 0; at < MANY; at += 1) await socket.frame("next", `s${at}`);
  socket.forget();

  const ran = await statementsDuring(async () => {
    await tell();
    for (let at = 0; at < MANY; at += 1) {
      const { payload } = await socket.frame("next", `s${at}`);
      expect(payload.data.sessionStarted.session).toEqual({ id: sessionId, meeting: { title: "Algebra" } });
    }
  });
  expect(count(ran, /^select.*"facts".*from "events"/)).toBe(1);
  expect(count(ran, /^select.*count\(\*\).*from .*"events"/)).toBe(0);
  // Once more at most, where the feed's own look at other processes' changes came between.
  expect(count(ran, /^select.*from "sessions"/)).toBeLessThanOrEqual(2);
  expect(count(ran, /^select.*from "meetings"/)).toBeLessThanOrEqual(2);
});

test("what does not concern a follower is passed by: neither it nor its next event is looked for in the database", async () => {
  const gateway = await boot(quiet);
  const [one, other] = [await started(gateway), await started(gateway)];
  const narrow = `subscription ($m: ID) { sessionStarted(meetingId: $m) { session { id } } }`;
  const heard = overSocket(gateway, { license: gateway.key }, { query: narrow, variables: { m: one.meetingId } });
  await followed(gateway, 1);
  await one.tell();
  await heard.next();
  const ran = await statementsDuring(async () => {
    for (let at = 0; at < 100; at += 1) await other.tell();
    await one.tell();
    expect((await heard.next()).data.sessionStarted.session.id).toBe(one.sessionId);
  });
  expect(count(ran, /^select.*"facts".*from "events"/)).toBe(1);
  expect(count(ran, /^select.*count\(\*\).*from .*"events"/)).toBe(0);
  await heard.silence(50);
});

test("nobody is answered what another may see, asked for, or reads: each its own scopes, variables and language", async () => {
  const gateway = await boot();
  const { meetingId, sessionId, tell } = await started(gateway);
  const asking = `subscription ($n: Int!, $with: Boolean!) { sessionStarted { session {
    id attendances(first: $n) { nodes { id } } ... @include(if: $with) { status } } } }`;
  const scopes = ["EVENTS_READ", "MEETINGS_READ"];
  const [wide, narrow] = [
    await newToken(gateway, [...scopes, "ATTENDANCE_READ"]),
    await newToken(gateway, scopes, { meetingId }),
  ];
  const byKey = { license: gateway.key };
  const [yes, no] = [
    { query: asking, variables: { n: 1, with: true } },
    { query: asking, variables: { n: 1, with: false } },
  ];
  const heard = [
    overSocket(gateway, byKey, yes),
    overStream(gateway, byKey, no),
    overSocket(gateway, { accessToken: wide.token }, no),
    overSocket(gateway, { accessToken: narrow.token }, no),
    overStream(gateway, { accessToken: narrow.token }, no, "ar"),
    overSocket(gateway, byKey, no),
  ];
  await followed(gateway, heard.length);
  for (const _ of [1, 2]) {
    await tell();
    const results = await Promise.all(heard.map((one) => one.next()));
    const sessions = results.map(({ data }) => data.sessionStarted.session);
    const plain = { id: sessionId, attendances: { nodes: [] } };
    const less = { id: sessionId, attendances: null };
    expect(sessions).toEqual([{ ...plain, status: "RUNNING" }, plain, plain, less, less, plain]);
    expect(results.map(({ errors }) => errors?.[0].extensions.code)).toEqual([
      undefined,
      undefined,
      undefined,
      "FORBIDDEN",
      "FORBIDDEN",
      undefined,
    ]);
    const [english, arabic] = [results[3].errors[0], results[4].errors[0]];
    expect(english.message).toMatch(/[a-z]/);
    expect(arabic.message).toMatch(/[\u0600-\u06ff]/);
    expect(english.extensions.requestId).not.toBe(arabic.extensions.requestId);
  }
});
