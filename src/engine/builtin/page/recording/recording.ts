// Whether the room is being recorded, as the server told last; and this page's part in it, if it is this page that does it.

import { computed } from "@preact/signals";
import { announce } from "../announce/announce.js";
import type { FrameOf, Recorded } from "../line/frames.js";
import { settings } from "../moderation/settings.js";
import { isModerator, myId, personOf } from "../people/people.js";
import { text } from "../texts.js";
import { say } from "../walk/state.js";
import { filmed, stopFilming, stopWaiting } from "./filming.js";
import { isStorageFull, recorded } from "./told.js";

const isOn = (name: string): boolean => settings.value[name] === true;

/** Whether it may be started and stopped here. */
export const mayRecord = computed(() => isModerator.value && isOn("record") && isOn("allowStartStopRecording"));

const isByItself = (): boolean => isOn("record") && isOn("autoStartRecording");

export function left(): void {
  stopFilming();
  stopWaiting();
  isStorageFull.value = false;
}

const settleWithinMs = 10_000;
export const settled = (): Promise<void> => filmed(settleWithinMs);

function tell(sentence: string, isProblem = false): void {
  say(sentence, isProblem ? "problem" : "good");
}

function began({ name }: Recorded): string {
  return isByItself() ? text("page.recording.beganByItself") : text("page.recording.began", { name });
}

function ended({ why, by }: FrameOf<"recording"> & { on: false }): string {
  const name = by === undefined ? undefined : personOf(by)?.name;
  if (why === "STOPPED" && name !== undefined) return text("page.recording.stoppedBy", { name });
  return text(`page.recording.ended.${why}`);
}

export function hearRecording(frame: FrameOf<"recording">): void {
  const before = recorded.value;
  if (!frame.on) {
    recorded.value = undefined;
    isStorageFull.value = frame.why === "STORAGE_FULL";
    stopFilming();
    // Where nobody else could, this page still may.
    if (frame.why !== "LEFT") stopWaiting();
    if (before) tell(ended(frame), frame.why !== "STOPPED");
    return;
  }
  const { by, name, since } = frame;
  recorded.value = { by, name, since };
  isStorageFull.value = false;
  if (by !== myId.value) {
    stopFilming();
    stopWaiting();
  }
  if (!before) tell(began(recorded.value));
  else if (before.by !== by) announce("others", text("page.recording.takenOver", { name }));
}
