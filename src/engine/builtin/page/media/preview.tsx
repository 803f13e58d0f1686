import { text } from "../texts.js";
import { DeviceChoice } from "./device-choice.js";
import { MediaTool } from "./media-tools.js";
import { mine } from "./mine.js";
import { myTracks } from "./my-tracks.js";
import { ProblemDialog } from "./problem-dialog.js";
import { Picture } from "./picture.js";

/** Before one enters: what one looks and sounds like. What is on then, is on inside. */
export function Preview() {
  const cam = mine.value.cam ? myTracks.value.cam : undefined;
  return (
    <div class="preview">
      {cam && (
        <div class="tile">
          <Picture track={cam} isMirrored />
        </div>
      )}
      <div class="preview-tools" role="group" aria-label={text("page.media.preview")}>
        <MediaTool slot="mic" />
        <MediaTool slot="cam" />
      </div>
      <DeviceChoice />
      <ProblemDialog />
    </div>
  );
}
