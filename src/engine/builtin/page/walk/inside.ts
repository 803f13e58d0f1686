// The room itself, once its part of the page has come.

import { signal } from "@preact/signals";
import type { Frame } from "../line/frames.js";

export interface Inside {
  Room: () => preact.JSX.Element;
  RecordingMark: () => preact.JSX.Element | null;
  begin(): void;
  hear(frame: Frame): void;
  entered(isBack: boolean): void;
  left(): void;
  /** Done when nothing that was recorded here is still on its way, or after some seconds. */
  settled(): Promise<void>;
}

/** Nobody is inside before it is there. */
export const inside = signal<Inside | undefined>(undefined);

let load: () => Promise<Inside> = () => Promise.reject(new Error("nothing was begun"));
let loading: Promise<boolean> | undefined;

async function tryToLoad(): Promise<boolean> {
  try {
    const loaded = await load();
    loaded.begin();
    inside.value = loaded;
    return true;
  } catch {
    // The line is gone, or the server was upgraded under this page.
    loading = undefined;
    return false;
  }
}

/** @returns whether it is there */
export const isInsideThere = (): Promise<boolean> => (loading ??= tryToLoad());

/** From the entry of the page, because the room leads to the walk again. */
export function beginToLoad(from: () => Promise<Inside>): void {
  load = from;
  void isInsideThere();
}
