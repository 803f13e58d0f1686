import { demandDone } from "./at-engine.js";
import type { Caller } from "../caller.js";
import { checkId, refuseIssues, storedId } from "../checks.js";
import { lookAgain } from "./awaited.js";
import { markGone } from "./gone.js";
import { Refusal, type RefusalCode } from "../refusal.js";
import type { Services } from "../services.js";

export const deleteRecordingRefusals = [
  "INVALID_INPUT",
  "NOT_FOUND",
  "ENGINE_FAILED",
] as const satisfies readonly RefusalCode[];
const refuse = Refusal.outOf(deleteRecordingRefusals);

/**
 * Deletes a recording for good: at its engine first, then here. Said again it is answered the same, and whatever the
 * engine lists afterwards, it does not come back.
 * @returns its id
 * @throws Refusal of `deleteRecordingRefusals`
 */
export async function deleteRecording(services: Services, caller: Caller, recordingId: string): Promise<string> {
  refuseIssues(refuse, checkId(["recordingId"], recordingId));
  const { storage, clock } = services;
  const [recording] = await storage.read.recordings.findAny(caller.reach, [storedId(recordingId)]);
  if (!recording) throw refuse("NOT_FOUND", { resource: "RECORDING" });
  if (recording.deletedAt) return recording.id;
  await demandDone(refuse, services, {
    recording,
    call: (recordings) => recordings.remove(recording.engineRecordingId),
    isDone: (now) => !now || now.isDeleted === true,
  });
  return storage.transaction(async (tx) => {
    const now = clock.now();
    await markGone(tx, caller, recording, now);
    // One that is still being produced comes to the engine's list later, and is removed there then.
    await lookAgain(tx, recording, now);
    return recording.id;
  });
}
