// One's own microphone, camera and screen: on when one wants it, off when it may not be.

import { effect, signal, untracked } from "@preact/signals";
import { nothingOn, type Slot, type Slots, slots } from "../../media/permits.js";
import { line } from "../line/my-line.js";
import { myId } from "../people/people.js";
import { text } from "../texts.js";
import { say } from "../walk/state.js";
import { DeviceError, open, type Problem } from "./devices.js";
import { myTracks } from "./my-tracks.js";
import { mayUse, onAir } from "./on-air.js";

/** As one wants it; the others see it when the server has told them. */
export const mine = signal<Slots>(nothingOn);

/** A device that is just being asked for. */
export const opening = signal<ReadonlySet<Slot>>(new Set());

/** What came of the last time that a device was asked for. */
export const problem = signal<{ slot: Slot; why: Problem } | undefined>(undefined);

/** As many are connected as can be: one reads and writes, and hears nobody. */
export const isShutOut = signal(false);

const isIn = (set: ReadonlySet<Slot>, slot: Slot, is: boolean): ReadonlySet<Slot> => {
  const others = [...set].filter((each) => each !== slot);
  return new Set(is ? [...others, slot] : others);
};

/** Says what is on; to take part at all, it is said once with nothing on. */
export const sayMine = (): boolean => line.say({ type: "media", ...mine.value });

function put(slot: Slot, track: MediaStreamTrack | undefined): void {
  const { [slot]: before, ...others } = myTracks.value;
  if (before === track) return;
  before?.stop();
  myTracks.value = track ? { ...others, [slot]: track } : others;
}

const mark = (slot: Slot, isOn: boolean): void => {
  mine.value = { ...mine.value, [slot]: isOn };
};

/** A microphone that is off stays open, so that it is on again at once; a camera's light goes out. */
function setOff(slot: Slot): void {
  const { mic } = myTracks.value;
  if (slot === "mic" && mic) mic.enabled = false;
  else put(slot, undefined);
  mark(slot, false);
}

export function turnOff(slot: Slot): void {
  if (!mine.value[slot]) return;
  setOff(slot);
  sayMine();
}

async function opened(slot: Slot): Promise<MediaStreamTrack> {
  const { [slot]: track } = myTracks.value;
  if (track?.readyState === "live") return track;
  const fresh = await open(slot);
  // Unplugged, or the screen's share was ended by the browser's own button.
  fresh.addEventListener("ended", () => {
    if (myTracks.value[slot] !== fresh) return;
    put(slot, undefined);
    turnOff(slot);
  });
  return fresh;
}

/** @returns whether it is on */
export async function turnOn(slot: Slot): Promise<boolean> {
  if (mine.value[slot] || opening.value.has(slot) || !mayUse(slot)) return mine.value[slot];
  opening.value = isIn(opening.value, slot, true);
  try {
    const track = await opened(slot);
    if (!mayUse(slot)) {
      track.stop();
      return false;
    }
    track.enabled = true;
    put(slot, track);
    mark(slot, true);
    problem.value = undefined;
    return sayMine();
  } catch (error) {
    const why = error instanceof DeviceError ? error.problem : "failed";
    // Who closes the browser's choice of screens has changed their mind.
    if (!(slot === "screen" && why === "denied")) problem.value = { slot, why };
    return false;
  } finally {
    opening.value = isIn(opening.value, slot, false);
  }
}

export const toggle = (slot: Slot): void => {
  if (mine.value[slot]) turnOff(slot);
  else void turnOn(slot);
};

/** The chosen device has changed: what is on goes on with the other one. */
export async function renew(slot: "mic" | "cam"): Promise<void> {
  const wasOn = mine.value[slot];
  put(slot, undefined);
  if (!wasOn) return;
  mark(slot, false);
  if (!(await turnOn(slot))) sayMine();
}

/** A moderator's: of one person, or of all viewers. */
export const turnOffOthers = (what: Slot, person?: string): boolean =>
  line.say({ type: "turn-off", what, ...(person !== undefined && { person }) });

/** The server does not take it so: as it was told last, then. */
export function refused(code: string): void {
  const told = onAir.value.get(myId.value);
  isShutOut.value = code === "MEDIA_FULL";
  for (const slot of slots) if (mine.value[slot] && !told?.[slot]) setOff(slot);
  if (!told && code !== "MEDIA_FULL") sayMine();
}

/** A moderator has turned something off. What oneself said comes back as well, perhaps late: that changes nothing. */
export function obey(told: Slots, isByModerator: boolean): void {
  isShutOut.value = false;
  if (!isByModerator) return;
  for (const slot of slots) {
    if (!mine.value[slot] || told[slot]) continue;
    setOff(slot);
    say(text(`page.media.turnedOff.${slot}`));
  }
}

/** Out of the room: nothing of this device is taken any more. */
export function stopAll(): void {
  for (const slot of slots) put(slot, undefined);
  mine.value = nothingOn;
}

export function begin(): void {
  effect(() => {
    const forbidden = slots.filter((slot) => !mayUse(slot));
    untracked(() => {
      for (const slot of forbidden) {
        if (!mine.value[slot]) continue;
        turnOff(slot);
        say(text(`page.media.locked.${slot}`), "problem");
      }
    });
  });
}
