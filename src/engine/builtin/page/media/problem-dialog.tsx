import { Dialog } from "../parts/dialog.js";
import { text } from "../texts.js";
import { problem, turnOn } from "./mine.js";

const close = (): void => {
  problem.value = undefined;
};

/** What is wrong with a device, and what can be done about it. */
export function ProblemDialog() {
  const shown = problem.value;
  if (!shown) return null;
  const { slot, why } = shown;
  return (
    <Dialog
      id="device-problem"
      isOpen
      onClose={close}
      heading={text(`page.media.problem.${slot}`)}
      explanation={text(`page.media.problem.${why}`)}
    >
      <div class="actions">
        <button type="button" onClick={close}>
          {text("page.media.without")}
        </button>
        <button
          id="device-again"
          class="primary"
          type="button"
          onClick={() => {
            close();
            void turnOn(slot);
          }}
        >
          {text("page.media.tryAgain")}
        </button>
      </div>
    </Dialog>
  );
}
