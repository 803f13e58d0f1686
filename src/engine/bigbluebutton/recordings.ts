import type { EngineRecording, RecordingsOfEngine } from "../engine.js";
import type { Element } from "./answer.js";
import { failed } from "./errors.js";
import type { Asked } from "./live.js";

/** Ids of one call: the address stays far below what web servers take, and the answer below a server's page. */
const IDS_A_CALL = 40;

/** The states before it can be played. */
const beginning = new Set(["processing", "processed"]);

/** Where one is asked for, the first of these that there is. */
const preferred = ["presentation", "video"];

function playbackOf(recording: Element): Element | undefined {
  const formats = recording.all("playback", "format");
  const byType = preferred.map((type) => formats.find((format) => format.textOf("type") === type));
  return byType.find((format) => format !== undefined) ?? formats[0];
}

function recordingOf(recording: Element): EngineRecording {
  const playback = playbackOf(recording);
  const minutes = playback?.numberOf("length");
  const isPublished = recording.textOf("published") === "true";
  return {
    sessionId: recording.textOf("meetingID"),
    engineRecordingId: recording.textOf("recordID"),
    status: beginning.has(recording.textOf("state")) ? "PROCESSING" : "READY",
    isPublished,
    playbackUrl: playback?.textOf("url") || null,
    durationSeconds: minutes === undefined ? null : minutes * 60,
    source: "POLL",
  };
}

async function listSome({ client, flavour }: Asked, sessionIds: readonly string[]): Promise<EngineRecording[]> {
  const { response } = await client.demand(
    "getRecordings",
    [["meetingID", sessionIds.join(",")], ...(flavour.statesOfRecordings ? ([["state", "any"]] as const) : [])],
    { isRead: true },
  );
  const wanted = new Set(sessionIds);
  const recordings = response.all("recordings", "recording");
  return recordings.filter((each) => wanted.has(each.textOf("meetingID"))).map(recordingOf);
}

export const recordingsOf = (asked: Asked): RecordingsOfEngine => ({
  async list(sessionIds) {
    const found: EngineRecording[] = [];
    for (let at = 0; at < sessionIds.length; at += IDS_A_CALL) {
      found.push(...(await listSome(asked, sessionIds.slice(at, at + IDS_A_CALL))));
    }
    return found;
  },
  async publish(engineRecordingId, isPublished) {
    await asked.client.demand("publishRecordings", [
      ["recordID", engineRecordingId],
      ["publish", String(isPublished)],
    ]);
  },
  async remove(engineRecordingId) {
    const answer = await asked.client.ask("deleteRecordings", [["recordID", engineRecordingId]]);
    if (!answer.isSuccess && answer.key !== "notFound") throw failed("deleteRecordings", answer.key);
  },
});
