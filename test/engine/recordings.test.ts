import { describe, expect, test, vi } from "vitest";
import type { OpenEngine } from "../../src/engine/engine.js";
import { ask, mutate, newMeeting, start, switches } from "../graphql/ask.js";
import { boot } from "../helpers/boot.js";
import {
  following,
  HOUR,
  made,
  MINUTE,
  processing,
  record,
  recorded,
  recordingServer,
  until,
  url,
} from "../helpers/recordings.js";
import { testEngine } from "../helpers/test-engine.js";
import { openBeside } from "../helpers/beside.js";

describe("what an engine recorded of a session that is over", () => {
  test("record-1: is asked for after the end, told at each step on every door, published, hidden and deleted for good", async () => {
    const { engine, gateway } = await recordingServer();
    const { sessionId } = await recorded(gateway);
    const { next, silence } = await following(gateway);
    expect((await record(gateway, sessionId)).body.error_messages).toEqual(["There is no recording of this session."]);

    engine.recorded.set("r1", made(sessionId, "r1", processing));
    gateway.clock.forward(MINUTE + 1);
    const { change, recording } = await next();
    expect([change, recording.status]).toEqual(["PROCESSING", "PROCESSING"]);
    expect((await record(gateway, sessionId)).body.error_messages).toEqual([
      "The recording of this session is not published yet.",
    ]);
    const recordingId = recording.id;
    expect(await mutate(gateway, "updateRecording", { recordingId, isPublished: true })).toMatchObject({
      code: "RECORDING_NOT_READY",
      recording: { id: recordingId, status: "PROCESSING" },
    });

    engine.recorded.set("r1", made(sessionId, "r1"));
    gateway.clock.forward(2 * MINUTE);
    expect(await next()).toMatchObject({ change: "PUBLISHED", recording: { status: "READY" } });
    expect((await record(gateway, sessionId)).body.data).toBe(url("r1", "presentation"));

    const hidden = await mutate(gateway, "updateRecording", { recordingId, isPublished: false });
    expect(hidden.recording).toMatchObject({ isPublished: false, playbackUrl: null, sizeBytes: 5_000_000_000 });
    expect(hidden.recording.formats).toEqual([
      { type: "presentation", url: null, durationSeconds: 1_980, sizeBytes: null, thumbnailUrls: [] },
      { type: "video", url: null, durationSeconds: 1_980, sizeBytes: 4_000_000_000, thumbnailUrls: [] },
    ]);
    expect(engine.recorded.get("r1")?.isPublished).toBe(false);
    expect((await next()).change).toBe("UNPUBLISHED");
    expect((await record(gateway, sessionId)).status).toBe(404);
    for (let times = 0; times < 2; times += 1) {
      const shown = await mutate(gateway, "updateRecording", { recordingId, isPublished: true });
      expect(shown.recording.formats[1]).toMatchObject({
        url: url("r1", "video"),
        thumbnailUrls: ["https://t.example/1.png"],
      });
    }
    expect((await next()).change).toBe("PUBLISHED");
    expect((await record(gateway, sessionId)).body.data).toBe(url("r1", "presentation"));

    for (let times = 0; times < 2; times += 1) {
      const gone = await mutate(gateway, "deleteRecording", { recordingId });
      expect(gone.deletedRecordingId).toBe(recordingId);
    }
    expect(await next()).toMatchObject({ change: "DELETED", recording: { id: recordingId, playbackUrl: null } });
    expect((await record(gateway, sessionId)).body.error_messages).toEqual(["There is no recording of this session."]);
    expect(await mutate(gateway, "updateRecording", { recordingId, isPublished: true })).toMatchObject({
      code: "NOT_FOUND",
    });

    // Its engine brings it back: it is removed there again, and nobody here hears of it.
    engine.recorded.set("r1", made(sessionId, "r1"));
    const removed = engine.calls("remove");
    gateway.clock.forward(HOUR);
    await until(() => engine.calls("remove") > removed);
    await silence();
    expect(await ask(gateway, "{ recordings { totalCount } }")).toEqual({ recordings: { totalCount: 0 } });
  });

  test("is asked for ever more seldom, never of one that could not be recorded, and no more after a week", async () => {
    const { engine, gateway } = await recordingServer();
    const { storage, clock } = gateway.opened.services;
    const unrecorded = await newMeeting(gateway, { settings: switches(false) });
    await start(gateway, unrecorded);
    await mutate(gateway, "endMeeting", { meetingId: unrecorded });
    const due = () => storage.read.awaitedRecordings.listDue("test", new Date(clock.now().getTime() + 1e12), 10);
    expect(await due()).toEqual([]);
    const { sessionId } = await recorded(gateway);
    const waits: number[] = [];
    for (let [next] = await due(); next; [next] = await due()) {
      const wait = next.dueAt.getTime() - clock.now().getTime();
      waits.push(wait);
      gateway.clock.forward(wait + 1_000);
      const before = next.dueAt.getTime();
      for (;;) {
        const [now] = await due();
        if (now?.dueAt.getTime() !== before) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
    expect(waits.length).toBeLessThan(60);
    expect(waits.slice(0, 3).map((ms) => Math.round(ms / MINUTE))).toEqual([1, 1, 1]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(6 * HOUR);
    const total = waits.reduce((sum, ms) => sum + ms, 0);
    expect(total).toBeGreaterThan(6 * 24 * HOUR);
    expect(total).toBeLessThan(7 * 24 * HOUR);
    // Only what the engine tells by itself has it looked at again.
    engine.recorded.set("late", made(sessionId, "late"));
    const { next } = await following(gateway);
    expect(await engine.tell().recordingsChanged(sessionId)).toBe(true);
    expect((await next()).change).toBe("PUBLISHED");
  });

  test("an engine that hangs holds up no other", async () => {
    const [hanging, other] = [testEngine(), testEngine()];
    const withoutRoutes: OpenEngine = (setting) => ({ engine: other.open(setting).engine });
    const engines = { ...hanging.first.engines, other: withoutRoutes };
    const gateway = await boot({ engines, defaultEngine: "test", timings: { sweep: 20 } });
    const { id, key } = await gateway.license();
    const db = openBeside(gateway);
    db.prepare("UPDATE licenses SET engine = 'other' WHERE id = ?").run(id);
    db.close();
    const [first, second] = [await recorded(gateway), await recorded(gateway, { key })];
    hanging.recorded.set("r1", made(first.sessionId, "r1"));
    other.recorded.set("r1", made(second.sessionId, "r1"));
    const release = hanging.hold("list");
    await hanging.tell().recordingsChanged(first.sessionId);
    await until(() => hanging.calls("list") === 1);
    const { next } = await following(gateway, key);
    await other.tell().recordingsChanged(second.sessionId);
    expect((await next()).change).toBe("PUBLISHED");
    expect((await record(gateway, first.sessionId)).status).toBe(404);
    release();
    await vi.waitUntil(async () => (await record(gateway, first.sessionId)).status === 200);
  });

  test("changes nothing while its engine fails, and what it has deleted is deleted here", async () => {
    const { engine, gateway } = await recordingServer();
    const { sessionId } = await recorded(gateway);
    engine.recorded.set("r1", made(sessionId, "r1"));
    const { next, silence } = await following(gateway);
    await engine.tell().recordingsChanged(sessionId);
    expect((await next()).change).toBe("PUBLISHED");
    engine.fail("list");
    const before = engine.calls("list");
    for (let times = 0; times < 3; times += 1) expect(await engine.tell().recordingsChanged(sessionId)).toBe(true);
    await until(() => engine.calls("list") > before);
    await silence();
    expect((await record(gateway, sessionId)).status).toBe(200);
    engine.mend("list");
    engine.recorded.set("r1", made(sessionId, "r1", { isDeleted: true, isPublished: false }));
    gateway.clock.forward(5 * MINUTE);
    expect((await next()).change).toBe("DELETED");
    expect(await engine.tell().recordingsChanged("0db9ac9d-399b-4b9b-987c-50fd77f5d15d")).toBe(false);
  });
});
