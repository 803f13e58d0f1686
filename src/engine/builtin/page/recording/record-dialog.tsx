import { closeDialog, dialog } from "../inside/dialogs.js";
import { Dialog } from "../parts/dialog.js";
import { text } from "../texts.js";
import { awaitsPress, pressed, startRecording, stopRecording } from "./filming.js";
import { recorded } from "./told.js";

/** Nobody is recorded by one press, and none ends by one. */
export function RecordDialog() {
  const what = recorded.value ? "stop" : "start";
  return (
    <Dialog
      id="record-dialog"
      isOpen={dialog.value.what === "record"}
      onClose={closeDialog}
      heading={text(`page.recording.${what}Question`)}
      explanation={text(`page.recording.${what}Explanation`)}
    >
      {what === "start" && <p>{text("page.recording.startHere")}</p>}
      <div class="actions">
        <button id="record-cancel" type="button" onClick={closeDialog}>
          {text("page.cancel")}
        </button>
        <button
          id="record-confirm"
          class={what === "start" ? "primary" : "danger filled"}
          type="button"
          onClick={() => {
            closeDialog();
            if (what === "start") void startRecording();
            else stopRecording();
          }}
        >
          {text(`page.recording.${what}Confirm`)}
        </button>
      </div>
    </Dialog>
  );
}

/** The one thing that the page may not do by itself. */
export function PressDialog() {
  return (
    <Dialog
      id="record-press"
      isOpen={awaitsPress.value}
      onClose={() => pressed(false)}
      heading={text("page.recording.pressHeading")}
      explanation={text("page.recording.pressExplanation")}
    >
      <div class="actions">
        <button id="record-press-confirm" class="primary" type="button" onClick={() => pressed(true)}>
          {text("page.recording.press")}
        </button>
      </div>
    </Dialog>
  );
}
