import type { EngineSetting, RecordingRunNow } from "../../engine.js";

/** What comes after a stop was recorded before it; so long. */
export const isLate = (
  { stoppedAt }: Pick<RecordingRunNow, "stoppedAt">,
  { clock, timings }: Pick<EngineSetting, "clock" | "timings">,
): boolean => stoppedAt !== null && clock.now().getTime() > stoppedAt.getTime() + timings.recordGrace;

/** Why nothing of this part is taken, whoever sends it. */
export function refusalOf(run: RecordingRunNow | undefined, setting: Pick<EngineSetting, "clock" | "timings">) {
  if (!run) return "NO_SUCH_PART";
  if (!run.isModerator) return "NOT_MODERATOR";
  return isLate(run, setting) ? "OVER" : undefined;
}
