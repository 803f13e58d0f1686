import { MediaTool, mayShareScreen } from "../media/media-tools.js";
import { Tool } from "../parts/tool.js";
import { isModerator, isMyHandUp, raiseHand } from "../people/people.js";
import { RecordTool } from "../recording/record-tool.js";
import { ReactionsMenu } from "../people/reactions-menu.js";
import { text } from "../texts.js";
import { ending, isConnected } from "../walk/state.js";
import { leave } from "../walk/walk.js";
import { dialog } from "./dialogs.js";
import { isWide } from "./panels.js";

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
      <MediaTool slot="mic" />
      <MediaTool slot="cam" />
      {mayShareScreen() && isWide.value && <MediaTool slot="screen" />}
      <Tool
        id="hand"
        icon="hand"
        label={text(isUp ? "page.lowerHand" : "page.raiseHand")}
        class={isUp ? "is-on" : ""}
        isDisabled={!isConnected.value}
        onPress={() => raiseHand(!isUp)}
      />
      <ReactionsMenu />
      {isWide.value && <RecordTool />}
      <Tool id="more" icon="more" label={text("page.more")} asks onPress={() => (dialog.value = { what: "more" })} />
      <span class="gap" />
      <Tool id="leave" icon="leave" label={text("page.leave")} onPress={() => void leave()} />
      {isModerator.value && isWide.value && <EndTool />}
    </div>
  );
}
