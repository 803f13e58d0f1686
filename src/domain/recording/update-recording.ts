import type { Recording } from "../../storage/index.js";
import { demandDone } from "./at-engine.js";
import { changeOf } from "./change.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import { recordEvent } from "../events/events.js";
import { lookAgain } from "./awaited.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";

export const updateRecordingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "RECORDING_NOT_READY",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(updateRecordingRefusals);

export interface UpdateRecording {
  recordingId: string;
  /** Publish, or hide. */
  isPublished: boolean;
}

/**
 * Publishes or hides a recording: at its engine first, which may know it otherwise than we do. Said again it changes
 * nothing.
 * @throws Refusal of `updateRecordingRefusals`
 */
export async function updateRecording(
  services: Services,
  caller: Caller,
  { recordingId, isPublished }: UpdateRecording,
): Promise<Recording> {
  refuseIssues(refuse, checkId(["recordingId"], recordingId));
  const { storage, clock } = services;
  const recording = await storage.read.recordings.find(caller.reach, storedId(recordingId));
  if (!recording) throw refuse("NOT_FOUND", { resource: "RECORDING" });
  const { status } = recording;
  if (status !== "READY") throw refuse("RECORDING_NOT_READY", { recording, status });
  await demandDone(refuse, services, {
    recording,
    call: (recordings) => recordings.publish(recording.engineRecordingId, isPublished),
    isDone: (now) => now?.isPublished === isPublished,
  });
  return storage.transaction(async (tx) => {
    const before = await tx.recordings.find(caller.reach, recording.id);
    // Deleted while the engine was at it.
    if (!before) throw refuse("NOT_FOUND", { resource: "RECORDING" });
    const now = clock.now();
    const after = await tx.recordings.publish(recording.id, isPublished, now);
    const session = await lookAgain(tx, recording, now);
    if (!after || !session) return before;
    const facts = { status: after.status, isPublished, change: changeOf(before, after) };
    await recordEvent({ tx, type: "recording.changed", origin: caller, at: now, session, recording: after, facts });
    return after;
  });
}
