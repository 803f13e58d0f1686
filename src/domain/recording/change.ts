import type { Recording } from "../../storage/index.js";

/** What may happen to a recording, and what each means for those who follow it. */
export const recordingChanges = {
  DELETED: "It was deleted for good; `recording` is what it was.",
  DETAILS: "Something else of it is known now: a further format, its length or its size.",
  FAILED: "It could not be produced.",
  PROCESSING: "It is being produced.",
  PUBLISHED: "Its playback page may be opened from now on.",
  READY: "It was produced, and is not published.",
  UNPUBLISHED: "Its playback page may no longer be opened.",
} as const;

export type RecordingChange = keyof typeof recordingChanges;

type State = Pick<Recording, "status" | "isPublished" | "deletedAt">;

/** Where a look finds two steps done, the later one: what is published is ready. */
export function changeOf(before: State | undefined, after: State): RecordingChange {
  if (after.deletedAt) return "DELETED";
  const wasPublished = before?.isPublished ?? false;
  if (wasPublished !== after.isPublished) return after.isPublished ? "PUBLISHED" : "UNPUBLISHED";
  return before?.status === after.status ? "DETAILS" : after.status;
}

/** What an event's facts tell; older ones tell the state alone. */
export const changeTold = (facts: Record<string, unknown>): RecordingChange =>
  (facts["change"] as RecordingChange | undefined) ??
  changeOf(undefined, {
    status: facts["status"] as State["status"],
    isPublished: facts["isPublished"] === true,
    deletedAt: null,
  });
