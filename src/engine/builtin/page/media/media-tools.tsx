import type { Slot } from "../../media/permits.js";
import { Tool } from "../parts/tool.js";
import { text } from "../texts.js";
import { isConnected, say } from "../walk/state.js";
import { canShareScreen } from "./devices.js";
import { shortcuts } from "./keys.js";
import { isShutOut, mine, opening, toggle } from "./mine.js";
import { mayUse } from "./on-air.js";

/** Why it can't be turned on. */
const lockOf = (slot: Slot): "locked" | "full" | undefined =>
  mayUse(slot) ? (isShutOut.value ? "full" : undefined) : "locked";

export function MediaTool({ slot }: { slot: Slot }) {
  const isOn = mine.value[slot];
  const lock = isOn ? undefined : lockOf(slot);
  const reason = lock === "locked" ? text(`page.media.locked.${slot}`) : lock && text("page.media.full");
  return (
    <Tool
      id={slot}
      icon={slot === "screen" ? "screen" : isOn ? slot : `${slot}-off`}
      label={text(`page.media.${slot}`)}
      class={isOn ? "is-sent" : ""}
      isPressed={isOn}
      shortcut={shortcuts[slot]}
      {...(reason !== undefined && { reason })}
      isDisabled={!isConnected.value || opening.value.has(slot)}
      onPress={() => (reason === undefined ? toggle(slot) : say(reason, "problem"))}
    />
  );
}

/** Phones share no screens, and viewers none either. */
export const mayShareScreen = (): boolean => canShareScreen && mayUse("screen");
