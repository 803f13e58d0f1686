import { Dialog } from "../parts/dialog.js";
import { text } from "../texts.js";
import { ending } from "../walk/state.js";
import { end } from "../walk/walk.js";

/** Nobody is sent out by one press: ending asks first. */
export function EndDialog() {
  const close = () => {
    if (ending.value === "asking") ending.value = "no";
  };
  return (
    <Dialog
      id="end-dialog"
      isOpen={ending.value === "asking"}
      onClose={close}
      heading={text("page.endQuestion")}
      explanation={text("page.endExplanation")}
    >
      <div class="actions">
        <button id="end-cancel" type="button" onClick={close}>
          {text("page.endCancel")}
        </button>
        <button id="end-confirm" class="danger filled" type="button" onClick={end}>
          {text("page.endConfirm")}
        </button>
      </div>
    </Dialog>
  );
}
