import { EngineRefused, type EngineRecording, type RecordingsOfEngine } from "../../engine/engine.js";
import type { Recording } from "../../storage/index.js";
import type { Refuse } from "../refusal.js";
import type { Services } from "../services.js";
import { callEngine, engineOr } from "../session/engine-call.js";

/** An engine is asked this long for what is true now, in milliseconds. */
const ASKED_MS = 5_000;

/** The recordings of a recording's engine. @throws Refusal ENGINE_FAILED where this server does not reach them */
export function recordingsOr(
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  of: Pick<Recording, "engine">,
): RecordingsOfEngine {
  const { recordings } = engineOr(refuse, services, of);
  if (!recordings) throw refuse("ENGINE_FAILED", { retryable: false });
  return recordings;
}

/**
 * What its engine has of these sessions now, asked for within a short time.
 * @throws Error whatever the engine threw, or that it took too long
 */
export function askEngine(
  services: Services,
  recordings: RecordingsOfEngine,
  sessionIds: readonly string[],
): Promise<EngineRecording[]> {
  const until = services.clock.monotonic() + Math.min(ASKED_MS, services.engineWaitMs);
  return callEngine(services, () => recordings.list(sessionIds), until);
}

interface Wanted {
  recording: Recording;
  call(recordings: RecordingsOfEngine): Promise<void>;
  /** Whether that is how the engine has it; undefined: it has no such recording. */
  isDone(now: EngineRecording | undefined): boolean;
}

/**
 * Has the engine do it. A call whose answer is lost may have done it all the same, so then the engine is asked what is
 * true now, and that counts.
 * @throws Refusal ENGINE_FAILED
 */
export async function demandDone(
  refuse: Refuse<"ENGINE_FAILED">,
  services: Services,
  { recording, call, isDone }: Wanted,
): Promise<void> {
  const recordings = recordingsOr(refuse, services, recording);
  try {
    await callEngine(services, () => call(recordings));
  } catch (error) {
    if (error instanceof EngineRefused) throw refuse("ENGINE_FAILED", { retryable: false });
    const now = await askEngine(services, recordings, [recording.sessionId]).catch(() => undefined);
    const found = now?.find(({ engineRecordingId }) => engineRecordingId === recording.engineRecordingId);
    if (!now || !isDone(found)) throw refuse("ENGINE_FAILED", { retryable: true });
  }
}
