import { dialog } from "../inside/dialogs.js";
import { Tool } from "../parts/tool.js";
import { text } from "../texts.js";
import { isConnected, say } from "../walk/state.js";
import { canFilm, doing } from "./filming.js";
import { mayRecord } from "./recording.js";
import { recorded } from "./told.js";

/** For moderators, where the session lets them. */
export function RecordTool() {
  if (!mayRecord.value) return null;
  const isOn = recorded.value !== undefined;
  const reason = isOn || canFilm ? undefined : text("page.recording.unsupported");
  return (
    <Tool
      id="record"
      icon={isOn ? "stop" : "record"}
      label={text(isOn ? "page.recording.stop" : "page.recording.record")}
      class={isOn ? "is-recording" : ""}
      asks
      {...(reason !== undefined && { reason })}
      isDisabled={!isConnected.value || doing.value === "asked"}
      onPress={() => (reason === undefined ? (dialog.value = { what: "record" }) : say(reason, "problem"))}
    />
  );
}
