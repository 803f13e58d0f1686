import { pageData } from "../page-data.js";
import { text } from "../texts.js";

/** At the door: who does not want to be recorded can still turn round. The server has written the same sentence. */
export function RecordingNote() {
  const { recording } = pageData;
  if (recording === "no") return null;
  return <p class={`note recording-note ${recording}`}>{text(`page.recording.door.${recording}`)}</p>;
}
