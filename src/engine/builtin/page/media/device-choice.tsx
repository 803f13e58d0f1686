import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.js";
import { closeDialog, dialog } from "../inside/dialogs.js";
import { number, text } from "../texts.js";
import { choose, chosen, type Device, devicesOf } from "./devices.js";
import { meterOf } from "./meter.js";
import { mine, renew } from "./mine.js";
import { myTracks } from "./my-tracks.js";

const measureEveryMs = 100;
/** A voice near the microphone has about a quarter of what could be. */
const shownAs = (level: number): number => Math.min(1, level * 4);

function Choice({ device }: { device: Device }) {
  const all = devicesOf(device);
  // One alone is no choice.
  if (all.length < 2) return null;
  const nameOf = ({ label }: MediaDeviceInfo, at: number) =>
    label || `${text(`page.media.${device}`)} ${number(at + 1)}`;
  return (
    <label class="device">
      <span>{text(`page.media.choose.${device}`)}</span>
      <select
        id={`choose-${device}`}
        value={chosen.value[device]}
        onChange={({ currentTarget }) => {
          choose(device, currentTarget.value);
          void renew(device);
        }}
      >
        <option value="">{text("page.media.byBrowser")}</option>
        {all.map((each, at) => (
          <option key={each.deviceId} value={each.deviceId} dir="auto">
            {nameOf(each, at)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How loud one is, so that one sees that one would be heard. */
function Level() {
  const track = mine.value.mic ? myTracks.value.mic : undefined;
  const [level, setLevel] = useState(0);
  useEffect(() => {
    if (!track) return undefined;
    const meter = meterOf(track);
    const timer = setInterval(() => setLevel(shownAs(meter.level())), measureEveryMs);
    return () => {
      clearInterval(timer);
      meter.close();
    };
  }, [track]);
  if (!track) return null;
  return (
    <label class="device">
      <span>{text("page.media.level")}</span>
      <meter id="level" min={0} max={1} value={level} />
    </label>
  );
}

export function DeviceChoice() {
  return (
    <div class="devices">
      <Level />
      <Choice device="mic" />
      <Choice device="cam" />
    </div>
  );
}

export function DeviceDialog() {
  const hasChoice = mine.value.mic || devicesOf("mic").length > 1 || devicesOf("cam").length > 1;
  return (
    <Dialog
      id="devices-dialog"
      isOpen={dialog.value.what === "devices"}
      onClose={closeDialog}
      heading={text("page.media.devices")}
      explanation={text("page.media.devicesExplanation")}
    >
      <p class="note">{text("page.media.talk")}</p>
      {hasChoice ? <DeviceChoice /> : <p>{text("page.media.noChoice")}</p>}
    </Dialog>
  );
}
