import { Icon, type IconName } from "../parts/icons.js";
import { isModerator, isMyHandUp, raiseHand } from "../people/people.js";
import { ReactionsMenu } from "../people/reactions-menu.js";
import { text } from "../texts.js";
import { ending, isConnected } from "../walk/state.js";
import { leave } from "../walk/walk.js";
import { dialog } from "./dialogs.js";
import { isWide } from "./panels.js";

interface ToolProps {
  id: string;
  icon: IconName;
  label: string;
  class?: string;
  isPressed?: boolean;
  isDisabled?: boolean;
  asks?: boolean;
  onPress: () => void;
}

export function Tool({ id, icon, label, class: kind = "", isPressed, isDisabled = false, asks, onPress }: ToolProps) {
  return (
    <button
      id={id}
      class={`tool ${kind}`}
      type="button"
      aria-pressed={isPressed}
      aria-haspopup={asks ? "dialog" : undefined}
      disabled={isDisabled}
      onClick={onPress}
    >
      <Icon name={icon} />
      <span class="label">{label}</span>
    </button>
  );
}

export function EndTool() {
  return (
    <Tool
      id="end"
      icon="stop"
      class="danger"
      label={text("page.end")}
      asks
      isDisabled={!isConnected.value || ending.value === "asked"}
      onPress={() => {
        dialog.value = { what: "none" };
        ending.value = "asking";
      }}
    />
  );
}

export function Toolbar() {
  const isUp = isMyHandUp.value;
  return (
    <div class="toolbar" role="group" aria-label={text("page.toolbar")}>
      <Tool
        id="hand"
        icon="hand"
        label={text(isUp ? "page.lowerHand" : "page.raiseHand")}
        class={isUp ? "is-on" : ""}
        isDisabled={!isConnected.value}
        onPress={() => raiseHand(!isUp)}
      />
      <ReactionsMenu />
      <Tool id="more" icon="more" label={text("page.more")} asks onPress={() => (dialog.value = { what: "more" })} />
      <span class="gap" />
      <Tool id="leave" icon="leave" label={text("page.leave")} onPress={() => void leave()} />
      {isModerator.value && isWide.value && <EndTool />}
    </div>
  );
}
