import type { EngineRecording } from "../../src/engine/engine.js";
import { mutate, newMeeting, start, switches } from "../graphql/ask.js";
import { followed, overSocket } from "../graphql/live/clients.js";
import { boot, type Gateway } from "./boot.js";
import { testEngine } from "./test-engine.js";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A server with the engine that records, which is asked as soon as something is due. */
export async function recordingServer() {
  const engine = testEngine();
  const gateway = await boot({ ...engine.first, timings: { sweep: 20 } });
  return { engine, gateway };
}

/** A session that could be recorded, and is over. */
export async function recorded(gateway: Gateway, call: { key?: string } = {}) {
  const meetingId = await newMeeting(gateway, { settings: switches(true) }, call);
  const { sessionId } = await start(gateway, meetingId, {}, call);
  await mutate(gateway, "endMeeting", { meetingId }, call);
  return { meetingId, sessionId };
}

export const url = (id: string, type: string) => `https://play.example/${type}/2.3/${id}`;

export const made = (sessionId: string, id: string, change: Partial<EngineRecording> = {}): EngineRecording => ({
  sessionId,
  engineRecordingId: id,
  status: "READY",
  isPublished: true,
  playbackUrl: url(id, "presentation"),
  durationSeconds: 1_980,
  sizeBytes: 5_000_000_000,
  formats: [
    { type: "presentation", url: url(id, "presentation"), durationSeconds: 1_980, sizeBytes: null, thumbnails: [] },
    {
      type: "video",
      url: url(id, "video"),
      durationSeconds: 1_980,
      sizeBytes: 4e9,
      thumbnails: ["https://t.example/1.png"],
    },
  ],
  startedAt: new Date(1_000),
  endedAt: new Date(2_000),
  source: "POLL",
  ...change,
});

export const processing = { status: "PROCESSING", isPublished: false, playbackUrl: null, formats: [] } as const;

interface Changed {
  change: string;
  recording: { id: string; status: string; isPublished: boolean; playbackUrl: string | null };
}

/** What happens to recordings, as somebody who follows them hears it. */
export async function following(gateway: Gateway, key = gateway.key) {
  const query = "subscription { recordingChanged { change recording { id status isPublished playbackUrl } } }";
  const heard = overSocket(gateway, { license: key }, { query });
  await followed(gateway, 1);
  const next = async (): Promise<Changed> => (await heard.next()).data.recordingChanged;
  return { next, silence: () => heard.silence() };
}

export const record = (gateway: Gateway, sessionId: string, key = gateway.key) =>
  gateway.v1(`get_record?session_id=${sessionId}`, { key, language: "en" });

export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
