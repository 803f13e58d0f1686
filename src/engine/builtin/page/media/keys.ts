// Ctrl+D for the microphone, Ctrl+E for the camera, and the space bar to talk for as long as it is held.

import type { Slot } from "../../media/permits.js";
import { dialog } from "../inside/dialogs.js";
import { view } from "../walk/state.js";
import { mine, toggle, turnOff, turnOn } from "./mine.js";

const keys: Readonly<Record<string, Slot>> = { KeyD: "mic", KeyE: "cam" };

/** As assistive programs are told (WAI-ARIA 1.2, aria-keyshortcuts). */
export const shortcuts: Readonly<Record<Slot, string | undefined>> = {
  mic: "Control+D Meta+D",
  cam: "Control+E Meta+E",
  screen: undefined,
};

const isTakingKeys = (): boolean => view.value === "room" && dialog.value.what === "none";

/** Where a space means nothing else: on no button, in no field, in no list that scrolls. */
const isNowhere = (target: EventTarget | null): boolean =>
  target === document.body || (target instanceof HTMLElement && target.tabIndex < 0);

let isHeld = false;

function letGo(): void {
  if (!isHeld) return;
  isHeld = false;
  turnOff("mic");
}

async function hold(): Promise<void> {
  if (mine.value.mic) return;
  isHeld = true;
  await turnOn("mic");
  // The key may have been let go while the browser asked.
  if (!isHeld) turnOff("mic");
}

export function begin(): void {
  addEventListener("keydown", (event) => {
    const { code, ctrlKey, metaKey, altKey, shiftKey, repeat, target } = event;
    if (!isTakingKeys() || altKey || shiftKey) return;
    const slot = ctrlKey || metaKey ? keys[code] : undefined;
    if (slot === undefined && !(code === "Space" && !ctrlKey && !metaKey && isNowhere(target))) return;
    event.preventDefault();
    if (repeat) return;
    if (slot) toggle(slot);
    else void hold();
  });
  addEventListener("keyup", ({ code }) => code === "Space" && letGo());
  addEventListener("blur", letGo);
}
