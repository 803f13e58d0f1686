// What is needed inside alone. It comes while one stands at the door, so that the door itself is there sooner.

import { openAgain } from "../notes/notes.js";
import { sayAgain } from "../chat/outbox.js";
import { goOnFilming } from "../recording/filming.js";
import * as media from "../media/media.js";
import { beginHistory } from "../walk/hears.js";

export { hear } from "../walk/hears.js";
export { RecordingMark } from "../recording/mark.js";
export { left, settled } from "../recording/recording.js";
export { Room } from "./room.js";

export const { begin } = media;

/** @param isBack the page was inside before, and shows what it knew */
export function entered(isBack: boolean): void {
  media.entered(isBack);
  goOnFilming();
  beginHistory();
  sayAgain();
  openAgain();
}
