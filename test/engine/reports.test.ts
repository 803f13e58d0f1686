import { v7 as newId } from "uuid";
import { describe, expect, test } from "vitest";
import { reportsOf } from "../../src/domain/entering/reports.js";
import type { EngineRecording, Person } from "../../src/engine/engine.js";
import { followed, overSocket } from "../graphql/live/clients.js";
import { boot } from "../helpers/boot.js";
import { createMeeting, joinMeeting, sessionOf, startMeeting } from "../helpers/meetings.js";
import { testEngine } from "../helpers/test-engine.js";
import { attendances } from "../room/rows.js";
import { openBeside } from "../helpers/beside.js";

const viewer = (): Person => ({ id: newId(), name: "viewer", role: "VIEWER" });

/** A running session of the engine that tells, with a place for two. */
async function told() {
  const engine = testEngine();
  const gateway = await boot(engine.first);
  const { key } = await gateway.license({ maxAttendance: 2 });
  const meetingId = await createMeeting(gateway, {}, { key });
  const link = await startMeeting(gateway, meetingId, {}, { key });
  const sessionId = sessionOf(link);
  const startedAt = (await gateway.opened.services.storage.read.sessions.findAnyones(sessionId))?.startedAt as Date;
  gateway.clock.forward(60_000);
  return {
    engine,
    gateway,
    key,
    meetingId,
    link,
    sessionId,
    tell: engine.tell(),
    at: (ms: number) => new Date(startedAt.getTime() + ms),
    rows: () => attendances(gateway, sessionId, key),
    /** Of people and recordings, oldest first. */
    events() {
      const db = openBeside(gateway);
      const query =
        "SELECT type, door, facts FROM events WHERE type LIKE 'attendance.%' OR type LIKE 'recording.%' ORDER BY seq";
      const rows = db.prepare(query).all() as { type: string; door: string; facts: string }[];
      db.close();
      return rows.map(({ type, door, facts }) => [type, door, JSON.parse(facts)]);
    },
  };
}

describe("what an engine tells of people", () => {
  test("told again, late or in another order it changes nothing that is known better", async () => {
    const { sessionId, at, tell, events, rows } = await told();
    const person = viewer();
    const stay = async () => (await rows())[0];
    const joined = (ms: number) => tell.joined({ sessionId, person, source: "WEBHOOK", at: at(ms) });
    const left = (ms: number) => tell.left({ sessionId, personId: person.id, source: "WEBHOOK", at: at(ms) });
    await left(500);
    await joined(1_000);
    await joined(1_000);
    await left(4_000);
    await left(4_000);
    await joined(1_000);
    expect(await stay()).toMatchObject({ joinedAt: at(1_000).toISOString(), leftAt: at(4_000).toISOString() });
    expect((await stay())?.stays).toHaveLength(1);
    await joined(5_000);
    await left(4_500);
    expect(await stay()).toMatchObject({ joinedAt: at(1_000).toISOString(), leftAt: null });
    expect(events()).toEqual([
      ["attendance.joined", "ENGINE", {}],
      ["attendance.left", "ENGINE", {}],
      ["attendance.joined", "ENGINE", {}],
    ]);
    expect((await stay())?.stays.map(({ source }) => source)).toEqual(["WEBHOOK", "WEBHOOK"]);
  });

  test("of one person's lines the later one counts; the earlier one's end is not their leaving", async () => {
    const { sessionId, at, tell, rows } = await told();
    const person = viewer();
    const line = (engineUserId: string) => ({ sessionId, source: "WEBHOOK" as const, engineUserId });
    await tell.joined({ ...line("w_1"), person, at: at(1_000) });
    await tell.joined({ ...line("w_2"), person, at: at(2_000) });
    await tell.left({ ...line("w_1"), personId: person.id, at: at(3_000) });
    expect((await rows())[0]?.leftAt).toBeNull();
    await tell.left({ ...line("w_2"), personId: person.id, at: at(4_000) });
    const [row] = await rows();
    expect([row?.leftAt, row?.stays.length]).toEqual([at(4_000).toISOString(), 1]);
  });

  test("no instant lies before the session, after its end, or ahead of our clock; the limit refuses nobody who is inside", async () => {
    const { gateway, engine, sessionId, at, tell, rows } = await told();
    const [early, ahead, late] = [viewer(), viewer(), viewer()];
    expect(engine.rooms.get(sessionId)?.spec.maxAttendance).toBe(2);
    await tell.joined({ sessionId, person: viewer(), source: "POLL", at: at(-9_000) });
    await tell.joined({ sessionId, person: early, source: "POLL", at: at(-5_000) });
    const before = gateway.clock.now().getTime();
    await tell.joined({ sessionId, person: ahead, source: "POLL", at: at(3_600_000) });
    expect(await tell.ended({ sessionId, source: "WEBHOOK" })).toBe(true);
    expect(await tell.ended({ sessionId, source: "WEBHOOK" })).toBe(false);
    expect(engine.rooms.has(sessionId)).toBe(false);
    for (let times = 0; times < 2; times += 1) {
      await tell.joined({ sessionId, person: late, source: "WEBHOOK", at: at(30_000) });
    }
    const all = await rows();
    expect(all.map(({ stays }) => stays.length)).toEqual([1, 1, 1, 1]);
    const end = all[0]?.leftAt;
    expect(all.map(({ leftAt }) => leftAt)).toEqual([end, end, end, end]);
    const joined = all.map(({ joinedAt }) => joinedAt);
    expect(joined.slice(0, 3)).toEqual([at(0), at(0), at(30_000)].map((each) => each.toISOString()));
    expect(Date.parse(joined[3] ?? "")).toBeGreaterThanOrEqual(before);
    expect(Date.parse(joined[3] ?? "")).toBeLessThan(before + 5_000);
  });

  test("of another engine's session, and of another session's person, an engine knows nothing", async () => {
    const { gateway, key, sessionId, at, tell } = await told();
    const person = viewer();
    await tell.joined({ sessionId, person, source: "WEBHOOK", at: at(1_000) });
    const other = sessionOf(await startMeeting(gateway, await createMeeting(gateway)));
    expect(await tell.joined({ sessionId: other, person, source: "WEBHOOK" })).toEqual({ refused: "SESSION_OVER" });

    const foreign = reportsOf("builtin", gateway.opened.services.links, () => gateway.opened.services);
    const stranger = { sessionId, person: viewer(), source: "WEBHOOK" } as const;
    expect(await foreign.joined(stranger)).toEqual({ refused: "SESSION_OVER" });
    expect(await foreign.ended({ sessionId, source: "WEBHOOK" })).toBe(false);
    await foreign.left({ sessionId, personId: person.id, at: at(2_000), source: "WEBHOOK" });
    await foreign.recording(recordingOf(sessionId));
    const [row] = await attendances(gateway, sessionId, key);
    expect(row?.leftAt).toBeNull();
    const { body } = await gateway.graphql("{ recordings { totalCount } }", {}, { key });
    expect(body.data.recordings.totalCount).toBe(0);
  });

  test("leave-3: who is a moderator is read from the record, whatever an engine says of who wants the end", async () => {
    const { gateway, engine, key, sessionId, link, meetingId, tell } = await told();
    const viewerLink = await joinMeeting(gateway, meetingId, "viewer", {}, { key });
    await engine.enter(viewerLink);
    const by = new URL(viewerLink).searchParams.get("personID") ?? "";
    expect(await tell.ended({ sessionId, by, source: "WEBHOOK" })).toBe(false);
    await engine.enter(link);
    const moderator = new URL(link).searchParams.get("personID") ?? "";
    expect(await tell.ended({ sessionId, by: moderator, source: "WEBHOOK" })).toBe(true);
    const session = await gateway.opened.services.storage.read.sessions.findAnyones(sessionId);
    expect(session?.endCause).toBe("MODERATOR");
  });
});

