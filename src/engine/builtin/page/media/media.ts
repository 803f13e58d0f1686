// Sound and picture, as the walk knows them: begun once, entered with, left.

import { myId } from "../people/people.js";
import type { OnAir } from "../line/frames.js";
import { askForIce } from "./ice.js";
import { begin as beginKeys } from "./keys.js";
import { begin as beginLayout } from "./layout.js";
import { begin as beginLevels } from "./levels.js";
import { begin as beginMesh, goOn } from "./mesh.js";
import { begin as beginMine, sayMine, stopAll } from "./mine.js";
import { onAir, setOnAir } from "./on-air.js";

/** Who takes part, as one is told when one enters; oneself among them where one's place was held. */
export const told = (all: readonly OnAir[]): void => setOnAir(all);

/** @param isBack the page was inside before, and has connections */
export function entered(isBack: boolean): void {
  goOn(isBack && onAir.value.has(myId.value));
  askForIce();
  sayMine();
}

export function left(): void {
  stopAll();
  setOnAir([]);
}

export function begin(): void {
  beginMesh();
  beginMine();
  beginLevels();
  beginLayout();
  beginKeys();
}
