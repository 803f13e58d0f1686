import type { EngineRecording, EngineRecordingFormat, RecordingsOfEngine } from "../engine.js";
import type { Element } from "./answer.js";
import { failed } from "./errors.js";
import type { Flavour } from "./flavours.js";
import type { Asked } from "./live.js";

/** Ids of one call: the address stays far below what web servers take, and the answer below a server's page. */
const IDS_A_CALL = 40;

/** The states before it can be played. */
const beginning = new Set(["processing", "processed"]);

/** Where one is asked for, the first of these that there is. */
const preferred = ["presentation", "video"];

const seconds = (minutes: number | undefined): number | null => (minutes === undefined ? null : minutes * 60);

const formatOf = (format: Element): EngineRecordingFormat => ({
  type: format.textOf("type"),
  url: format.textOf("url"),
  durationSeconds: seconds(format.numberOf("length")),
  sizeBytes: format.numberOf("size") ?? null,
  thumbnails: format.all("preview", "images", "image").map(({ text }) => text.trim()),
});

function meant(formats: readonly EngineRecordingFormat[]): EngineRecordingFormat | undefined {
  const byType = preferred.map((type) => formats.find((format) => format.type === type));
  return byType.find((format) => format !== undefined) ?? formats[0];
}

function instantOf(recording: Element, name: string): Date | null {
  const at = recording.numberOf(name);
  return at === undefined || at === 0 ? null : new Date(at);
}

const recordingOf =
  ({ hasTemporaryUrls }: Flavour) =>
  (recording: Element): EngineRecording => {
    const formats = recording.all("playback", "format").map(formatOf);
    const playback = meant(formats);
    const state = recording.textOf("state");
    return {
      sessionId: recording.textOf("meetingID"),
      engineRecordingId: recording.textOf("recordID"),
      status: beginning.has(state) ? "PROCESSING" : "READY",
      isPublished: recording.textOf("published") === "true",
      playbackUrl: playback?.url ?? null,
      durationSeconds: playback?.durationSeconds ?? null,
      sizeBytes: recording.numberOf("size") ?? null,
      formats,
      startedAt: instantOf(recording, "startTime"),
      endedAt: instantOf(recording, "endTime"),
      // Scalelite says of each whether it is protected: then an address opens once.
      hasTemporaryUrls: hasTemporaryUrls || recording.textOf("protected") === "true",
      isDeleted: state === "deleted",
      source: "POLL",
    };
  };

async function listSome({ client, flavour }: Asked, sessionIds: readonly string[]): Promise<EngineRecording[]> {
  const { response } = await client.demand(
    "getRecordings",
    [["meetingID", sessionIds.join(",")], ...(flavour.statesOfRecordings ? ([["state", "any"]] as const) : [])],
    { isRead: true },
  );
  const wanted = new Set(sessionIds);
  const recordings = response.all("recordings", "recording");
  return recordings.filter((each) => wanted.has(each.textOf("meetingID"))).map(recordingOf(flavour));
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
