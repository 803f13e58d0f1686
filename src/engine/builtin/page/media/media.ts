// Sound and picture inside: begun once, entered with.

import { myId } from "../people/people.js";
import { askForIce } from "./ice.js";
import { begin as beginKeys } from "./keys.js";
import { begin as beginLayout } from "./layout.js";
import { begin as beginLevels } from "./levels.js";
import { begin as beginMesh, goOn } from "./mesh.js";
import { begin as beginMine, sayMine } from "./mine.js";
import { onAir } from "./on-air.js";

/** @param isBack the page was inside before, and has connections */
export function entered(isBack: boolean): void {
  goOn(isBack && onAir.value.has(myId.value));
  askForIce();
  sayMine();
}

export function begin(): void {
  beginMesh();
  beginMine();
  beginLevels();
  beginLayout();
  beginKeys();
}
