import { describe, expect, test } from "vitest";
import { EngineRefused, EngineUnavailable } from "../../../src/engine/engine.js";
import { following, made, record, recorded, recordingServer, url } from "../../helpers/recordings.js";
import { ask, mutate, newToken } from "../ask.js";

describe("publishing and deleting", () => {
  test("where the engine's answer is lost it is asked what is true; where it refuses or did nothing, nothing changes", async () => {
    const { engine, gateway } = await recordingServer();
    const { sessionId } = await recorded(gateway);
    engine.recorded.set("r1", made(sessionId, "r1"));
    const { next } = await following(gateway);
    await engine.tell().recordingsChanged(sessionId);
    const { recording } = await next();
    const input = { recordingId: recording.id, isPublished: false };

    engine.fail("publish", new EngineUnavailable("no answer"));
    expect(await mutate(gateway, "updateRecording", input)).toMatchObject({ code: "ENGINE_FAILED", retryable: true });
    engine.fail("publish", new EngineRefused("no"));
    expect(await mutate(gateway, "updateRecording", input)).toMatchObject({ code: "ENGINE_FAILED", retryable: false });
    engine.fail("list");
    engine.fail("publish", new EngineUnavailable("no answer"));
    engine.recorded.set("r1", made(sessionId, "r1", { isPublished: false }));
    expect(await mutate(gateway, "updateRecording", input)).toMatchObject({ code: "ENGINE_FAILED", retryable: true });
    expect((await record(gateway, sessionId)).status).toBe(200);
    engine.mend("list");
    expect((await mutate(gateway, "updateRecording", input)).recording.isPublished).toBe(false);
    expect((await next()).change).toBe("UNPUBLISHED");

    engine.fail("remove", new EngineUnavailable("no answer"));
    const gone = { recordingId: recording.id };
    expect(await mutate(gateway, "deleteRecording", gone)).toMatchObject({ code: "ENGINE_FAILED", retryable: true });
    engine.recorded.delete("r1");
    expect((await mutate(gateway, "deleteRecording", gone)).deletedRecordingId).toBe(recording.id);
  });

  test("are another's business nowhere: a token needs the scope, and reaches its meeting's alone", async () => {
    const { engine, gateway } = await recordingServer();
    const mine = await recorded(gateway);
    const other = await recorded(gateway);
    const { next } = await following(gateway);
    engine.recorded.set("r1", made(mine.sessionId, "r1"));
    await engine.tell().recordingsChanged(mine.sessionId);
    const recordingId = (await next()).recording.id;
    const { key } = await gateway.license();
    const change = (call: object) => mutate(gateway, "updateRecording", { recordingId, isPublished: false }, call);
    const remove = (call: object) => mutate(gateway, "deleteRecording", { recordingId }, call);
    const elsewhere = await newToken(gateway, ["RECORDINGS_WRITE"], { meetingId: other.meetingId });
    for (const call of [{ key }, elsewhere.call]) {
      expect(await change(call)).toMatchObject({ code: "NOT_FOUND", resource: "RECORDING" });
      expect(await remove(call)).toMatchObject({ code: "NOT_FOUND", resource: "RECORDING" });
    }
    const reader = await newToken(gateway, ["RECORDINGS_READ"]);
    await expect(change(reader.call)).rejects.toThrow("FORBIDDEN");
    await expect(remove(reader.call)).rejects.toThrow("FORBIDDEN");
    expect(engine.calls("publish") + engine.calls("remove")).toBe(0);
    const writer = await newToken(gateway, ["RECORDINGS_WRITE"], { meetingId: mine.meetingId });
    expect((await change(writer.call)).recording.isPublished).toBe(false);
  });
});

test("record-1: an address that is good for a while only is stored nowhere, asked for each time, and no answer with it is kept", async () => {
  const { engine, gateway } = await recordingServer();
  const { sessionId } = await recorded(gateway);
  const once = (id: string) =>
    made(sessionId, "r1", {
      hasTemporaryUrls: true,
      playbackUrl: url(id, "presentation"),
      formats: [
        { type: "presentation", url: url(id, "presentation"), durationSeconds: null, sizeBytes: null, thumbnails: [] },
      ],
    });
  const { next } = await following(gateway);
  engine.recorded.set("r1", once("token-1"));
  await engine.tell().recordingsChanged(sessionId);
  expect((await next()).recording.playbackUrl).toBe(url("token-1", "presentation"));
  for (const token of ["token-2", "token-3"]) {
    engine.recorded.set("r1", once(token));
    const answer = await record(gateway, sessionId);
    expect([answer.body.data, answer.headers.get("cache-control")]).toEqual([url(token, "presentation"), "no-store"]);
  }
  const before = engine.calls("list");
  const query = "{ recordings { nodes { hasTemporaryUrls playbackUrl formats { url } } } }";
  expect((await ask(gateway, query)).recordings.nodes).toEqual([
    {
      hasTemporaryUrls: true,
      playbackUrl: url("token-3", "presentation"),
      formats: [{ url: url("token-3", "presentation") }],
    },
  ]);
  expect(engine.calls("list")).toBe(before + 1);
  const [row] = await gateway.opened.services.storage.read.recordings.listOfEngine("test", ["r1"]);
  expect([row?.playbackUrl, row?.formats[0]?.url]).toEqual([null, null]);

  engine.fail("list", new EngineRefused("no such recording here"));
  const refused = await record(gateway, sessionId);
  expect([refused.status, refused.body.error_messages]).toEqual([
    502,
    ["The conference engine could not do it, and trying again changes nothing: tell whoever runs this service."],
  ]);
  engine.fail("list");
  const failed = await record(gateway, sessionId);
  expect([failed.status, failed.body.error_messages]).toEqual([
    502,
    ["The conference engine could not do it. Try again in a moment."],
  ]);
  const { body } = await gateway.graphql(query, {}, { language: "en" });
  expect(body.data.recordings.nodes[0].playbackUrl).toBeNull();
  expect(body.errors[0].extensions.code).toBe("ENGINE_FAILED");
});
