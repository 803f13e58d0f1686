import { isSoundOn, switchSound } from "../chat/sound.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icons.js";
import { Switch } from "../parts/switch.js";
import { listDevices } from "../media/devices.js";
import { MediaTool, mayShareScreen } from "../media/media-tools.js";
import { turnOffOthers } from "../media/mine.js";
import { hands, isModerator, lowerAll } from "../people/people.js";
import { closeDialog, dialog } from "../inside/dialogs.js";
import { isWide } from "../inside/panels.js";
import { EndTool } from "../inside/toolbar.js";
import { RecordTool } from "../recording/record-tool.js";
import { text } from "../texts.js";
import { isConnected } from "../walk/state.js";
import { isOn, locks, lockTexts, setLock } from "./settings.js";

function openDevices(): void {
  void listDevices();
  dialog.value = { what: "devices" };
}

function ForModerators() {
  return (
    <section class="choices" aria-labelledby="for-moderators">
      <h3 id="for-moderators">{text("page.moderation")}</h3>
      {!isWide.value && <RecordTool />}
      {locks.map((lock) => (
        <Switch
          key={lock}
          id={lock}
          label={text(lockTexts[lock])}
          isOn={isOn(lock)}
          isDisabled={!isConnected.value}
          onSwitch={(on) => setLock(lock, on)}
        />
      ))}
      <button
        id="mute-all"
        type="button"
        disabled={!isConnected.value}
        onClick={() => {
          closeDialog();
          turnOffOthers("mic");
        }}
      >
        <Icon name="mic-off" />
        {text("page.muteAll")}
      </button>
      <button
        id="lower-all"
        type="button"
        disabled={!isConnected.value || hands.value.length === 0}
        onClick={() => {
          closeDialog();
          lowerAll();
        }}
      >
        <Icon name="hand" />
        {text("page.lowerAll")}
      </button>
      {!isWide.value && <EndTool />}
    </section>
  );
}

/** What is not needed every minute. */
export function MoreDialog() {
  return (
    <Dialog id="more-dialog" isOpen={dialog.value.what === "more"} onClose={closeDialog} heading={text("page.more")}>
      <div class="choices">
        <Switch id="sound" label={text("page.sound")} isOn={isSoundOn.value} onSwitch={switchSound} />
        {mayShareScreen() && !isWide.value && <MediaTool slot="screen" />}
        <button id="devices" type="button" onClick={openDevices}>
          <Icon name="devices" />
          {text("page.media.devices")}
        </button>
        <button id="about" type="button" onClick={() => (dialog.value = { what: "about" })}>
          <Icon name="chat" />
          {text("page.about")}
        </button>
      </div>
      {isModerator.value && <ForModerators />}
    </Dialog>
  );
}