const recordingOf = (sessionId: string, change: Partial<EngineRecording> = {}): EngineRecording => ({
  sessionId,
  engineRecordingId: "r-1",
  status: "PROCESSING",
  isPublished: false,
  playbackUrl: null,
  durationSeconds: null,
  source: "WEBHOOK",
  ...change,
});

test("record-1: a recording that an engine reports is there for both doors and for who listens; told again it is no news", async () => {
  const { gateway, key, sessionId, tell, events } = await told();
  const heard = overSocket(
    gateway,
    { license: key },
    { query: "subscription { recordingChanged { recording { status isPublished playbackUrl durationSeconds } } }" },
  );
  await followed(gateway, 1);
  const next = async () =>
    ((await heard.next()) as { data: { recordingChanged: { recording: object } } }).data.recordingChanged.recording;
  await tell.recording(recordingOf(sessionId));
  expect(await next()).toMatchObject({ status: "PROCESSING", isPublished: false });
  expect((await gateway.v1(`get_record?session_id=${sessionId}`, { key })).status).toBe(404);
  const ready = recordingOf(sessionId, {
    status: "READY",
    isPublished: true,
    playbackUrl: "https://play.example/1",
    durationSeconds: 90,
  });
  for (let times = 0; times < 3; times += 1) await tell.recording(ready);
  expect(await next()).toEqual({
    status: "READY",
    isPublished: true,
    playbackUrl: "https://play.example/1",
    durationSeconds: 90,
  });
  expect((await gateway.v1(`get_record?session_id=${sessionId}`, { key })).body.data).toBe("https://play.example/1");
  expect(events()).toEqual([
    [
      "recording.changed",
      "ENGINE",
      { source: "WEBHOOK", status: "PROCESSING", isPublished: false, change: "PROCESSING" },
    ],
    ["recording.changed", "ENGINE", { source: "WEBHOOK", status: "READY", isPublished: true, change: "PUBLISHED" }],
  ]);
});

test("a recording that was deleted here stays deleted, and none moves to another session", async () => {
  const { gateway, key, sessionId, tell, events } = await told();
  await tell.recording(recordingOf(sessionId));
  const other = sessionOf(await startMeeting(gateway, await createMeeting(gateway, {}, { key }), {}, { key }));
  await tell.recording(recordingOf(other, { status: "READY" }));
  expect(events()).toHaveLength(1);
  const db = openBeside(gateway);
  db.prepare("UPDATE recordings SET deleted_at = 1").run();
  db.close();
  await tell.recording(recordingOf(sessionId, { status: "READY" }));
  expect(events()).toHaveLength(1);
  const { body } = await gateway.graphql("{ recordings { totalCount } }", {}, { key });
  expect(body.data.recordings.totalCount).toBe(0);
});
