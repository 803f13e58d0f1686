import { isModerator } from "../people/people.js";
import { text, timeOf } from "../texts.js";
import { doing } from "./filming.js";
import { isStorageFull, recorded } from "./told.js";

/** Over the room for as long as it lasts, for everyone: that it is recorded, since when, and by whose browser. */
export function RecordingMark() {
  const now = recorded.value;
  if (now) {
    return (
      <p id="recording" class="recording">
        <strong>{text("page.recording.on")}</strong>{" "}
        <span>{text("page.recording.since", { time: timeOf(now.since), name: now.name })}</span>
      </p>
    );
  }
  if (isStorageFull.value && isModerator.value) {
    return <p class="recording has-stopped">{text("page.recording.ended.STORAGE_FULL")}</p>;
  }
  return doing.value === "saving" ? <p class="recording has-stopped">{text("page.recording.saving")}</p> : null;
}
